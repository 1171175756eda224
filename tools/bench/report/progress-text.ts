/** One line for the terminal about a run that has ended. Pure. */
import type { RunResult } from './run-result.ts';

export function progressText(result: RunResult): string {
  const { figures, failure, hostsRight, hostsAwaited } = result;
  const others = (result.stealShare + result.foreignShare) * 100;
  const disturbance = result.isDisturbed ? `, disturbed: others took ${others.toFixed(0)} %` : '';
  const hosts = `${hostsRight} of ${hostsAwaited} hosts right${disturbance}`;
  if (!figures) return `no time: ${failure ?? ''}; ${hosts}`;
  const { makespanSeconds, boundRatio, sourceCopies, cpuSecondsPerGb, peakRssMiB, lag, resume } =
    figures;
  return [
    `${makespanSeconds.toFixed(2)} s`,
    ...(boundRatio === undefined ? [] : [`${boundRatio.toFixed(2)} of the bound`]),
    `source sent ${sourceCopies.toFixed(2)} F`,
    `${cpuSecondsPerGb.toFixed(2)} CPU s/GB`,
    ...(peakRssMiB === undefined ? [] : [`${peakRssMiB.toFixed(0)} MiB`]),
    ...(lag === undefined ? [] : [`lag p99 ${lag.p99Ms} ms`]),
    ...(resume === undefined ? [] : [`${resume.piecesAgain} pieces fetched again`]),
    hosts,
  ].join(', ');
}
