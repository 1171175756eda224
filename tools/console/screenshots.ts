// Draws the pictures of docs/images from made-up tasks. Usage: node tools/console/screenshots.ts
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TaskSummary } from '@gofd/task-model';
import { launchBrowser } from './browser.ts';
import { FakeFleet } from './fake-fleet.ts';
import { FakeServer } from './fake-server.ts';

const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const VIEWPORT = { width: 1_180, height: 640 };
const TALL_VIEWPORT = { width: 1_180, height: 1_420 };
/** So many points of the rate, four a second, make a curve. */
const CHART_MS = 12_000;
const HOUR_MS = 3_600_000;

type TaskRow = readonly [
  id: string,
  status: TaskSummary['status'],
  total: number,
  completed: number,
  failed: number,
  hoursAgo: number,
];

const fleet = new FakeFleet('image-2026.11', {
  hostCount: 1_200,
  completed: 0.3,
  failed: 0.01,
  waiting: 0.06,
});
const otherTasks = [
  aTask('model-weights-14', 'INIT', 40, 0, 0, 0.1),
  aTask('release-7.4.1', 'COMPLETED', 320, 320, 0, 3),
  aTask('release-7.4.0', 'PARTIAL', 320, 317, 3, 20),
  aTask('geo-tables', 'COMPLETED', 64, 64, 0, 27),
  aTask('nightly-1124', 'CANCELLED', 64, 12, 0, 31),
];
const server = await FakeServer.start({ fleet, otherTasks, updatesPerSecond: 40 });
const browser = await launchBrowser();
try {
  mkdirSync(IMAGES, { recursive: true });
  for (const [name, colorScheme, viewport, hash] of [
    ['console-tasks', 'light', VIEWPORT, '#/tasks'],
    ['console-task', 'dark', TALL_VIEWPORT, `#/tasks/${fleet.taskId}`],
  ] as const) {
    const page = await browser.newPage({ colorScheme, viewport });
    await page.goto(`${server.url}/${hash}`);
    await page.getByLabel('User name').fill('gofd');
    await page.getByLabel('Password').fill('gofd');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(fleet.taskId).first().waitFor();
    if (hash !== '#/tasks') {
      await page.getByLabel('Find host').fill('10.0.1.19');
      await page.waitForTimeout(CHART_MS);
    }
    await page.screenshot({ path: `${IMAGES}${name}.png` });
    await page.close();
  }
} finally {
  await browser.close();
  await server.stop();
}

function aTask(...row: TaskRow): TaskSummary {
  const [id, status, total, completed, failed, hoursAgo] = row;
  const isWaiting = status === 'INIT';
  const { bytesPerSecond: _rate, etaSeconds: _eta, ...rest } = fleet.summary();
  return {
    ...rest,
    id,
    status,
    createdAt: new Date(Date.now() - HOUR_MS * hoursAgo).toISOString(),
    percentComplete: isWaiting ? 0 : (100 * completed) / total,
    hostCounts: {
      total,
      waiting: isWaiting ? total : 0,
      inProgress: 0,
      completed,
      failed,
      cancelled: status === 'CANCELLED' ? total - completed : 0,
    },
    files: [{ name: `${id}.tar` }],
  };
}
