import { HOST_STATUSES } from '@gofd/task-model';
import { cssColour } from '../shell/css-colour.ts';
import { STATUS_COLOURS } from './cell-look.ts';
import type { Palette } from './cell-painter.ts';

/** The colours of style.css as the pixels of a canvas have them. */
export function readPalette(): Palette {
  const names = [
    ...HOST_STATUSES.map((status) => [status, STATUS_COLOURS[status]] as const),
    ['pale', '--host-pale'] as const,
    ['cross', '--ground'] as const,
  ];
  return Object.fromEntries(names.map(([key, name]) => [key, pixelOf(cssColour(name))])) as Palette;
}

/** The browser itself says what the words of a style sheet mean, in whatever order its bytes are. */
function pixelOf(colour: string): number {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) return 0;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer)[0] ?? 0;
}
