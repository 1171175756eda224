/** Independent judgement of copies: whole-file SHA-256, no code of the product. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { randomFillSync } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Cluster } from '../cluster/cluster.ts';

const MIB = 1024 * 1024;

/** Writes a file of random bytes. @returns its path */
export async function randomFile(path: string, byteCount: number): Promise<string> {
  mkdirSync(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  const chunk = Buffer.alloc(Math.min(byteCount, 4 * MIB));
  for (let written = 0; written < byteCount; written += chunk.length) {
    randomFillSync(chunk);
    await file.write(chunk, 0, Math.min(chunk.length, byteCount - written));
  }
  await file.close();
  return path;
}

export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** `host: file` of every copy that is missing or differs. */
export async function wrongCopies(
  cluster: Cluster,
  sources: readonly string[],
  agents: readonly number[] = cluster.agents.map((_, index) => index),
): Promise<string[]> {
  const wrong: string[] = [];
  for (const source of sources) {
    const expected = await sha256(source);
    for (const index of agents) {
      const agent = cluster.agents[index];
      const copy = join(agent?.downdir ?? '', basename(source));
      const found = existsSync(copy) ? await sha256(copy) : 'missing';
      if (found !== expected) wrong.push(`${agent?.host}: ${basename(source)} (${found})`);
    }
  }
  return wrong;
}

/** Everything in an agent's download directory, names relative to it. */
export function listDowndir(cluster: Cluster, agent: number): string[] {
  const downdir = cluster.agents[agent]?.downdir ?? '';
  return readdirSync(downdir, { recursive: true, encoding: 'utf8' }).sort();
}
