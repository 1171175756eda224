/**
 * Loads the native BLAKE3 addon (docs/adr/0007). A machine for which its package has no binary must not
 * end in a stack from somewhere within an import: what is wrong is kept as one sentence, told by
 * `assertBlake3()` when a service starts and by every call that would have needed the addon.
 */
const PACKAGE = '@napi-rs/blake-hash';

interface Blake3Addon {
  blake3(bytes: Buffer): Buffer;
}

/** @returns the addon, or the error that says in one sentence why there is none and what to do */
export async function loadAddon(
  importAddon: () => Promise<Blake3Addon>,
): Promise<Blake3Addon | Error> {
  try {
    const addon = await importAddon();
    if (typeof addon.blake3 !== 'function') throw new Error('it has no function blake3');
    return addon;
  } catch (cause) {
    const { platform, arch } = process;
    return new Error(
      `the native package ${PACKAGE} cannot be loaded on ${platform}-${arch}: install the packages on ` +
        'such a machine with their optional dependencies (npm ci --include=optional) and build there',
      { cause },
    );
  }
}

const addon = await loadAddon(() => import('@napi-rs/blake-hash'));

/** @throws Error, one sentence for people, when BLAKE3 cannot be computed on this machine */
export function assertBlake3(): void {
  if (addon instanceof Error) throw addon;
}

/** @returns 32 bytes */
export function blake3(bytes: Buffer): Buffer {
  if (addon instanceof Error) throw addon;
  return addon.blake3(bytes);
}
