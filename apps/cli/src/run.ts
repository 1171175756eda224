/** Runs one command line to its exit status; nothing is thrown past here. */
import { CommanderError } from 'commander';
import { errorLines } from './error-report.ts';
import { CliError } from './errors.ts';
import { EXIT_CODES, type Outcome } from './exit-codes.ts';
import { printNote, printResult } from './output.ts';
import { createProgram } from './program.ts';

/**
 * @param args without the program
 * @param appsFolder where the built apps stand side by side
 */
export async function run(args: readonly string[], appsFolder: URL): Promise<number> {
  let outcome: Outcome = 'success';
  const program = createProgram({ appsFolder, finish: (ended) => (outcome = ended) });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    outcome = outcomeOfError(error);
    report(error, args.includes('--json'));
  }
  return EXIT_CODES[outcome].status;
}

function outcomeOfError(error: unknown): Outcome {
  // Commander has printed its message; --help and --version come as errors with exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 'success' : 'usage';
  return error instanceof CliError ? error.outcome : 'unexpected';
}

function report(error: unknown, asJson: boolean): void {
  if (error instanceof CommanderError) return;
  if (error instanceof CliError && error.outcome === 'interrupted') return;
  if (asJson && error instanceof CliError && error.options.answerJson !== undefined) {
    printResult([error.options.answerJson]);
  }
  printNote(errorLines(error));
}
