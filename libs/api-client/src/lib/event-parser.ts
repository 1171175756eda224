/**
 * Takes text of a `text/event-stream` in pieces of any length and gives the events that are complete.
 * Pure. Comments and fields that we do not use are skipped.
 */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

/** Longest event; 1,000 rows with the longest names and sentences stay below it. */
export const MAX_EVENT_CHARS = 16 * 1024 * 1024;

export class EventParser {
  readonly #maxChars: number;
  /** The line that has begun. */
  #line = '';
  #event = '';
  #data: string[] = [];
  #chars = 0;

  constructor(maxChars = MAX_EVENT_CHARS) {
    this.#maxChars = maxChars;
  }

  /** @throws RangeError when an event is longer than it may be */
  push(text: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) {
      const event = this.#take(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (event) events.push(event);
    }
    this.#assertBelow(this.#chars + this.#line.length);
    return events;
  }

  #take(line: string): ServerEvent | undefined {
    if (line === '') return this.#finish();
    this.#chars += line.length;
    this.#assertBelow(this.#chars);
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    return undefined;
  }

  #finish(): ServerEvent | undefined {
    const event = { event: this.#event || 'message', data: this.#data.join('\n') };
    const isEvent = this.#data.length > 0;
    this.#event = '';
    this.#data = [];
    this.#chars = 0;
    return isEvent ? event : undefined;
  }

  #assertBelow(chars: number): void {
    if (chars > this.#maxChars)
      throw new RangeError(`an event exceeds ${this.#maxChars} characters`);
  }
}
