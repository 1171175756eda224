/** Labels of agents and the selectors by which tasks name groups of them. Pure. */

/** Labels of one agent at most. */
export const MAX_LABELS = 16;
/** Selectors of one task at most. */
export const MAX_DEST_GROUPS = 64;
const LABEL_KEY = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/;
const LABEL_VALUE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
/** The key that means the agent's zone and no label. */
const ZONE_KEY = 'zone';

export type Labels = Readonly<Record<string, string>>;

/** What is wrong with a set of labels; undefined when nothing is. */
export function labelsProblem(labels: unknown): string | undefined {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
    return 'must be an object of texts';
  }
  const entries = Object.entries(labels);
  if (entries.length > MAX_LABELS) return `has ${entries.length} labels, above ${MAX_LABELS}`;
  for (const [key, value] of entries) {
    const problem = labelProblem(key, value);
    if (problem) return problem;
  }
  return undefined;
}

/** What is wrong with `key=value[,key=value …]`; undefined when nothing is. */
export function selectorProblem(selector: string): string | undefined {
  for (const term of selector.split(',')) {
    const [key, value, ...rest] = term.split('=');
    if (key === undefined || value === undefined || rest.length > 0) {
      return `${JSON.stringify(term)} is not key=value`;
    }
    const isZone = key === ZONE_KEY && value !== '';
    const problem = isZone ? undefined : labelProblem(key, value);
    if (problem) return problem;
  }
  return undefined;
}

/** Whether all terms of a selector hold. */
export function matchesSelector(
  agent: { readonly zone?: string | undefined; readonly labels?: Labels | undefined },
  selector: string,
): boolean {
  return selector.split(',').every((term) => {
    const [key = '', value] = term.split('=');
    if (key === ZONE_KEY) return agent.zone === value;
    return agent.labels !== undefined && Object.hasOwn(agent.labels, key)
      ? agent.labels[key] === value
      : false;
  });
}

/** Labels, or what is wrong with them. */
export type ParsedLabels =
  | { readonly labels: Labels; readonly problem?: undefined }
  | { readonly labels?: undefined; readonly problem: string };

/** Reads `key=value, key=value` as a configuration file has it. */
export function parseLabels(text: string): ParsedLabels {
  const labels = new Map<string, string>();
  for (const term of text.split(',').map((part) => part.trim())) {
    const [key = '', value, ...rest] = term.split('=');
    if (value === undefined || rest.length > 0) return { problem: `"${term}" is not key=value` };
    if (labels.has(key)) return { problem: `gives "${key}" twice` };
    const problem = key === ZONE_KEY ? 'has a key of its own: zone' : labelProblem(key, value);
    if (problem) return { problem };
    labels.set(key, value);
  }
  if (labels.size > MAX_LABELS) return { problem: `has ${labels.size}, above ${MAX_LABELS}` };
  return { labels: Object.fromEntries(labels) };
}

function labelProblem(key: string, value: unknown): string | undefined {
  const shown = JSON.stringify(key.slice(0, 63));
  if (!LABEL_KEY.test(key)) return `${shown} is no label: letters, digits and . _ - / up to 63`;
  if (key === '__proto__' || typeof value !== 'string') return `${shown} must be a text`;
  return LABEL_VALUE.test(value)
    ? undefined
    : `the value of ${shown} must be letters, digits and . _ - up to 63`;
}
