import { describe, expect, it } from 'vitest';
import { shellCommands, walkthroughSteps } from './walkthrough.ts';

const DOCUMENT = `# Title

\`\`\`sh
one
two # why
\`\`\`

Prose.

\`\`\`text
seen
\`\`\`

\`\`\`yaml
key: 1
\`\`\`

\`\`\`sh
# A comment.
echo "$#" '#' a#b
\`\`\`

\`\`\`json
{}
\`\`\`

\`\`\`text
of nothing
\`\`\`
`;

describe('walkthroughSteps', () => {
  it('finds each shell block with its line, and the output shown right after it', () => {
    expect(walkthroughSteps(DOCUMENT)).toEqual([
      { line: 4, commands: 'one\ntwo # why\n', expected: 'seen\n' },
      { line: 19, commands: '# A comment.\necho "$#" \'#\' a#b\n', expected: undefined },
    ]);
  });
});

describe('shellCommands', () => {
  it('leaves comments out, and nothing that only looks like one', () => {
    expect(shellCommands(DOCUMENT)).toEqual(['one\ntwo\n', 'echo "$#" \'#\' a#b\n']);
  });
});
