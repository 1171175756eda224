#!/usr/bin/env node
/** The gofd command. */
import { EXIT_CODES } from './exit-codes.ts';
import { run } from './run.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT_CODES.brokenPipe.status);
  throw error;
});

// Bundled, this file is dist/apps/cli/main.js, beside the folders of the services.
const status = await run(process.argv.slice(2), new URL('..', import.meta.url));
// A service that moved into this process sets its own status; success must not overwrite it.
if (status !== EXIT_CODES.success.status) process.exitCode = status;
