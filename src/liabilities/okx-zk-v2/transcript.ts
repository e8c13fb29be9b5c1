import { createChallenger } from './challenger.ts';
import { ldeBits } from './circuit.ts';
import type { Ext, Field, Words } from './field.ts';
import type { LoadedProof } from './proof.ts';
import type { VerifierData } from './verifier-data.ts';

/** Every challenge of a proof, derived from everything that was sent before it. */
export interface Challenges {
  readonly betas: readonly Ext[];
  readonly gammas: readonly Ext[];
  readonly alphas: readonly Ext[];
  readonly zeta: Ext;
  readonly friAlpha: Ext;
  readonly friBetas: readonly Ext[];
  readonly powResponse: bigint;
  readonly queryIndices: readonly number[];
}

/** Replays the transcript of okx/plonky2 plonk/get_challenges.rs and fri/challenges.rs. */
export function deriveChallenges(
  proof: LoadedProof,
  publicInputsHash: Words,
  data: VerifierData,
  field: Field,
): Challenges {
  const challenger = createChallenger(field);
  const count = data.config.challenges;
  const capWords = 4 * 2 ** data.friConfig.capHeight;
  const several = (): Ext[] => Array.from({ length: count }, () => embed(field, challenger.challenge()));
  const digest = field.reserve(4);
  data.digest.forEach((word, i) => {
    field.write(digest, i, word);
  });
  challenger.observe(digest, 4);
  challenger.observe(publicInputsHash, 4);
  challenger.observe(proof.wiresCap, capWords);
  const betas = several();
  const gammas = several();
  challenger.observe(proof.productsCap, capWords);
  const alphas = several();
  challenger.observe(proof.quotientCap, capWords);
  const zeta = challenger.extensionChallenge();
  challenger.observe(proof.openings, 2 * proof.openingsLength);
  challenger.observe(proof.openingsNext, 2 * count);
  const friAlpha = challenger.extensionChallenge();
  const friBetas = proof.commitCaps.map((cap) => {
    challenger.observe(cap, capWords);
    return challenger.extensionChallenge();
  });
  challenger.observe(proof.finalPolynomial, 2 * proof.finalPolynomialLength);
  challenger.observe(proof.powWitness, 1);
  const powResponse = challenger.challenge();
  const domain = 1n << BigInt(ldeBits(data));
  const queryIndices = Array.from({ length: data.friConfig.queries }, () => Number(challenger.challenge() % domain));
  return { betas, gammas, alphas, zeta, friAlpha, friBetas, powResponse, queryIndices };
}

/** A fresh extension element with that base-field value. */
export function embed(field: Field, value: bigint): Ext {
  const words = field.reserve(2);
  field.write(words, 0, value);
  field.write(words, 1, 0n);
  return field.element(words, 0);
}
