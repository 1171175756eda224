/** `gofd -p`: a password as the three lines that a configuration takes. */
import { encryptPassword } from '@gofd/auth-crypto';
import { usageError } from '../errors.ts';
import { hiddenPrompt } from '../input/ask-hidden.ts';
import { readStdin } from '../input/read-text.ts';
import { printResult } from '../output.ts';

const STDIN_WORD = '-';
export const MAX_PASSWORD_BYTES = 64 * 1024;

/** @param plain the password; `true` (no value) and `-` stand for standard input */
export async function printPassword(plain: string | true): Promise<void> {
  const password = plain === true || plain === STDIN_WORD ? await readPassword() : plain;
  if (password === '')
    throw usageError('the password is empty', 'gofd -p <password>, or - to read it');
  const { factor, crc, stxt } = encryptPassword(password);
  printResult([`factor = ${factor}`, `crc = ${crc}`, `stxt = ${stxt}`]);
}

async function readPassword(): Promise<string> {
  const ask = hiddenPrompt();
  if (!ask) return (await readStdin('the password', MAX_PASSWORD_BYTES)).replace(/\r?\n$/, '');
  const password = await ask('Password: ');
  if ((await ask('The same again: ')) !== password) {
    throw usageError('the two passwords differ', 'try again');
  }
  return password;
}
