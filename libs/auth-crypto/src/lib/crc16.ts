const POLYNOMIAL_REVERSED = 0x8408;

/** CRC-16/KERMIT: polynomial 0x1021 reflected, start value 0, no final inversion. */
export function crc16Kermit(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL_REVERSED : crc >>> 1;
    }
  }
  return crc;
}
