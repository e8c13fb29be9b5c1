import { describe, expect, it } from 'vitest';
import type { Result } from '../../../src/domain/result.ts';
import { createField } from '../../../src/liabilities/okx-zk-v2/field.ts';
import { checkGlobal } from '../../../src/liabilities/okx-zk-v2/global.ts';
import { checkInclusion, type Globals } from '../../../src/liabilities/okx-zk-v2/inclusion.ts';
import { circuitGiven } from '../../../src/liabilities/okx-zk-v2/pins.ts';
import type { CircuitPin } from '../../../src/liabilities/types.ts';
import { isArray, isObject, type Json, parseJson } from '../../../src/lib/json.ts';
import { asResult, flipped, kindOf, leaves, type Path, parsed, replaced } from './json-edit.ts';
import {
  generatedVerifierHex,
  globalProofText,
  SKIP_REASON,
  samplesPresent,
  userProofNames,
  userProofText,
} from './samples.ts';

const field = createField();
const pin = (): CircuitPin => {
  const made = circuitGiven(generatedVerifierHex(), 'its own');
  if (!made.ok) throw new Error(made.error);
  return made.value;
};

/** What the global proof does not bind: docs/liabilities/okx-zk-v2.md lists the same. */
const UNBOUND = [
  'circuits_info.batch_circuit_config.*',
  'circuits_info.recursive_circuit_configs.* (all but the last)',
  'general.batch_size',
  'general.recursion_branchout_num',
  'general.round_num',
  'general.token_num',
];

/** At most three leaves of each kind of place: first, middle and last. */
function sampled(json: Json): { readonly path: Path; readonly value: Json }[] {
  const byKind = new Map<string, { readonly path: Path; readonly value: Json }[]>();
  for (const leaf of leaves(json)) {
    const kind = kindOf(leaf.path);
    const list = byKind.get(kind) ?? [];
    list.push(leaf);
    byKind.set(kind, list);
  }
  return [...byKind.values()].flatMap((list) => [
    ...new Set([list[0]!, list[Math.floor(list.length / 2)]!, list[list.length - 1]!]),
  ]);
}

describe.skipIf(!samplesPresent)(`one element changed in every field (${SKIP_REASON})`, () => {
  it('of the global proof: nothing passes but what the format does not bind', () => {
    const json = parsed(globalProofText());
    const pins = [pin()];
    const passed = new Set<string>();
    for (const { path, value } of sampled(json)) {
      let changed = flipped(value);
      // The nearest other value that is still well-formed.
      if (path.at(-1) === 'batch_size') changed = parsed('8');
      const { check } = checkGlobal(asResult(replaced(json, path, changed)), 'g', pins, field);
      if (check.verdict !== 'valid') expect(check.verdict, kindOf(path)).toBe('invalid');
      else if (path[1] === 'batch_circuit_config') passed.add('circuits_info.batch_circuit_config.*');
      else if (path[1] === 'recursive_circuit_configs' && path[2] === 0)
        passed.add('circuits_info.recursive_circuit_configs.* (all but the last)');
      else passed.add(kindOf(path));
    }
    expect([...passed].sort()).toEqual(UNBOUND);
    const seen = new Set<string>();
    for (const { path } of leaves(json)) {
      const kind = kindOf(path);
      if (seen.has(kind) || path[0] === 'circuits_info') continue;
      seen.add(kind);
      const { check } = checkGlobal(asResult(replaced(json, path, undefined)), 'g', pins, field);
      expect(check.verdict, `without ${kind}`).toBe('invalid');
    }
  });

  it('of the global proof, against a pin that knows the parameters: only the round and the inner configurations', () => {
    const json = parsed(globalProofText());
    const pins = [{ ...pin(), batchSize: 4, branchout: 4, levels: 2, tokenCount: 3 }];
    for (const [key, value] of [
      ['batch_size', '8'],
      ['recursion_branchout_num', '8'],
      ['token_num', '4'],
    ] as const) {
      const { check } = checkGlobal(asResult(replaced(json, ['general', key], parsed(value))), 'g', pins, field);
      expect(check.checks.at(-1)).toMatchObject({ name: 'parameters', status: 'fail' });
    }
    expect(checkGlobal(asResult(json), 'g', pins, field).check.verdict).toBe('valid');
  });

  it('of an inclusion: nothing passes; only amounts moved between tokens do', () => {
    const { link } = checkGlobal(asResult(parsed(globalProofText())), 'g', [pin()], field);
    const globals: Globals = { links: [link!], failed: 0 };
    for (const name of userProofNames()) {
      const json = parsed(userProofText(name));
      expect(checkInclusion(asResult(json), 'u', globals, field).verdict).toBe('valid');
      for (const { path, value } of leaves(json)) {
        const { verdict } = checkInclusion(asResult(replaced(json, path, flipped(value))), 'u', globals, field);
        expect(verdict, kindOf(path)).toBe('invalid');
        const without = checkInclusion(asResult(replaced(json, path, undefined)), 'u', globals, field);
        expect(without.verdict, `without ${kindOf(path)}`).toBe('invalid');
      }
    }
    const json = parsed(userProofText(userProofNames()[0]!));
    const equity = ['account', 'equity'];
    const [first, second] = [...leaves(json)]
      .filter(({ path }) => kindOf(path) === 'account.equity.*')
      .map(({ value }) => value);
    const swapped = replaced(replaced(json, [...equity, 0], second), [...equity, 1], first);
    expect(checkInclusion(asResult(swapped), 'u', globals, field).verdict).toBe('valid');
  });

  it('or its parts reordered, or the text cut: only the order of keys does not matter', () => {
    const json = parsed(globalProofText());
    const judge = (value: Result<Json>) => checkGlobal(value, 'g', [pin()], field).check.verdict;
    const reversedKeys = (value: Json): Json => {
      if (isArray(value)) return value.map(reversedKeys);
      if (!isObject(value)) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reversedKeys(item)]),
      );
    };
    expect(judge(asResult(reversedKeys(json)))).toBe('valid');
    const fri = ['proof', 'proof', 'opening_proof'];
    const lists: Path[] = [
      ['proof', 'public_inputs'],
      ['proof', 'proof', 'wires_cap'],
      ['proof', 'proof', 'openings', 'wires'],
      [...fri, 'query_round_proofs'],
      [...fri, 'query_round_proofs', 0, 'initial_trees_proof', 'evals_proofs', 2, 0],
      [...fri, 'query_round_proofs', 0, 'initial_trees_proof', 'evals_proofs', 2, 1, 'siblings'],
      [...fri, 'query_round_proofs', 3, 'steps', 1, 'evals'],
      [...fri, 'commit_phase_merkle_caps'],
      [...fri, 'final_poly', 'coeffs'],
    ];
    for (const path of lists) {
      const list = path.reduce<Json>(
        (node, key) => (node as Record<string | number, Json>)[key]!,
        json,
      ) as readonly Json[];
      expect(judge(asResult(replaced(json, path, [...list].reverse()))), kindOf(path)).toBe('invalid');
      expect(judge(asResult(replaced(json, path, list.slice(1)))), `shorter ${kindOf(path)}`).toBe('invalid');
      expect(judge(asResult(replaced(json, path, [...list, list[0]!]))), `longer ${kindOf(path)}`).toBe('invalid');
    }
    const text = globalProofText();
    for (let at = 1; at < text.length; at += 30_011) expect(judge(parseJson(text.slice(0, at)))).toBe('invalid');

    const user = parsed(userProofText(userProofNames()[0]!));
    const { link } = checkGlobal(asResult(json), 'g', [pin()], field);
    const siblings = (user as { sum_tree_siblings: Json[] }).sum_tree_siblings;
    const swapped = replaced(user, ['sum_tree_siblings'], [...siblings].reverse());
    expect(checkInclusion(asResult(swapped), 'u', { links: [link!], failed: 0 }, field).verdict).toBe('invalid');
  });

  it('of the pinned circuit: every byte counts', () => {
    const json = parsed(globalProofText());
    const hex = generatedVerifierHex();
    for (let at = 0; at < hex.length; at += 41) {
      const other = hex.slice(0, at) + (hex[at] === '1' ? '2' : '1') + hex.slice(at + 1);
      const changed = replaced(json, ['circuits_info', 'root_verifier_data_hex'], other);
      const { check } = checkGlobal(asResult(changed), 'g', [pin()], field);
      expect(check.checks.at(-1), `digit ${at}`).toMatchObject({ name: 'circuit-pin', status: 'fail' });
    }
  });
});
