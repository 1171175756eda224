/**
 * Bad bodies as data. A file has one good body and rows, each with what is wrong in it: `text` is a body
 * as it stands; otherwise the good body with the values at the paths of `set` and without those of
 * `remove`. Long values are written short:
 * - `{"$repeat": ["a", 121]}` is a text of 121 characters,
 * - `{"$times": ["host:1", 257]}` a list of 257 equal items,
 * - `{"$numbered": ["/a/f#", 10001]}` a list whose items have their index in place of `#`.
 */
export interface BadBody {
  /** Unique over all files, for ever. */
  readonly id: string;
  readonly what: string;
  /** What is sent: a text as it is, an object as JSON. */
  readonly body: unknown;
  readonly status: number;
  readonly code: string;
  /** The field that the answer's first detail names; undefined where it has none. */
  readonly field: string | undefined;
}

export interface BadBodies {
  readonly good: Readonly<Record<string, unknown>>;
  readonly rows: readonly BadBody[];
}

interface Row extends Omit<BadBody, 'body' | 'status'> {
  readonly text?: string;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly status?: number;
}

type Json = Record<string, unknown>;

const BAD_REQUEST = 400;

/** @param json text of a data file */
export function readBadBodies(json: string): BadBodies {
  const { good, rows } = JSON.parse(json) as { good: Json; rows: readonly Row[] };
  return { good, rows: rows.map((row) => toBadBody(good, row)) };
}

function toBadBody(good: Json, row: Row): BadBody {
  const { id, what, code, field, status = BAD_REQUEST } = row;
  return { id, what, body: row.text ?? changed(good, row), status, code, field };
}

function changed(good: Json, { set = {}, remove = [] }: Row): Json {
  const body = structuredClone(good);
  for (const [path, value] of Object.entries(set)) change(body, path, inFull(value));
  for (const path of remove) change(body, path, undefined);
  return body;
}

/** Sets the value at a dotted path; undefined removes it, as JSON has no such value. */
function change(body: Json, path: string, value: unknown): void {
  const keys = path.replace(/\[(\d+)\]/g, '.$1').split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<Json>((at, key) => at[key] as Json, body);
  parent[last] = value;
}

function inFull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inFull);
  if (typeof value !== 'object' || value === null) return value;
  const { $repeat, $times, $numbered } = value as Record<string, [unknown, number] | undefined>;
  if ($repeat) return String($repeat[0]).repeat($repeat[1]);
  if ($times) return Array.from({ length: $times[1] }, () => inFull($times[0]));
  if ($numbered) {
    const pattern = JSON.stringify($numbered[0]);
    return Array.from({ length: $numbered[1] }, (_, index): unknown =>
      JSON.parse(pattern.replace('#', String(index))),
    );
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inFull(part)]));
}
