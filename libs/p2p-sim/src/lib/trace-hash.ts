/** A running hash over what happened, to tell two runs apart. Not for security. (Two lanes FNV-1a.) */
const PRIME = 0x01000193;
const LOW_SEED = 0x811c9dc5;
const HIGH_SEED = 0x9e3779b9;

export class TraceHash {
  readonly #float = new Float64Array(1);
  readonly #words = new Uint32Array(this.#float.buffer);
  readonly #names = new Map<string, number>();
  #low = LOW_SEED;
  #high = HIGH_SEED;

  add(...values: readonly number[]): void {
    for (const value of values) {
      this.#float[0] = value;
      for (const word of this.#words) this.#mix(word);
    }
  }

  addName(name: string): void {
    let code = this.#names.get(name);
    if (code === undefined) {
      code = [...name].reduce((sum, char) => Math.imul(sum, 31) + char.charCodeAt(0), 7);
      this.#names.set(name, code);
    }
    this.#mix(code);
  }

  /** 16 hexadecimal digits. */
  get hex(): string {
    return [this.#high, this.#low]
      .map((lane) => (lane >>> 0).toString(16).padStart(8, '0'))
      .join('');
  }

  #mix(word: number): void {
    this.#low = Math.imul(this.#low ^ word, PRIME);
    this.#high = Math.imul(this.#high ^ (word >>> 16) ^ (this.#low >>> 7), PRIME);
  }
}
