/**
 * The sources of each member while a mesh is being planned, by index. A source is nobody's twice and
 * never its own; the order of a member's sources is the order of adding.
 * One flat array, because a plan for 10,000 members asks some million times whether a link is new.
 */
export class Links {
  readonly #capacity: number;
  readonly #sources: Int32Array;
  readonly #counts: Int32Array;
  /** How many pull from each. */
  readonly #pullers: Int32Array;

  /** @param capacity sources that one member gets at most */
  constructor(memberCount: number, capacity: number) {
    this.#capacity = capacity;
    this.#sources = new Int32Array(memberCount * capacity);
    this.#counts = new Int32Array(memberCount);
    this.#pullers = new Int32Array(memberCount);
  }

  of(puller: number): number[] {
    const start = puller * this.#capacity;
    return Array.from(this.#sources.subarray(start, start + this.#countOf(puller)));
  }

  pullersOf(source: number): number {
    return this.#pullers[source] ?? 0;
  }

  isNew(puller: number, source: number): boolean {
    return puller !== source && this.#placeOf(puller, source) < 0;
  }

  add(puller: number, source: number): void {
    const count = this.#countOf(puller);
    this.#sources[puller * this.#capacity + count] = source;
    this.#counts[puller] = count + 1;
    this.#pullers[source] = this.pullersOf(source) + 1;
  }

  /** Puts another source in the place of one. */
  replace(puller: number, source: number, other: number): void {
    this.#sources[this.#placeOf(puller, source)] = other;
    this.#pullers[source] = this.pullersOf(source) - 1;
    this.#pullers[other] = this.pullersOf(other) + 1;
  }

  #countOf(puller: number): number {
    return this.#counts[puller] ?? 0;
  }

  #placeOf(puller: number, source: number): number {
    const start = puller * this.#capacity;
    const end = start + this.#countOf(puller);
    for (let place = start; place < end; place++) {
      if (this.#sources[place] === source) return place;
    }
    return -1;
  }
}
