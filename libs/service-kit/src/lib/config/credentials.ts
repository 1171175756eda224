import { inspect } from 'node:util';
import { REDACTED } from '../logging/redaction.ts';

/** User name and password of the fleet. The password shows in no JSON, no log and no inspection. */
export class Credentials {
  readonly username: string;
  readonly #password: string;

  constructor(username: string, password: string) {
    this.username = username;
    this.#password = password;
  }

  get password(): string {
    return this.#password;
  }

  toJSON(): { username: string; password: string } {
    return { username: this.username, password: REDACTED };
  }

  [inspect.custom](): string {
    return `Credentials { username: ${inspect(this.username)}, password: ${REDACTED} }`;
  }
}
