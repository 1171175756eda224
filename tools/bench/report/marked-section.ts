/**
 * The part of a document that a command writes (the benchmark, the fault runner) stands between two markers; everything else is
 * somebody's prose and stays as it is, byte for byte. Pure.
 */
export const BEGIN_MARKER = '<!-- bench:begin -->';
export const END_MARKER = '<!-- bench:end -->';
const BENCH_MARKERS = { begin: BEGIN_MARKER, end: END_MARKER };
const TITLE = /^# .*$/m;

/**
 * A document without markers gets them below its title, or at its beginning when it has none.
 * @throws Error when only one marker is there, or they stand the wrong way round or twice: then nobody
 *   knows what is prose
 */
export function replaceMarkedSection(
  document: string,
  section: string,
  markers: { readonly begin: string; readonly end: string } = BENCH_MARKERS,
): string {
  const marked = `${markers.begin}\n\n${section.trim()}\n\n${markers.end}`;
  const begins = document.split(markers.begin).length - 1;
  const ends = document.split(markers.end).length - 1;
  if (begins === 0 && ends === 0) return insertBelowTitle(document, marked);
  const begin = document.indexOf(markers.begin);
  const end = document.indexOf(markers.end);
  if (begins !== 1 || ends !== 1 || end < begin) {
    throw new Error(
      `the document must have ${markers.begin} and, below it, ${markers.end}, once each`,
    );
  }
  return document.slice(0, begin) + marked + document.slice(end + markers.end.length);
}

function insertBelowTitle(document: string, marked: string): string {
  const title = TITLE.exec(document);
  const at = title ? title.index + title[0].length : 0;
  const blocks = [document.slice(0, at), marked, document.slice(at).trim()];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
