import { distance } from 'fastest-levenshtein';

/** Why a key is refused, with the known key that was probably meant. */
export function unknownKeyMessage(given: string, known: readonly string[]): string {
  const nearest = nearestKey(given, known);
  return nearest === undefined
    ? `is not a known key; known here: ${known.join(', ')}`
    : `is not a known key; did you mean "${nearest}"?`;
}

/** The known key with the fewest edits, unless more than half of the letters would change. */
function nearestKey(given: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((key) => ({ key, edits: distance(given.toLowerCase(), key.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.ceil(given.length / 2) ? best.key : undefined;
}
