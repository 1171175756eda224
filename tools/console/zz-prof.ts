import { launchBrowser } from './browser.ts';
import { FakeFleet } from './fake-fleet.ts';
import { FakeServer } from './fake-server.ts';
import { interact } from './interactions.ts';
const fleet = new FakeFleet('load', { hostCount: 10000, completed: 0, failed: 0.01, waiting: 0.2 });
const server = await FakeServer.start({ fleet, updatesPerSecond: Number(process.argv[3] ?? 1000) });
const browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
await page.goto(`${server.url}/#/tasks/load`);
await page.getByLabel('User name').fill('gofd');
await page.getByLabel('Password').fill('gofd');
await page.getByRole('button', { name: 'Sign in' }).click();
await page.getByRole('application', { name: `10000 hosts` }).waitFor();
await page.waitForTimeout(3000);
const s = await page.context().newCDPSession(page);
await s.send('Performance.enable', { timeDomain: 'threadTicks' });
const get = async () =>
  Object.fromEntries(
    (await s.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]),
  );
const a = await get();
const t0 = performance.now();
let n = 0;
if (process.argv[2] !== 'idle') while (performance.now() - t0 < 12000) n += await interact(page);
else await page.waitForTimeout(12000);
const b = await get();
for (const k of [
  'TaskDuration',
  'ScriptDuration',
  'LayoutDuration',
  'RecalcStyleDuration',
  'V8CompileDuration',
  'LayoutCount',
  'RecalcStyleCount',
  'DevToolsCommandDuration',
  'TaskOtherDuration',
  'ProcessTime',
  'ThreadTime',
])
  console.log(k, (b[k]! - a[k]!).toFixed(3));
console.log('inputs', n);
await browser.close();
await server.stop();
