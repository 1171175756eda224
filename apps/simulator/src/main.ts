#!/usr/bin/env node
/** `gofd simulate`: the command becomes this process. */
import { EXIT_STATUS } from './exit-statuses.ts';
import { run } from './program.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT_STATUS.brokenPipe);
  throw error;
});

process.exitCode = run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  screen: process.stderr,
});
