/** The console in a real browser, before a real server and real agents that move a real file. */
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Cluster, isOver, PASSWORD, USERNAME } from '../cluster/cluster.ts';
import { launchBrowser, missingBrowser, noteComplaints } from '../console/browser.ts';
import { seriousFindings } from '../console/serious-findings.ts';
import { randomFile, wrongCopies } from './copies.ts';

const MIB = 1024 * 1024;
/** Each step of a page; a busy machine is slow. */
const STEP_TIMEOUT_MS = 60_000;
const PHONE = { width: 390, height: 844 };

const skipReason = missingBrowser();
if (skipReason !== undefined) console.warn(`SKIPPED: console test: ${skipReason}`);

describe.skipIf(skipReason !== undefined)('the console', { timeout: 4 * STEP_TIMEOUT_MS }, () => {
  let browser: Browser;
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.create({ agents: 3, speed: 4 });
    [browser] = await Promise.all([launchBrowser(), cluster.start()]);
    const dispatchFiles = [await randomFile(join(cluster.folder, 'src/before.tar'), MIB)];
    await cluster.call('POST', '/tasks', { id: 'before', dispatchFiles, destIPs: cluster.hosts });
    await cluster.waitForTask('before', isOver);
  }, 180_000);
  afterAll(async () => {
    await browser.close();
    await cluster.stop();
  });
  beforeEach(async () => {
    if (cluster.server?.isRunning) return;
    cluster.startServer();
    await cluster.waitForServer();
  });

  async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context: BrowserContext = await browser.newContext(options);
    context.setDefaultTimeout(STEP_TIMEOUT_MS);
    const page = await context.newPage();
    const complaints = noteComplaints(page, cluster.serverUrl);
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(`${cluster.serverUrl}/`);
    return page;
  }

  async function signIn(page: Page, password = PASSWORD): Promise<void> {
    await page.getByLabel('User name').fill(USERNAME);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  async function openSignedIn(options?: Parameters<typeof open>[0]): Promise<Page> {
    const page = await open(options);
    await signIn(page);
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    return page;
  }

  async function create(page: Page, id: string, file: string, hosts: string[]): Promise<void> {
    await page.getByRole('link', { name: 'New task' }).click();
    await page.getByLabel('Id', { exact: true }).fill(id);
    await page.getByLabel('Files').fill(file);
    await page.getByLabel('Hosts').fill(hosts.join('\n'));
    await page.getByRole('button', { name: 'Create' }).click();
  }

  const see = (page: Page, text: string | RegExp): Promise<void> =>
    page.getByText(text).first().waitFor();

  it('refuses a wrong password with code and sentence, and keeps the right one for the tab', async () => {
    const page = await open();
    await signIn(page, 'wrong');
    await see(page, 'UNAUTHORIZED');
    expect(await page.getByRole('heading', { name: 'Tasks' }).count()).toBe(0);

    await signIn(page);
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Tasks' }).waitFor();
    expect(await page.evaluate(() => localStorage.length)).toBe(0);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Password').waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  it('creates a task from the form and shows it until every host has the file', async () => {
    const file = await randomFile(join(cluster.folder, 'src/app.tar'), 24 * MIB);
    const page = await openSignedIn();
    await create(page, 'from-form', file, cluster.hosts);
    await see(page, 'in progress');
    await page.getByLabel('Speed, MiB/s').fill('4000');
    await page.getByRole('button', { name: 'Change speed' }).click();
    await see(page, '4000 MiB/s');
    await see(page, '3 of 3 completed');
    await see(page, '100.0 %');
    expect(await wrongCopies(cluster, [file])).toEqual([]);

    await page.getByLabel('Find host').fill(cluster.hosts[1] ?? '');
    await page.getByRole('heading', { name: cluster.hosts[1] ?? '' }).waitFor();
    await page.getByRole('application').press('ArrowRight');
    await page.getByRole('heading', { name: cluster.hosts[2] ?? '' }).waitFor();
    await page.getByRole('application').click({ position: { x: 5, y: 5 } });
    await page.getByRole('heading', { name: cluster.hosts[0] ?? '' }).waitFor();

    await page.getByRole('link', { name: 'Tasks', exact: true }).click();
    await page
      .getByRole('row', { name: /from-form/ })
      .getByText('completed')
      .waitFor();
    await page.getByLabel('State').selectOption('FAILED');
    await see(page, 'No task is in this state.');
  });

  it('shows the refusal of a field at the field', async () => {
    const page = await openSignedIn();
    await create(page, 'bad id', 'relative.tar', ['no host!']);
    for (const [field, code] of [
      ['id', 'INVALID_TASK_ID'],
      ['dispatchFiles', 'SOURCE_NOT_ABSOLUTE'],
      ['destIPs', 'INVALID_HOST'],
    ] as const) {
      await page.locator(`#${field}-problem`, { hasText: code }).waitFor();
    }
    expect(await seriousFindings(page)).toEqual([]);
  });

  it('says why a host failed, and tries again when it is told to', async () => {
    const file = await randomFile(join(cluster.folder, 'src/late.tar'), 2 * MIB);
    const host = cluster.hosts[2] ?? '';
    await cluster.agents[2]?.process?.stop();
    const page = await openSignedIn();
    await create(page, 'one-down', file, [...cluster.hosts]);
    await see(page, 'partial');
    await page.getByRole('button', { name: /^failed 1$/ }).click();
    await page.getByRole('application').press('ArrowRight');
    await page.locator('#host-details', { hasText: 'AGENT_UNREACHABLE' }).waitFor();
    await page.locator('#host-details', { hasText: host }).waitFor();

    cluster.startAgent(2);
    await cluster.waitForAgent(2);
    await page.getByRole('button', { name: 'Retry failed hosts' }).click();
    await see(page, '3 of 3 completed');
    expect(await wrongCopies(cluster, [file])).toEqual([]);
  });

  it('asks before it cancels', async () => {
    const file = await randomFile(join(cluster.folder, 'src/long.tar'), 200 * MIB);
    const page = await openSignedIn();
    await create(page, 'long', file, cluster.hosts);
    await page.getByRole('button', { name: 'Cancel task' }).click();
    await page.getByRole('button', { name: 'No, go on' }).click();
    expect((await cluster.call('GET', '/tasks/long')).body.status).not.toBe('CANCELLED');

    await page.getByRole('button', { name: 'Cancel task' }).click();
    await page.getByRole('button', { name: 'Yes, cancel it' }).click();
    await page.locator('.badge', { hasText: 'cancelled' }).first().waitFor();
    expect((await cluster.waitForTask('long', isOver)).status).toBe('CANCELLED');
  });

  it('says since when it is stale when the server goes, and goes on when it is back', async () => {
    const page = await openSignedIn();
    await page.getByRole('row', { name: /before/ }).waitFor();
    await cluster.server?.stop();
    await see(page, /Stale since \d\d:\d\d:\d\d/);
    await page.getByRole('row', { name: /before/ }).waitFor(); // no blank page

    cluster.startServer();
    await cluster.waitForServer();
    await page.getByText('Stale since').waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /before/ }).waitFor();
  });

  it('says that a sign-in is not taken any more, and asks for another', async () => {
    const page = await openSignedIn();
    await page.evaluate(
      `sessionStorage.setItem('gofd.signIn', '{"username":"gofd","password":"old"}')`,
    );
    await page.reload();
    await see(page, /does not take this sign-in any more/);
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await signIn(page);
    await page.getByRole('row', { name: /before/ }).waitFor();
  });

  it('lists the agents that have announced themselves', async () => {
    const said = { name: 'web-7', address: '10.0.0.7:45010', dataPort: 45011, version: '0.1.0' };
    const more = { freeBytes: 5 * 2 ** 30, zone: 'b', labels: { role: 'web' } };
    await cluster.call('POST', '/agents/announce', { ...said, ...more });
    const page = await openSignedIn();
    await page.getByRole('link', { name: 'Agents' }).click();
    const row = page.getByRole('row', { name: /web-7/ });
    for (const text of ['10.0.0.7:45010', 'alive', '5 GiB', 'zone=b, role=web']) {
      await row.getByText(text).waitFor();
    }
  });

  it('is looked at by an axe-core that does find things', async () => {
    const page = await open();
    await page.evaluate("document.body.append(document.createElement('input'))");
    expect((await seriousFindings(page)).join()).toMatch(/^label: /);
  });

  it.each(['light', 'dark'] as const)(
    'has no serious finding of axe-core in %s, and fits a phone',
    async (colorScheme) => {
      const page = await open({ colorScheme, viewport: PHONE });
      expect(await seriousFindings(page)).toEqual([]);
      await signIn(page);
      await page.getByRole('row', { name: /before/ }).waitFor();
      for (const [hash, landmark] of [
        ['#/tasks', /before/],
        ['#/tasks/before', /Who feeds whom/],
        ['#/new', /New task/],
        ['#/agents', /announced/],
      ] as const) {
        await page.goto(`${cluster.serverUrl}/${hash}`);
        await see(page, landmark);
        expect(await seriousFindings(page), hash).toEqual([]);
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect(width, hash).toBeLessThanOrEqual(PHONE.width);
      }
    },
  );
});
