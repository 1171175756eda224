/** What a hand does on a task's page, and how long the page takes to answer, as the browser measures it. */
import type { Locator, Page } from 'playwright-core';

/** Shorter answers the browser does not list; they count as this long. */
const LEAST_LISTED_MS = 16;
const KEYS = ['ArrowRight', 'ArrowDown', 'ArrowLeft'];
const MOVES = 5;

export interface Latency {
  readonly p50Ms: number;
  readonly p98Ms: number;
  readonly maxMs: number;
}

/** From now on the page notes each input: from its time to the next paint (Event Timing). */
export async function observeLatency(page: Page): Promise<void> {
  await page.evaluate(`{
    globalThis.slow = [];
    globalThis.inputs = 0;
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries())
        if (name === 'click' || name === 'keydown') slow.push(duration);
    }).observe({ type: 'event', durationThreshold: ${LEAST_LISTED_MS} });
    for (const name of ['click', 'keydown']) addEventListener(name, () => (inputs += 1), true);
  }`);
}

/** Where things stand on the page; asked for once, for looking them up takes the page's own time. */
export interface Places {
  readonly map: Box;
  /** Buttons that show some hosts, and all. */
  readonly filters: readonly Box[];
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export async function findPlaces(page: Page): Promise<Places> {
  const map = await boxOf(page.getByRole('application'));
  const filters = [/^in progress/, /^all/].map((name) => page.getByRole('button', { name }));
  return { map, filters: await Promise.all(filters.map(boxOf)) };
}

/** Chooses a host by pointer, others by keys, and filters. @returns how many inputs that were */
export async function interact(page: Page, { map, filters }: Places): Promise<number> {
  for (let move = 1; move <= MOVES; move += 1) {
    await page.mouse.move(map.x + map.width * Math.random(), map.y + map.height * Math.random());
  }
  await page.mouse.down();
  await page.mouse.up();
  await painted(page);
  for (const key of KEYS) {
    await page.keyboard.press(key);
    await painted(page);
  }
  for (const { x, y, width, height } of filters) {
    await page.mouse.click(x + width / 2, y + height / 2);
    await painted(page);
  }
  return 1 + KEYS.length + filters.length;
}

/** A hand sees what it has done before it goes on. */
async function painted(page: Page): Promise<void> {
  await page.evaluate(
    'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
  );
}

async function boxOf(locator: Locator): Promise<Box> {
  const box = await locator.boundingBox();
  if (!box) throw new Error('the page is not laid out as expected');
  return box;
}

/** The same on a page of one button that changes its own text: what this machine takes for nothing. */
export async function leastLatency(page: Page, clickCount: number): Promise<Latency> {
  await page.setContent('<button>0</button>');
  await observeLatency(page);
  await page.evaluate(
    "document.body.onclick = () => (document.querySelector('button').textContent = inputs)",
  );
  const { x, y } = await boxOf(page.getByRole('button'));
  for (let click = 0; click < clickCount; click += 1) {
    await page.mouse.click(x + 1, y + 1);
    await painted(page);
  }
  return readLatency(page, clickCount);
}

/** @param made how many inputs the page must have had */
export async function readLatency(page: Page, made: number): Promise<Latency> {
  const [slow, inputCount] = await page.evaluate<[number[], number]>('[slow, inputs]');
  if (inputCount !== made) throw new Error(`the page had ${inputCount} of ${made} inputs`);
  const quick = Array.from(
    { length: Math.max(0, inputCount - slow.length) },
    () => LEAST_LISTED_MS,
  );
  const sorted = [...quick, ...slow].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  return { p50Ms: at(0.5), p98Ms: at(0.98), maxMs: at(1) };
}
