import { grainGenConstants } from '@noble/curves/abstract/poseidon.js';
import { bn254 } from '@noble/curves/bn254.js';
import { R } from './scalar.ts';

/** Partial rounds by width 3 to 17: circomlib's table for BN254, x^5 and 128 bits (Poseidon paper, table of R_P with margin). */
const PARTIAL_ROUNDS = [57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
const FULL_ROUNDS = 8;
const NARROWEST = 3;
/** Most inputs that one permutation takes: 12, but 16 in some versions of bnb-chain/gnark-crypto (ecc/bn254/fr/poseidon, from 2023-03 to 2024-08). */
export type Rate = 12 | 16;

/** Whether the family can hash a list of so many scalars: not one more than a multiple of the rate. */
export const isHashable = (length: number, rate: Rate = 12): boolean => length > 0 && length % rate !== 1;

type Permutation = (state: bigint[]) => bigint[];
const permutations = new Map<number, Permutation>();

/**
 * The hash of two or more scalars as Binance's zkmerkle family computes it: Poseidon over BN254 with circomlib's constants, but
 * the second element of the last state is the hash (bnb-chain/gnark-crypto, ecc/bn254/fr/poseidon). More inputs than the rate are taken
 * in chunks of it with the first element of the state carried over, the rest in a narrower permutation. One input more than a
 * multiple of the rate is a length that the family cannot hash: a bug of the caller, which throws.
 */
export function poseidon(inputs: readonly bigint[], rate: Rate = 12): bigint {
  let state = [0n];
  for (let from = 0; from < inputs.length; from += rate) {
    const chunk = inputs.slice(from, from + rate);
    state = permutationOf(chunk.length + 1)([state[0]!, ...chunk]);
  }
  return state[1]!;
}

function permutationOf(width: number): Permutation {
  const known = permutations.get(width);
  if (known !== undefined) return known;
  const made = makePermutation(width);
  permutations.set(width, made);
  return made;
}

/** The permutation of one width; its constants come from the Poseidon paper's generator, as circomlib's do. */
function makePermutation(width: number): Permutation {
  const roundsPartial = PARTIAL_ROUNDS[width - NARROWEST];
  if (roundsPartial === undefined) throw new RangeError(`no Poseidon permutation of width ${width}`);
  const { mds, roundConstants } = grainGenConstants({
    ...{ Fp: bn254.fields.Fr, t: width, roundsFull: FULL_ROUNDS, roundsPartial, sboxPower: 5 },
  });
  return (initial) => {
    let state = initial;
    for (const [round, constants] of roundConstants.entries()) {
      const full = round < FULL_ROUNDS / 2 || round >= FULL_ROUNDS / 2 + roundsPartial;
      const mixed = state.map((value, i) => (full || i === 0 ? power5(value + constants[i]!) : value + constants[i]!));
      state = mds.map((row) => {
        // Products stay unreduced in the sum: one division a row instead of one a product.
        let sum = 0n;
        for (let i = 0; i < width; i++) sum += row[i]! * mixed[i]!;
        return sum % R;
      });
    }
    return state;
  };
}

function power5(value: bigint): bigint {
  const square = (value * value) % R;
  return (((square * square) % R) * value) % R;
}
