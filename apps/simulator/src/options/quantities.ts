/** Sizes, rates and shares as people write them. Each parser returns undefined for what is none. */

const QUANTITY = /^(\d+(?:\.\d+)?) *([A-Za-z/%]*)$/;
const BINARY_STEP = 1024;
const DECIMAL_STEP = 1000;
const PREFIXES = ['', 'k', 'M', 'G', 'T'] as const;
const BITS_PER_BYTE = 8;

/** Bytes of each unit of size: `B`, `kB` and so on by thousands, `KiB` and so on by 1,024. */
const SIZE_UNITS: ReadonlyMap<string, number> = new Map(
  PREFIXES.flatMap((prefix, power): [string, number][] => [
    [`${prefix}B`, DECIMAL_STEP ** power],
    ...(power > 0 ? [[`${prefix.toUpperCase()}iB`, BINARY_STEP ** power] as [string, number]] : []),
  ]),
);

/** Bytes a second of each unit of rate: of bits by thousands, of bytes as above. */
const RATE_UNITS: ReadonlyMap<string, number> = new Map([
  ...PREFIXES.map((prefix, power): [string, number] => [
    `${prefix}bit`,
    DECIMAL_STEP ** power / BITS_PER_BYTE,
  ]),
  ...SIZE_UNITS,
]);

export const SIZE_EXAMPLES = '4GiB, 256MiB or 1.5GB';
export const RATE_EXAMPLES = '10Gbit, 200Mbit or 100MiB/s';
export const SHARE_EXAMPLES = '5% or 0.05';

/** @returns whole bytes; a number without a unit is bytes */
export function parseSize(text: string): number | undefined {
  const { value, unit } = splitQuantity(text);
  const unitBytes = unit === '' ? 1 : SIZE_UNITS.get(unit);
  return unitBytes === undefined || value === undefined ? undefined : Math.round(value * unitBytes);
}

/** @returns bytes a second; the unit has to be there, for bits and bytes are easily mixed up */
export function parseRate(text: string): number | undefined {
  const { value, unit } = splitQuantity(text);
  const unitBytes = RATE_UNITS.get(unit.replace(/\/s$/, ''));
  return unitBytes === undefined || value === undefined ? undefined : value * unitBytes;
}

/** @returns a share of one: of `5%` and of `0.05` alike */
export function parseShare(text: string): number | undefined {
  const { value, unit } = splitQuantity(text);
  if (value === undefined || (unit !== '' && unit !== '%')) return undefined;
  return unit === '%' ? value / 100 : value;
}

export function parsePlainNumber(text: string): number | undefined {
  const { value, unit } = splitQuantity(text);
  return unit === '' ? value : undefined;
}

function splitQuantity(text: string): { value: number | undefined; unit: string } {
  const [, digits, unit = ''] = QUANTITY.exec(text.trim()) ?? [];
  return { value: digits === undefined ? undefined : Number(digits), unit };
}
