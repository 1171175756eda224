/** Opens the agent's data port: pieces out to the next agents, sessions in to the ones before. */
import { constantTimeEqual, createHeaderProof, ProofCache } from '@gofd/auth-crypto';
import { DataPlane } from '@gofd/p2p-driver';
import { encodeHeader } from '@gofd/p2p-protocol';
import { toListenError, type Logger } from '@gofd/service-kit';
import { parseAddress } from '@gofd/task-model';
import type { AgentConfig } from '../config/agent-config.schema.ts';

const MIB = 1024 * 1024;

/** @throws ListenError naming net.dataPort when the port cannot be had */
export async function openDataPlane(config: AgentConfig, logger: Logger): Promise<DataPlane> {
  const { net, control, credentials } = config;
  const { username, password } = credentials;
  const proof = createHeaderProof(password);
  const proofs = new ProofCache(password);
  const dataPlane = new DataPlane({
    cacheBytes: control.cacheSize * MIB,
    uploadBytesPerSecond: Infinity, // until a task brings its limit
    authenticate: async (header) =>
      constantTimeEqual(header.username, username) && (await proofs.verify(header)),
    headerFor: (taskId) => encodeHeader({ taskId, username, ...proof }),
    parseAddress,
    refused: (peer, code) => logger.warn('peer refused', { peer, code }),
  });
  try {
    await dataPlane.listen(net.ip, net.dataPort);
  } catch (error) {
    throw toListenError(error, { ip: net.ip, port: net.dataPort, key: 'net.dataPort' });
  }
  return dataPlane;
}
