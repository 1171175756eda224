import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';

export interface TabMemory {
  /** Of the tab's process alone. */
  readonly privateMB: number;
  /** With what it shares with the browser's other processes. */
  readonly residentMB: number;
  readonly heapMB: number;
}

/** Memory of the one tab that is open, read from the kernel (Linux). */
export async function tabMemory(browser: Browser, page: Page): Promise<TabMemory> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const measured = renderers.map(({ id }) => processMemory(id));
  // A spare renderer may wait beside ours, and is smaller.
  const tab = measured.toSorted((a, b) => b.privateMB - a.privateMB)[0];
  if (!tab) throw new Error('the browser names no process of a tab');
  const heapBytes = await page.evaluate<number>('performance.memory.usedJSHeapSize');
  return { ...tab, heapMB: Math.round(heapBytes / 1e6) };
}

function processMemory(pid: number): Pick<TabMemory, 'privateMB' | 'residentMB'> {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (...keys: readonly string[]): number => {
    const kib = keys.map((key) => Number(new RegExp(`^${key}: +(\\d+) kB`, 'm').exec(text)?.[1]));
    return Math.round((kib.reduce((sum, value) => sum + value, 0) * 1_024) / 1e6);
  };
  return { privateMB: megabytes('Private_Dirty', 'Private_Clean'), residentMB: megabytes('Rss') };
}
