import { gzipSync } from 'node:zlib';
import type { ConsoleFile } from './console-files.ts';

/** For the log when the server starts. */
export const MISSING_CONSOLE_NOTICE =
  'the console is not installed: this server answers its REST interface alone';

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>GoFD: no console</title></head>
<body><main><h1>The console is not installed here</h1>
<p>The server works; its REST interface and <a href="/docs">/docs</a> answer. For the console put the folder
<code>console</code>, which <code>npm run build</code> makes, beside that of the server, and start the
server again.</p></main></body>
</html>
`;
const bytes = Buffer.from(PAGE);

export const MISSING_CONSOLE_PAGE: ConsoleFile = {
  contentType: 'text/html; charset=utf-8',
  bytes,
  gzipped: gzipSync(bytes),
};
