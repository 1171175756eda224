/**
 * The part of a document that belongs to the benchmark stands between two markers; everything else is
 * somebody's prose and stays as it is, byte for byte. Pure.
 */
export const BEGIN_MARKER = '<!-- bench:begin -->';
export const END_MARKER = '<!-- bench:end -->';
const TITLE = /^# .*$/m;

/**
 * A document without markers gets them below its title, or at its beginning when it has none.
 * @throws Error when only one marker is there, or they stand the wrong way round or twice: then nobody
 *   knows what is prose
 */
export function replaceMarkedSection(document: string, section: string): string {
  const marked = `${BEGIN_MARKER}\n\n${section.trim()}\n\n${END_MARKER}`;
  const begins = document.split(BEGIN_MARKER).length - 1;
  const ends = document.split(END_MARKER).length - 1;
  if (begins === 0 && ends === 0) return insertBelowTitle(document, marked);
  const begin = document.indexOf(BEGIN_MARKER);
  const end = document.indexOf(END_MARKER);
  if (begins !== 1 || ends !== 1 || end < begin) {
    throw new Error(
      `the document must have ${BEGIN_MARKER} and, below it, ${END_MARKER}, once each`,
    );
  }
  return document.slice(0, begin) + marked + document.slice(end + END_MARKER.length);
}

function insertBelowTitle(document: string, marked: string): string {
  const title = TITLE.exec(document);
  const at = title ? title.index + title[0].length : 0;
  const blocks = [document.slice(0, at), marked, document.slice(at).trim()];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}
