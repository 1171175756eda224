import { describe, expect, it } from 'vitest';
import { OTHER_CODE, ServiceMetrics } from './service-metrics.ts';

const linesOf = async (metrics: ServiceMetrics, name: string): Promise<string[]> =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith(name));

describe('the metrics of a service', () => {
  it('name the build and measure the process', async () => {
    const metrics = new ServiceMetrics('server', '1.2.3');
    expect(await linesOf(metrics, 'gofd_build_info')).toEqual([
      'gofd_build_info{service="server",version="1.2.3"} 1',
    ]);
    expect(await linesOf(metrics, 'process_resident_memory_bytes ')).toHaveLength(1);
    expect(await linesOf(metrics, 'nodejs_eventloop_lag_p99_seconds ')).toHaveLength(1);
  });

  it('are read when somebody looks, again and again', async () => {
    const metrics = new ServiceMetrics('agent', '1');
    let value = 3;
    metrics.total({ name: 'sum', help: 'x' }, () => value);
    metrics.gauges({ name: 'level', help: 'x', label: 'kind' }, () => ({ a: value }));
    metrics.totals({ name: 'parts', help: 'x', label: 'kind' }, () => new Map([['b', value]]));
    metrics.gauge({ name: 'one', help: 'x' }, () => value);
    const ours = async (): Promise<string[]> =>
      (await linesOf(metrics, 'gofd_')).filter((line) => !line.startsWith('gofd_build_info'));
    expect(await ours()).toEqual([
      'gofd_sum 3',
      'gofd_level{kind="a"} 3',
      'gofd_parts{kind="b"} 3',
      'gofd_one 3',
    ]);
    value = 5;
    expect(await ours()).toEqual([
      'gofd_sum 5',
      'gofd_level{kind="a"} 5',
      'gofd_parts{kind="b"} 5',
      'gofd_one 5',
    ]);
  });

  it('have no more series than codes, whatever codes agents report', async () => {
    const metrics = new ServiceMetrics('server', '1');
    const count = metrics.countByCode({ name: 'failures_total', help: 'x', label: 'code' }, [
      'NO_SPACE',
    ]);
    for (let host = 0; host < 100; host++) count(`MADE_UP_${host}`);
    count('NO_SPACE');
    expect((await linesOf(metrics, 'gofd_failures_total')).sort()).toEqual([
      'gofd_failures_total{code="NO_SPACE"} 1',
      `gofd_failures_total{code="${OTHER_CODE}"} 100`,
    ]);
  });
});
