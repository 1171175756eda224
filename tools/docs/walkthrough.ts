/**
 * A document whose shell blocks are typed one after the other: what to type, and what the reader is
 * told to see. A `text` block belongs to the `sh` block right before it, whatever prose is between.
 */
export interface WalkthroughStep {
  /** Line of the document that the commands begin in, from 1. */
  readonly line: number;
  readonly commands: string;
  /** Output with elisions; undefined where the document shows none. */
  readonly expected: string | undefined;
}

interface Fence {
  readonly language: string;
  readonly line: number;
  readonly content: string;
}

const FENCE = /^```(\w*)\n(.*?)^```$/gms;
const COMMENT_LINE = /^\s*#.*\n/gm;
/** A comment behind a command; the blank before it tells it from `$#` and from colours. */
const COMMENT_BEHIND = /[ \t]+# .*$/gm;

export function walkthroughSteps(markdown: string): WalkthroughStep[] {
  const fences = fencesOf(markdown);
  return fences.flatMap(({ language, line, content }, index) => {
    if (language !== 'sh') return [];
    const next = fences[index + 1];
    return [
      { line, commands: content, expected: next?.language === 'text' ? next.content : undefined },
    ];
  });
}

/** Shell blocks without comments, which a translation may translate. */
export function shellCommands(markdown: string): string[] {
  return walkthroughSteps(markdown).map(({ commands }) =>
    commands.replace(COMMENT_LINE, '').replace(COMMENT_BEHIND, ''),
  );
}

function fencesOf(markdown: string): Fence[] {
  return [...markdown.matchAll(FENCE)].map(({ 1: language = '', 2: content = '', index }) => ({
    language,
    line: markdown.slice(0, index).split('\n').length + 1,
    content,
  }));
}
