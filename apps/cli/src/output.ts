/** The two ways out: results on standard output, everything else on standard error. */
export function printResult(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

export function printNote(lines: readonly string[]): void {
  process.stderr.write(lines.map((line) => `${line}\n`).join(''));
}

/** Either the JSON of the server as it came, or its telling in words. */
export function printAnswer(
  asJson: boolean | undefined,
  json: string,
  inWords: () => readonly string[],
): void {
  printResult(asJson ? [json] : inWords());
}
