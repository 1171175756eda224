/**
 * The client of one task, inside the lab where the server can be reached: `node task-driver.ts ORDERS`.
 * Says "ready" when the server answers and earlier tasks are done, waits for a line of input, creates the task, asks until every
 * awaited host is COMPLETED, and says `done {…}` with the time that this took. Ends with a sentence
 * and code 1 when the task ends otherwise.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskView } from '@gofd/task-model';

export interface DriverOrders {
  readonly tasksUrl: string;
  readonly authorization: string;
  readonly task: TaskOrder;
  /** Tasks that are over before it says "ready". */
  readonly earlier: readonly TaskOrder[];
  /** Entries of destIPs that must become COMPLETED. */
  readonly awaited: readonly string[];
  readonly pollMs: number;
  /** Percent of the first awaited host at which `reached {…}` is said, once. */
  readonly milestone?: number;
}

/** Body of a create call. */
export interface TaskOrder {
  readonly id: string;
  readonly dispatchFiles: readonly string[];
  readonly destIPs: readonly string[];
}

export interface DriverMilestone {
  /** As the host had reported. */
  readonly percent: number;
}

export interface DriverReport {
  /** From the create call to the answer that shows every awaited host COMPLETED. */
  readonly elapsedMs: number;
  readonly serverSentBytes: number;
}

const orders = JSON.parse(process.argv[2] ?? '{}') as DriverOrders;
const headers = { authorization: orders.authorization, 'content-type': 'application/json' };

async function call(url: string, body?: unknown): Promise<TaskView> {
  const init =
    body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return JSON.parse(text) as TaskView;
}

function isDone({ dispatchInfos }: TaskView): boolean {
  return orders.awaited.every((host) => dispatchInfos[host]?.status === 'COMPLETED');
}

function assertGoesOn(task: TaskView): void {
  const failed = orders.awaited.filter((host) => task.dispatchInfos[host]?.status === 'FAILED');
  if (failed.length === 0 && ['INIT', 'INPROGRESS'].includes(task.status)) return;
  const [first = ''] = failed;
  const why = task.dispatchInfos[first]?.message ?? task.message ?? '';
  throw new Error(`task ${task.status}, ${failed.length} hosts failed: ${first} ${why}`);
}

async function distribute(
  order: TaskOrder,
  watch: (task: TaskView) => void,
): Promise<DriverReport> {
  const startedAtMs = performance.now();
  let task = await call(orders.tasksUrl, order);
  while (!isDone(task)) {
    assertGoesOn(task);
    watch(task);
    await sleep(orders.pollMs);
    task = await call(`${orders.tasksUrl}/${order.id}`);
  }
  return { elapsedMs: performance.now() - startedAtMs, serverSentBytes: task.serverSentBytes };
}

let hasReached = false;

function sayMilestone({ dispatchInfos }: TaskView): void {
  const { milestone = Infinity, awaited } = orders;
  const percent = dispatchInfos[awaited[0] ?? '']?.percentComplete ?? 0;
  if (hasReached || percent < milestone) return;
  hasReached = true;
  const reached: DriverMilestone = { percent };
  console.log(`reached ${JSON.stringify(reached)}`);
}

await call(orders.tasksUrl); // the connection stands before the clock runs
for (const order of orders.earlier) await distribute(order, () => undefined);
console.log('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));
console.log(`done ${JSON.stringify(await distribute(orders.task, sayMilestone))}`);
process.exit(0);
