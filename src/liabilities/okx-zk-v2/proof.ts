import { err, ok, type Result } from '../../domain/result.ts';
import { isArray, type Json } from '../../lib/json.ts';
import { finalPolynomialLength, ldeBits, oraclesOf } from './circuit.ts';
import type { Field, Words } from './field.ts';
import { type Loader, loaderOf, type ProofFault } from './proof-loader.ts';
import type { VerifierData } from './verifier-data.ts';

/** A Merkle opening in the field machine: leaf words, then sibling digests from the bottom up. */
export interface Opening {
  readonly leaf: Words;
  readonly leafWords: number;
  readonly siblings: Words;
  readonly depth: number;
}

/** A plonky2 proof in the field machine's memory, of exactly the shape that its circuit prescribes. */
export interface LoadedProof {
  readonly publicInputs: Words;
  readonly wiresCap: Words;
  readonly productsCap: Words;
  readonly quotientCap: Words;
  /** Extension elements opened at zeta in FRI's order: constants, sigmas, wires, zs, partial products, quotient. */
  readonly openings: Words;
  readonly openingsLength: number;
  /** The zs opened at g·zeta. */
  readonly openingsNext: Words;
  readonly commitCaps: readonly Words[];
  readonly queries: readonly { readonly initial: readonly Opening[]; readonly steps: readonly Opening[] }[];
  readonly finalPolynomial: Words;
  readonly finalPolynomialLength: number;
  readonly powWitness: Words;
}

/**
 * Loads `{proof, public_inputs}` of a global proof into the field machine, whose memory the circuit has been checked to fit.
 * Every array must have exactly the length that the circuit prescribes and every element must be canonical.
 */
export function loadProof(
  json: Json | undefined,
  data: VerifierData,
  field: Field,
  off: (check: string) => boolean = () => false,
): Result<LoadedProof, ProofFault> {
  const load = loaderOf(field, off('canonical'));
  const { friConfig } = data;
  const outer = load.object(json, ['proof', 'public_inputs'], 'proof');
  const proof = load.object(
    outer['proof'],
    ['wires_cap', 'plonk_zs_partial_products_cap', 'quotient_polys_cap', 'openings', 'opening_proof'],
    'proof.proof',
  );
  const fri = load.object(
    proof['opening_proof'],
    ['commit_phase_merkle_caps', 'query_round_proofs', 'final_poly', 'pow_witness'],
    'opening_proof',
  );
  const cap = (value: Json | undefined, where: string): Words => load.digests(value, 2 ** friConfig.capHeight, where);
  const powWitness = field.reserve(1);
  load.elements([fri['pow_witness'] ?? null], 1, 'pow_witness', powWitness);
  const coefficients = load.object(fri['final_poly'], ['coeffs'], 'final_poly')['coeffs'];
  const loaded: LoadedProof = {
    publicInputs: load.elements(outer['public_inputs'], data.publicInputs, 'public_inputs'),
    wiresCap: cap(proof['wires_cap'], 'wires_cap'),
    productsCap: cap(proof['plonk_zs_partial_products_cap'], 'plonk_zs_partial_products_cap'),
    quotientCap: cap(proof['quotient_polys_cap'], 'quotient_polys_cap'),
    ...loadOpenings(load, proof['openings'], data, field),
    commitCaps: load
      .list(fri['commit_phase_merkle_caps'], data.arityBits.length, 'commit_phase_merkle_caps')
      .map((value) => cap(value, 'commit_phase_merkle_caps')),
    queries: load
      .list(fri['query_round_proofs'], friConfig.queries, 'query_round_proofs')
      .map((query) => loadQuery(load, query, data, off('fri-salts'))),
    finalPolynomial: load.pairs(coefficients, finalPolynomialLength(data), 'final_poly'),
    finalPolynomialLength: finalPolynomialLength(data),
    powWitness,
  };
  return load.fault === null ? ok(loaded) : err(load.fault);
}

function loadOpenings(
  load: Loader,
  json: Json | undefined,
  data: VerifierData,
  field: Field,
): Pick<LoadedProof, 'openings' | 'openingsLength' | 'openingsNext'> {
  const { challenges, wires, routedWires } = data.config;
  const parts: readonly (readonly [string, number])[] = [
    ['constants', data.constants],
    ['plonk_sigmas', routedWires],
    ['wires', wires],
    ['plonk_zs', challenges],
    ['partial_products', challenges * data.partialProducts],
    ['quotient_polys', challenges * data.quotientDegree],
  ];
  const length = parts.reduce((sum, [, count]) => sum + count, 0);
  const object = load.object(json, [...parts.map(([name]) => name), 'plonk_zs_next'], 'openings');
  const openings = field.reserve(2 * length);
  let at = 0;
  for (const [name, count] of parts) {
    load.pairs(object[name], count, `openings.${name}`, field.element(openings, at) as unknown as Words);
    at += count;
  }
  const openingsNext = load.pairs(object['plonk_zs_next'], challenges, 'openings.plonk_zs_next');
  return { openings, openingsLength: length, openingsNext };
}

function loadQuery(load: Loader, json: Json, data: VerifierData, anySalt: boolean): LoadedProof['queries'][number] {
  const query = load.object(json, ['initial_trees_proof', 'steps'], 'query_round_proofs');
  const { evals_proofs } = load.object(query['initial_trees_proof'], ['evals_proofs'], 'initial_trees_proof');
  const oracles = oraclesOf(data);
  const cap = data.friConfig.capHeight;
  const openingOf = (leaf: Words, leafWords: number, proof: Json | undefined, depth: number): Opening => {
    const { siblings } = load.object(proof, ['siblings'], 'merkle_proof');
    return { leaf, leafWords, siblings: load.digests(siblings, depth, 'siblings'), depth };
  };
  const initial = load.list(evals_proofs, oracles.length, 'evals_proofs').map((pair, i) => {
    const [evals, proof] = load.list(pair, 2, 'evals_proofs');
    const { columns, salt } = oracles[i]!;
    const words = anySalt && isArray(evals) ? Math.max(columns, evals.length) : columns + salt;
    return openingOf(load.elements(evals, words, 'evals_proofs'), words, proof, ldeBits(data) - cap);
  });
  let bits = ldeBits(data);
  const steps = load.list(query['steps'], data.arityBits.length, 'steps').map((step, i) => {
    const { evals, merkle_proof } = load.object(step, ['evals', 'merkle_proof'], 'steps');
    const arity = 2 ** data.arityBits[i]!;
    bits -= data.arityBits[i]!;
    return openingOf(load.pairs(evals, arity, 'steps.evals'), 2 * arity, merkle_proof, bits - cap);
  });
  return { initial, steps };
}
