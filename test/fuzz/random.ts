/** Reproducible random choices: the same seed gives the same documents on every machine. */
export interface Random {
  /** A whole number from 0 to `below` - 1. */
  int(below: number): number;
  pick<T>(list: readonly T[]): T;
  chance(oneIn: number): boolean;
}

/** The generator `mulberry32` of a seed and the number of a document. */
export function randomOf(seed: number, document: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(document + 1, 0x85ebca6b)) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    int,
    pick: <T>(list: readonly T[]): T => list[int(list.length)] as T,
    chance: (oneIn) => int(oneIn) === 0,
  };
}
