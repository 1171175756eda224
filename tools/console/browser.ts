/** Chromium without a window, for tests of the console; a page notes whatever it complains of. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const QUIET_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns why there is no browser, undefined when there is one */
export function missingBrowser(): string | undefined {
  if (existsSync(EXECUTABLE)) return undefined;
  return `there is no Chromium at ${EXECUTABLE} (CHROMIUM names another place)`;
}

export function launchBrowser(extraArgs: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: [...QUIET_ARGS, ...extraArgs] });
}

/**
 * @returns what the page has complained of so far: errors, refusals of its policy, and calls of any
 * other origin. A call that the server refuses is no complaint.
 */
export function noteComplaints(page: Page, origin: string): readonly string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const isRefusedCall = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRefusedCall) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) complaints.push(`called ${request.url()}`);
  });
  return complaints;
}
