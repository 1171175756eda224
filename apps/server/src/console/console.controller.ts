import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { Public } from '@gofd/service-kit';
import { RequestError } from '@gofd/task-model';
import { Describe } from '../docs/describe.decorator.ts';
import type { ConsoleFile, ConsoleFiles } from './console-files.ts';
import { MISSING_CONSOLE_PAGE } from './missing-console-page.ts';

/** DI token of the folder's content; null where there is none. */
export const CONSOLE_FILES = Symbol('gofd.consoleFiles');

/** Own files and own calls, nothing inline, nothing from anywhere else, in no frame. */
const CONSOLE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** The page names the assets of its version, so it is asked for again; their names never come twice. */
const PAGE_CACHING = 'no-cache';
const ASSET_CACHING = 'public, max-age=31536000, immutable';

/** The operator's console. It holds no secret, so it needs no password; every call that it makes does. */
@Controller()
export class ConsoleController {
  constructor(@Inject(CONSOLE_FILES) private readonly files: ConsoleFiles | null) {}

  @Get()
  @Public()
  @Describe({ summary: 'The console, a page; no password needed', answerType: 'text/html' })
  page(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    response.statusCode = this.files ? 200 : 404;
    send(request, response, this.files?.page ?? MISSING_CONSOLE_PAGE, PAGE_CACHING);
  }

  @Get('assets/:name')
  @Public()
  @Describe({ summary: 'A script or style of the console; no password needed', answerType: '*/*' })
  asset(
    @Param('name') name: string,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): void {
    const file = this.files?.assets.get(name);
    if (!file) throw new RequestError('ROUTE_NOT_FOUND', 'the console has no such file');
    send(request, response, file, ASSET_CACHING);
  }
}

/** Node leaves the body out by itself when the request is a HEAD. */
function send(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { contentType, bytes, gzipped }: ConsoleFile,
  caching: string,
): void {
  const isGzipped = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
  const body = isGzipped ? gzipped : bytes;
  response.setHeader('Content-Type', contentType);
  response.setHeader('Content-Length', body.length);
  response.setHeader('Content-Security-Policy', CONSOLE_POLICY);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cache-Control', caching);
  response.setHeader('Vary', 'Accept-Encoding');
  if (isGzipped) response.setHeader('Content-Encoding', 'gzip');
  response.end(body);
}
