/** What a hand does on a task's page, and how long the page takes to answer, as the browser measures it. */
import type { Page } from 'playwright-core';

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

/** Chooses hosts by pointer and keys, and filters. @returns how many inputs that were */
export async function interact(page: Page): Promise<number> {
  const map = page.getByRole('application');
  const box = await map.boundingBox();
  if (!box) throw new Error('the map of hosts is not there');
  for (let move = 1; move <= MOVES; move += 1) {
    const share = Math.random();
    await page.mouse.move(box.x + box.width * share, box.y + (box.height * move) / (MOVES + 1));
  }
  await page.mouse.down();
  await page.mouse.up();
  await map.focus();
  for (const key of KEYS) await page.keyboard.press(key);
  await page.getByRole('button', { name: /^in progress/ }).click();
  await page.getByRole('button', { name: /^all/ }).click();
  return KEYS.length + 3;
}

/** The same on a page of one button that changes its own text: what this machine takes for nothing. */
export async function leastLatency(page: Page, clickCount: number): Promise<Latency> {
  await page.setContent('<button>0</button>');
  await observeLatency(page);
  await page.evaluate(
    "document.body.onclick = () => (document.querySelector('button').textContent = inputs)",
  );
  for (let click = 0; click < clickCount; click += 1) await page.getByRole('button').click();
  return readLatency(page);
}

export async function readLatency(page: Page): Promise<Latency> {
  const [slow, inputCount] = await page.evaluate<[number[], number]>('[slow, inputs]');
  const quick = Array.from(
    { length: Math.max(0, inputCount - slow.length) },
    () => LEAST_LISTED_MS,
  );
  const sorted = [...quick, ...slow].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  return { p50Ms: at(0.5), p98Ms: at(0.98), maxMs: at(1) };
}
