// How the console bears a large task: hosts, updates, and somebody who clicks meanwhile. Not part of the
// tests: its figures depend on the machine. Usage: node tools/console/load.ts [hosts] [updates/s] [seconds]
import { availableParallelism, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Page } from 'playwright-core';
import { launchBrowser, missingBrowser, noteComplaints } from './browser.ts';
import { FakeFleet } from './fake-fleet.ts';
import { FakeServer, packedScriptBytes } from './fake-server.ts';
import { findPlaces, interact, leastLatency, observeLatency, readLatency } from './interactions.ts';
import { tabMemory } from './tab-memory.ts';

const GOALS = { latencyMs: 100, memoryMB: 300, scriptKB: 300 };
const TASK_ID = 'load';
/** The map and the picture below it are in sight, all of them drawn all the time. */
const VIEWPORT = { width: 1_280, height: 1_420 };
const EMPTY_PAGE_CLICKS = 100;

const [hostCount = 10_000, updatesPerSecond = 1_000, seconds = 60] = process.argv
  .slice(2)
  .map(Number);
const reason = missingBrowser();
if (reason !== undefined) {
  console.error(`not measured: ${reason}`);
  process.exit(1);
}

const fleet = new FakeFleet(TASK_ID, { hostCount, completed: 0, failed: 0.01, waiting: 0.2 });
const server = await FakeServer.start({ fleet, updatesPerSecond });
const browser = await launchBrowser(['--enable-precise-memory-info']);
try {
  const page = await browser.newPage({ viewport: VIEWPORT });
  const complaints = noteComplaints(page, server.url);
  await openTask(page);
  const places = await findPlaces(page);
  await observeLatency(page);
  const untilMs = performance.now() + seconds * 1_000;
  let inputs = 0;
  while (performance.now() < untilMs) inputs += await interact(page, places);
  const memory = await tabMemory(browser, page);
  const latency = await readLatency(page, inputs);
  const least = await leastLatency(await browser.newPage(), EMPTY_PAGE_CLICKS);
  console.log(
    `${hostCount} hosts, ${updatesPerSecond} updates/s, ${seconds} s, ${inputs} inputs\n`,
  );
  console.log(
    `load of the machine: ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores\n`,
  );
  console.log('| figure | value | goal |\n| --- | --- | --- |');
  const goal = `${GOALS.latencyMs} ms`;
  console.log(`| input to next paint, 50th percentile | ${latency.p50Ms} ms | ${goal} |`);
  console.log(`| input to next paint, 98th percentile | ${latency.p98Ms} ms | ${goal} |`);
  console.log(`| input to next paint, worst | ${latency.maxMs} ms | |`);
  console.log(`| the same on an empty page, 98th percentile | ${least.p98Ms} ms | |`);
  console.log(`| tab, memory of its own | ${memory.privateMB} MB | ${GOALS.memoryMB} MB |`);
  console.log(`| tab, resident, Chromium's code included | ${memory.residentMB} MB | |`);
  console.log(`| JavaScript heap | ${memory.heapMB} MB | |`);
  console.log(
    `| scripts, packed | ${Math.round(packedScriptBytes() / 1_000)} KB | ${GOALS.scriptKB} KB |`,
  );
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
} finally {
  await browser.close();
  await server.stop();
}

async function openTask(page: Page): Promise<void> {
  await page.goto(`${server.url}/#/tasks/${TASK_ID}`);
  await page.getByLabel('User name').fill('gofd');
  await page.getByLabel('Password').fill('gofd');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('application', { name: `${hostCount} hosts` }).waitFor();
}
