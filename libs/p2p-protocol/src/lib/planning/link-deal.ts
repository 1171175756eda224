/**
 * Deals links out like cards: every member of the pool stands on equally many cards, each puller gets
 * as many as it needs, and a card that a puller cannot use is exchanged. So pullers have exactly the
 * links they need, nobody serves more than its share, and the graph is random. (Configuration model
 * of random regular graphs with exchanges, after McKay and Wormald.)
 * Where no exchange helps (few hosts, nearly complete), the least used source that fits is taken.
 */
import type { Prng } from '../kernel/prng.ts';
import type { Links } from './links.ts';
import { drawBelow, shuffled } from './shuffle.ts';

/** Cards of the rest of the deck that are tried before one is exchanged with a dealt one. */
const DRAWS = 8;

export interface Demand {
  /** Who may be a source. */
  readonly pool: readonly number[];
  /** A puller stands here once for each link that it needs. */
  readonly pullers: readonly number[];
  /** Whether a source of the pool suits this puller, itself and its present sources aside. */
  readonly isFit: (puller: number, source: number) => boolean;
}

/** Adds one link for each entry of `pullers`. */
export function dealLinks(demand: Demand, links: Links, prng: Prng): void {
  new Dealer(demand, links, prng).dealAll();
}

class Dealer {
  readonly #demand: Demand;
  readonly #links: Links;
  readonly #prng: Prng;
  /** By turn; those of turns that have passed are links. */
  readonly #cards: number[];

  constructor(demand: Demand, links: Links, prng: Prng) {
    this.#demand = demand;
    this.#links = links;
    this.#prng = prng;
    this.#cards = deckFor(demand, prng);
  }

  dealAll(): void {
    this.#demand.pullers.forEach((puller, turn) => {
      const card =
        this.#draw(puller, turn) ?? this.#exchange(puller, turn) ?? this.#leastUsed(puller);
      if (card === undefined) return;
      this.#cards[turn] = card;
      this.#links.add(puller, card);
    });
  }

  #isFree(puller: number, source: number): boolean {
    return this.#demand.isFit(puller, source) && this.#links.isNew(puller, source);
  }

  /** This turn's card, or one of the rest of the deck for which it is left there. */
  #draw(puller: number, turn: number): number | undefined {
    const own = this.#cards[turn];
    if (own === undefined || this.#isFree(puller, own)) return own;
    for (let tries = 0; tries < DRAWS; tries++) {
      const place = turn + drawBelow(this.#cards.length - turn, this.#prng);
      const card = this.#cards[place];
      if (card === undefined || !this.#isFree(puller, card)) continue;
      this.#cards[place] = own;
      return card;
    }
    return undefined;
  }

  /** A card dealt before, for which its puller takes this turn's: both can use what they get. */
  #exchange(puller: number, turn: number): number | undefined {
    const own = this.#cards[turn];
    if (own === undefined) return undefined;
    const start = drawBelow(turn, this.#prng);
    for (let step = 0; step < turn; step++) {
      const place = (start + step) % turn;
      const other = this.#demand.pullers[place];
      const theirs = this.#cards[place];
      if (other === undefined || theirs === undefined) continue;
      if (!this.#isFree(puller, theirs) || !this.#isFree(other, own)) continue;
      this.#links.replace(other, theirs, own);
      this.#cards[place] = own;
      return theirs;
    }
    return undefined;
  }

  /** The least used source that suits, whatever the cards; undefined when none does. */
  #leastUsed(puller: number): number | undefined {
    let best: number | undefined;
    for (const source of this.#demand.pool) {
      if (!this.#isFree(puller, source)) continue;
      const isLess =
        best === undefined || this.#links.pullersOf(source) < this.#links.pullersOf(best);
      if (isLess) best = source;
    }
    return best;
  }
}

/** As many cards as links are needed; how often two sources stand on one differs by one at most. */
function deckFor({ pool, pullers }: Demand, prng: Prng): number[] {
  const cards: number[] = [];
  while (cards.length < pullers.length && pool.length > 0) {
    for (const card of shuffled(pool, prng)) cards.push(card);
  }
  cards.length = Math.min(cards.length, pullers.length);
  return cards;
}
