/** What a simulation has shown, as lines. */
import type { Ratios, TransferOptions, TransferResult } from '@gofd/p2p-sim';
import { bytesText, countText, millisecondsText } from './quantity-text.ts';

export interface Finding {
  readonly options: TransferOptions;
  readonly result: TransferResult;
  readonly wallMs: number;
  readonly command: string;
}

const LABEL_COLUMNS = 18;

export function resultLines({ options, result, wallMs, command }: Finding): string[] {
  const { agents, totalBytes } = options;
  const duplicateBytes = result.duplicateShare * totalBytes * agents;
  const { copiesPerRack } = result;
  return [
    line('bound', `${millisecondsText(result.boundMs)}, the size over the rate of a link`),
    line('topology', topologyText(result)),
    ...ratioLines('healthy', result.healthy),
    ...ratioLines('slow', result.slow),
    ...(result.killed > 0 ? [line('killed', countText(result.killed))] : []),
    line('incomplete', countText(result.incomplete)),
    line('server egress', `${result.serverEgress.toFixed(4)} times the size`),
    line('duplicates', `${bytesText(duplicateBytes)} of all that was delivered`),
    line('control', `${bytesText(result.controlBytesPerAgent)} sent by an agent`),
    ...(copiesPerRack === undefined
      ? []
      : [line('copies per rack', `${copiesPerRack.toFixed(3)} across its border`)]),
    line('events', countText(result.eventCount)),
    line('trace', result.traceHash),
    line('took', millisecondsText(wallMs)),
    line('again', command),
  ];
}

function topologyText({ topology, pieceBytes, blockBytes }: TransferResult): string {
  return `${topology}, pieces of ${bytesText(pieceBytes)}, blocks of ${bytesText(blockBytes)}`;
}

function ratioLines(kind: string, ratios: Ratios | undefined): string[] {
  if (!ratios) return [];
  const { count, p50, p99, p999, max } = ratios;
  const [half, nearlyAll, thousandth, last] = [p50, p99, p999, max].map((ratio) =>
    ratio.toFixed(3),
  );
  const quantiles = `p50 ${half}  p99 ${nearlyAll}  p99.9 ${thousandth}  max ${last}`;
  return [line(`${kind} / bound`, `${quantiles}  (${countText(count)} hosts)`)];
}

function line(label: string, text: string): string {
  return `${label.padEnd(LABEL_COLUMNS)}${text}`;
}
