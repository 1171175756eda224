/**
 * The metrics of one service, in Prometheus' text format. What is measured hands over plain numbers when
 * it is asked, so nothing below the apps knows of this registry. Labels are words of closed lists (states,
 * codes, kinds): never a host, a task or a path, so that a fleet of any size has the same few series.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Every metric of ours begins so; those of the process keep the names that dashboards know. */
const PREFIX = 'gofd_';
/** How often the lag of the event loop is looked at, ms. */
const LAG_RESOLUTION_MS = 20;
/** Shown in place of a code that is not one of ours: an agent may report any text. */
export const OTHER_CODE = 'OTHER';

/** A metric as its reader finds it. */
export interface MetricName {
  /** Without the prefix. */
  readonly name: string;
  readonly help: string;
}

/** One metric with one label, by the values of that label. */
export interface LabelledMetric extends MetricName {
  readonly label: string;
}

type Numbers = Readonly<Record<string, number>> | ReadonlyMap<string, number>;

export class ServiceMetrics {
  readonly #registry = new Registry();

  /** @param service `server` or `agent` */
  constructor(service: string, version: string) {
    collectDefaultMetrics({
      register: this.#registry,
      eventLoopMonitoringPrecision: LAG_RESOLUTION_MS,
    });
    const build = new Gauge({
      name: `${PREFIX}build_info`,
      help: 'Version of the process; always 1.',
      labelNames: ['service', 'version'],
      registers: [this.#registry],
    });
    build.set({ service, version }, 1);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything, as it is now. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** A value that goes up and down, read when somebody looks. */
  gauge(metric: MetricName, read: () => number): void {
    const gauge: Gauge = new Gauge({ ...this.#common(metric), collect: () => gauge.set(read()) });
  }

  /** The same by the values of one label. */
  gauges(metric: LabelledMetric, read: () => Numbers): void {
    const { label } = metric;
    const gauge: Gauge = new Gauge({
      ...this.#common(metric),
      labelNames: [label],
      collect: () => {
        gauge.reset();
        for (const [value, number] of entriesOf(read())) gauge.set({ [label]: value }, number);
      },
    });
  }

  /** A sum that somebody else keeps and that only grows, read when somebody looks. */
  total(metric: MetricName, read: () => number): void {
    const counter: Counter = new Counter({
      ...this.#common(metric),
      collect: () => {
        counter.reset();
        counter.inc(read());
      },
    });
  }

  /** The same by the values of one label. */
  totals(metric: LabelledMetric, read: () => Numbers): void {
    const { label } = metric;
    const counter: Counter = new Counter({
      ...this.#common(metric),
      labelNames: [label],
      collect: () => {
        counter.reset();
        for (const [value, number] of entriesOf(read())) counter.inc({ [label]: value }, number);
      },
    });
  }

  /**
   * Counts events by a code.
   * @param known the codes that there are; another one counts as OTHER_CODE
   * @returns what to call for each
   */
  countByCode(metric: LabelledMetric, known: readonly string[]): (code: string) => void {
    const { label } = metric;
    const counter = new Counter({ ...this.#common(metric), labelNames: [label] });
    const codes = new Set(known);
    return (code) => counter.inc({ [label]: codes.has(code) ? code : OTHER_CODE });
  }

  /** @returns what to call with each measured value */
  histogram(metric: MetricName, buckets: readonly number[]): (value: number) => void {
    const histogram = new Histogram({ ...this.#common(metric), buckets: [...buckets] });
    return (value) => histogram.observe(value);
  }

  #common({ name, help }: MetricName) {
    return { name: `${PREFIX}${name}`, help, registers: [this.#registry] };
  }
}

function entriesOf(numbers: Numbers): Iterable<[string, number]> {
  return numbers instanceof Map ? numbers.entries() : Object.entries(numbers);
}
