import type { Ext, Field, Words } from './field.ts';
import { RATE, WIDTH } from './poseidon-constants.ts';

/** The Fiat–Shamir transcript: a duplex sponge that overwrites, its outputs taken from the end of the rate. */
export interface Challenger {
  /** Absorbs that many words: base elements, flattened extension elements or digests. */
  observe(words: Words, count: number): void;
  challenge(): bigint;
  /** A challenge in the extension: two in a row. */
  extensionChallenge(): Ext;
}

/** Starts a transcript (okx/plonky2 iop/challenger.rs). */
export function createChallenger(field: Field): Challenger {
  const state = field.reserve(WIDTH);
  for (let i = 0; i < WIDTH; i++) field.write(state, i, 0n);
  let absorbed = 0;
  let left = 0;
  const duplex = (): void => {
    field.permute(state);
    absorbed = 0;
    left = RATE;
  };
  const challenge = (): bigint => {
    // After an input no output is left, so this asks for pending inputs too.
    if (left === 0) duplex();
    left--;
    return field.read(state, left);
  };
  return {
    observe(words, count) {
      for (let i = 0; i < count; i++) {
        // Outputs that were not taken are void after an input, so the inputs may overwrite them at once.
        left = 0;
        field.write(state, absorbed, field.read(words, i));
        absorbed++;
        if (absorbed === RATE) duplex();
      }
    },
    challenge,
    extensionChallenge() {
      const words = field.reserve(2);
      field.write(words, 0, challenge());
      field.write(words, 1, challenge());
      return field.element(words, 0);
    },
  };
}
