import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { cssColour } from '../shell/css-colour.ts';
import { useColourScheme } from '../shell/use-colour-scheme.ts';
import { formatRate, formatTime } from '../text/quantities.ts';
import type { RateHistory } from './rate-history.ts';

const HEIGHT_PX = 180;
const LABELS_PX = 76;

/** The rate of all hosts together, since this page was opened. */
export function RateChart({ rates }: { readonly rates: RateHistory }) {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);
  const scheme = useColourScheme();
  const isEmpty = rates.atSeconds.length < 2;

  useEffect(() => {
    const element = holder.current;
    if (!element || isEmpty) return undefined;
    const plot = new UPlot(optionsFor(element.clientWidth), dataOf(rates), element);
    chart.current = plot;
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
      chart.current = undefined;
    };
  }, [scheme, isEmpty]);
  useEffect(() => chart.current?.setData(dataOf(rates)), [rates]);

  const latest = rates.bytesPerSecond.findLast((rate) => rate !== null) ?? undefined;
  return (
    <section aria-labelledby="rate-title">
      <h2 id="rate-title">Rate over time</h2>
      {isEmpty ? (
        <p>Drawn while the task runs and this page is open.</p>
      ) : (
        <div ref={holder} role="img" aria-label={`Rate over time, last ${formatRate(latest)}`} />
      )}
    </section>
  );
}

function dataOf({ atSeconds, bytesPerSecond }: RateHistory): UPlot.AlignedData {
  return [[...atSeconds], [...bytesPerSecond]];
}

function optionsFor(width: number): UPlot.Options {
  const axis = { stroke: cssColour('--text'), grid: { stroke: cssColour('--line') } };
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(max * 1.1, 1)] } },
    axes: [
      {
        ...axis,
        values: (_plot, splits) => splits.map((atSeconds) => formatTime(atSeconds * 1e3)),
      },
      { ...axis, size: LABELS_PX, values: (_plot, splits) => splits.map(formatRate) },
    ],
    series: [{}, { stroke: cssColour('--accent'), width: 2, fill: cssColour('--accent-soft') }],
  };
}
