import { describe, expect, it } from 'vitest';
import { createChecklist } from '../../../src/liabilities/checklist.ts';
import { createField, type Words } from '../../../src/liabilities/okx-zk-v2/field.ts';
import { P } from '../../../src/liabilities/okx-zk-v2/goldilocks.ts';
import { verifyProof } from '../../../src/liabilities/okx-zk-v2/verify-proof.ts';
import { parseJson } from '../../../src/lib/json.ts';
import { GATE_LIST, placeOf, smallCircuit } from './circuits.ts';
import { type Cheat, type Made, type ProverRow, prove, pseudoRandom } from './prover.ts';

const PUBLIC_INPUTS = [1000n, 10n, 1n, 2n, 3n, 4n];
const field = createField();

function hashOf(values: readonly bigint[]): bigint[] {
  const words: Words = field.reserve(values.length + 4);
  values.forEach((value, i) => {
    field.write(words, i, value);
  });
  const out = (words + 8 * values.length) as Words;
  field.hash(words, values.length, out);
  return [0, 1, 2, 3].map((i) => field.read(out, i));
}

const publicInputRow = (): ProverRow => ({ gate: placeOf('PublicInput'), wires: hashOf(PUBLIC_INPUTS) });
const honest = (cheat: Cheat = {}, rows: readonly ProverRow[] = [publicInputRow()]): Made =>
  prove(smallCircuit(), rows, PUBLIC_INPUTS, cheat);

let memo: Made | undefined;
const untouched = (): Made => {
  memo ??= honest();
  return memo;
};

/** The names of the checks that fail; empty when the proof passes. */
function faults({ data, proof }: Made, ...disabled: string[]): string[] {
  const json = parseJson(proof);
  if (!json.ok) throw new Error(json.error);
  const checks = createChecklist(new Set(disabled));
  const before = field.mark();
  const result = verifyProof(json.value, data, field, checks);
  expect(field.mark()).toBe(before);
  const failed = checks.items.filter(({ status }) => status === 'fail').map(({ name }) => name);
  expect(result === null).toBe(failed.length > 0);
  return failed;
}

/** The proof is refused by this check and by no other: without it, it passes. */
function onlyCaughtBy(check: string, made: Made, caught = check): void {
  expect(faults(made)).toEqual([caught]);
  expect(faults(made, check)).toEqual([]);
}

/** Changes one place of the proof's JSON; numbers are handled as text, so that none loses a digit. */
function edit(made: Made, path: readonly (string | number)[], change: (text: string) => string): Made {
  const json: unknown = JSON.parse(made.proof.replace(/(?<=[[:,])(\d+)/g, '"$1"'));
  let node = json as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) node = node[key] as typeof node;
  const last = path.at(-1)!;
  node[last] = change(node[last] as string);
  return { ...made, proof: JSON.stringify(json).replace(/"(\d+)"/g, '$1') };
}
const inFri = (...rest: (string | number)[]) => ['proof', 'opening_proof', ...rest];

describe('a proof made here', () => {
  it('passes every check, hiding or not, whatever the folding', () => {
    expect(faults(untouched())).toEqual([]);
    for (const change of [{ hiding: false }, { arityBits: [2] }, { arityBits: [] }, { capHeight: 0 }, { capHeight: 2 }])
      expect(faults(prove(smallCircuit(change), [publicInputRow()], PUBLIC_INPUTS)), JSON.stringify(change)).toEqual(
        [],
      );
  });

  it('passes with one selector only', () => {
    const gates = [GATE_LIST[0]!, GATE_LIST[placeOf('PublicInput')]!];
    const circuit = smallCircuit({ gates, groups: [{ start: 0, end: 2 }] });
    expect(faults(prove(circuit, [{ ...publicInputRow(), gate: 1 }], PUBLIC_INPUTS))).toEqual([]);
  });
});

describe('each check of the verifier matters: a lie that only it can catch passes without it', () => {
  const constrained = GATE_LIST.filter(({ constraints }) => constraints > 0);
  it.each(constrained.map(({ name }) => name))('gate %s', (name) => {
    const random = pseudoRandom(BigInt(name.length));
    const row = { gate: placeOf(name), constants: [3n, 5n], wires: Array.from({ length: 135 }, random) };
    const check = `gate:${name}`;
    const made = honest({ off: new Set([check]) }, [publicInputRow(), row].slice(name === 'PublicInput' ? 1 : 0));
    onlyCaughtBy(check, made, 'vanishing-0');
  });

  it('the start of the permutation product', () => {
    onlyCaughtBy('permutation-start', honest({ products: 'constant' }), 'vanishing-0');
  });
  it('the steps of the permutation product', () => {
    onlyCaughtBy('permutation-steps', honest({ products: 'random' }), 'vanishing-0');
  });
  it.each([0, 1])('the quotient identity of challenge %i', (challenge) => {
    onlyCaughtBy(`vanishing-${challenge}`, honest({ quotient: challenge }));
  });
  it('the proof of work', () => {
    onlyCaughtBy('fri-proof-of-work', honest({ lazy: true }));
  });
  it.each([0, 1] as const)('the consistency of FRI step %i', (step) => {
    onlyCaughtBy(`fri-consistency-${step}`, honest({ step }));
  });
  it('the final polynomial', () => {
    onlyCaughtBy('fri-final', honest({ step: 'final' }));
  });
  it.each(['constants', 'wires', 'products', 'quotient'])('the Merkle path and cap of the %s', (name) => {
    const oracle = ['constants', 'wires', 'products', 'quotient'].indexOf(name);
    const proofs = inFri('query_round_proofs', 2, 'initial_trees_proof', 'evals_proofs');
    const made = edit(untouched(), [...proofs, oracle, 1, 'siblings', 1, 'elements', 3], () => '7');
    onlyCaughtBy(`fri-merkle-${name}`, made);
  });
  it.each([0, 1])('the Merkle path of FRI step %i', (step) => {
    const path = inFri('query_round_proofs', 4, 'steps', step, 'merkle_proof', 'siblings', 0, 'elements', 0);
    onlyCaughtBy(
      `fri-merkle-step-${step}`,
      edit(untouched(), path, () => '7'),
    );
  });
  it('a salt, which only the leaf hash binds', () => {
    const leaf = inFri('query_round_proofs', 0, 'initial_trees_proof', 'evals_proofs', 1, 0);
    onlyCaughtBy(
      'fri-merkle-wires',
      edit(untouched(), [...leaf, 138], () => '7'),
    );
  });
  it('the number of salts', () => {
    onlyCaughtBy('fri-salts', honest({ extraSalt: 1 }), 'shape');
  });
  it('canonical elements', () => {
    onlyCaughtBy(
      'canonical',
      edit(untouched(), inFri('pow_witness'), (text) => (BigInt(text) + P).toString()),
    );
  });
});
