import { describe, expect, it } from 'vitest';
import { BEGIN_MARKER, END_MARKER, replaceMarkedSection } from './marked-section.ts';

const MARKED = `${BEGIN_MARKER}\n\nnew\n\n${END_MARKER}`;

describe('replaceMarkedSection', () => {
  it('replaces what stands between the markers and not one byte around them', () => {
    const document = `# T\n\n  before \n${BEGIN_MARKER}\nold | $& $1\n${END_MARKER} after\n\n\n`;
    expect(replaceMarkedSection(document, 'new\n')).toBe(`# T\n\n  before \n${MARKED} after\n\n\n`);
  });

  it('changes nothing when it is done twice', () => {
    const once = replaceMarkedSection('# T\n\nprose\n', 'new');
    expect(replaceMarkedSection(once, 'new')).toBe(once);
  });

  it('puts missing markers below the title and keeps the prose below them', () => {
    expect(replaceMarkedSection('# T\n\nprose\n', 'new')).toBe(`# T\n\n${MARKED}\n\nprose\n`);
    expect(replaceMarkedSection('# T\n', 'new')).toBe(`# T\n\n${MARKED}\n`);
  });

  it('puts them first where there is no title', () => {
    expect(replaceMarkedSection('prose\n', 'new')).toBe(`${MARKED}\n\nprose\n`);
    expect(replaceMarkedSection('', 'new')).toBe(`${MARKED}\n`);
  });

  it('takes the section as it is, whatever signs it holds', () => {
    expect(replaceMarkedSection('', '$& $1 \\*')).toContain('$& $1 \\*');
  });

  it.each([
    `${BEGIN_MARKER}`,
    `${END_MARKER}`,
    `${END_MARKER}\n${BEGIN_MARKER}`,
    `${MARKED}\n${MARKED}`,
  ])('refuses a document whose markers do not enclose one part', (document) => {
    expect(() => replaceMarkedSection(document, 'new')).toThrow('once each');
  });
});
