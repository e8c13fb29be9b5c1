import { hexOfDigest } from '../../../src/liabilities/okx-zk-v2/digest.ts';
import { P } from '../../../src/liabilities/okx-zk-v2/goldilocks.ts';
import type { CircuitPin } from '../../../src/liabilities/types.ts';
import type { Call, Case, CaseFile } from '../cases.ts';
import { printJson } from '../merkle/call.ts';
import { GATE_LIST, placeOf } from './circuits.ts';
import { fileOf, pinOf, proved, publicInputRow, strong } from './global-file.ts';
import { type Path, parsed, replaced } from './json-edit.ts';
import { type Cheat, type Made, prove, pseudoRandom } from './prover.ts';
import { beside, ID, sibling, TOTALS, userOf } from './user-file.ts';

const GLOBAL = 'okx-zk-v2-global';
const INCLUSION = 'okx-zk-v2-inclusion';
const INPUTS = [1000n, 10n, 1n, 2n, 3n, 4n];
const global = (text: string): CaseFile => ({ kind: GLOBAL, text });
const edited = (text: string, path: Path, value: string | undefined): string =>
  printJson(replaced(parsed(text), path, value === undefined ? undefined : parsed(value)));

const made = proved(INPUTS);
const honest = fileOf(made);
const cheating = (cheat: Cheat): Made => proved(INPUTS, strong(), cheat);
const PARAMETERS = { batchSize: 4, branchout: 4, levels: 1, tokenCount: 3 } as const;
const known = (one: Made): CircuitPin => ({ ...pinOf(one), ...PARAMETERS });

const caseOf = (check: string, name: string, one: Made, more: Partial<Case> = {}): Case => ({
  ...{ kind: GLOBAL, check, name, files: { 'sum_proof_data.json': global(fileOf(one)) }, circuits: [known(one)] },
  ...more,
});
/** The honest file with one place changed. */
const changed = (check: string, name: string, path: Path, value: string, more: Partial<Case> = {}): Case =>
  caseOf(check, name, made, { files: { 'sum_proof_data.json': global(edited(honest, path, value)) }, ...more });
const inProof = (...rest: Path): Path => ['proof', 'proof', 'opening_proof', ...rest];

const constrained = GATE_LIST.filter(({ constraints }) => constraints > 0);
/** The switches of the vanishing polynomial's parts: every gate's and the permutation's. */
export const PARTS: readonly string[] = [
  ...constrained.map(({ name }) => `gate:${name}`),
  ...['permutation-start', 'permutation-steps', 'fri-salts'],
];
const GATES = constrained.map(({ name }): Case => {
  const random = pseudoRandom(BigInt(name.length));
  const row = { gate: placeOf(name), constants: [3n, 5n], wires: Array.from({ length: 135 }, random) };
  const rows = name === 'PublicInput' ? [row] : [publicInputRow(INPUTS), row];
  const lying = prove(strong(), rows, INPUTS, { off: new Set([`gate:${name}`]) });
  return caseOf(`gate:${name}`, 'a row of anything', lying, { reported: 'vanishing-0' });
});
const oracle = (name: string, siblings: boolean, at: number): Path => [
  ...inProof('query_round_proofs', 2, 'initial_trees_proof', 'evals_proofs'),
  ['constants', 'wires', 'products', 'quotient'].indexOf(name),
  ...(siblings ? [1, 'siblings', 1, 'elements', 3] : [0, at]),
];
const PROOFS: readonly Case[] = [
  ...GATES,
  caseOf('permutation-start', 'a product that starts at two', cheating({ products: 'constant' }), {
    reported: 'vanishing-0',
  }),
  caseOf('permutation-steps', 'a product of anything', cheating({ products: 'random' }), { reported: 'vanishing-0' }),
  ...[0, 1].map((challenge) =>
    caseOf(`vanishing-${challenge}`, 'a quotient one off', cheating({ quotient: challenge })),
  ),
  caseOf('fri-proof-of-work', 'no work done', proved(INPUTS, strong({ powBits: 4 }), { lazy: true })),
  ...[0, 1].map((step) => caseOf(`fri-consistency-${step}`, 'another polynomial committed to', cheating({ step }))),
  caseOf('fri-final', 'another polynomial at the end', cheating({ step: 'final' })),
  ...['constants', 'wires', 'products', 'quotient'].map((name) =>
    changed(`fri-merkle-${name}`, 'another node of the path', oracle(name, true, 0), '7'),
  ),
  changed('fri-merkle-wires', 'another salt', oracle('wires', false, 138), '7'),
  ...[0, 1].map((step) =>
    changed(
      `fri-merkle-step-${step}`,
      'another node of the path',
      inProof('query_round_proofs', 4, 'steps', step, 'merkle_proof', 'siblings', 0, 'elements', 0),
      '7',
    ),
  ),
  caseOf('fri-salts', 'one salt too many', cheating({ extraSalt: 1 }), { reported: 'shape' }),
  caseOf('canonical', 'the witness of the work plus P', made, {
    files: {
      'sum_proof_data.json': global(
        honest.replace(/"pow_witness":(\d+)/, (_all, digits) => `"pow_witness":${BigInt(digits) + P}`),
      ),
    },
  }),
  changed('shape', 'a member that no proof has', ['proof', 'extra'], '1', {
    byCondition: 'Object.keys(value).length === keys.length → true',
  }),
];

// The forger commits to the same fixed polynomials, hence the same digest, under a gate list that constrains nothing.
const noops = made.data.gates.map(({ name }) =>
  name === 'PublicInput' ? GATE_LIST[placeOf('PublicInput')]! : GATE_LIST[0]!,
);
const loot = [999_999_999n, 0n, 9n, 9n, 9n, 9n];
const forged = proved(loot, strong({ gates: noops }));
const weak = proved(INPUTS, strong({ queries: 2 }));
const free = prove(
  strong({ gates: made.data.gates.map((gate) => (gate.name === 'PublicInput' ? GATE_LIST[0]! : gate)) }),
  [],
  INPUTS,
);
const [poor, wrapped] = [
  [10n, 1000n, 1n, 2n, 3n, 4n],
  [P - 1n, 0n, 1n, 2n, 3n, 4n],
].map((inputs) => proved(inputs)) as [Made, Made];
const unpinned = (one: Made): Partial<Case> => ({
  ...{ circuits: [{ ...known(made), scope: 'known' }], likeCircuits: [] },
  like: { 'sum_proof_data.json': global(fileOf(one)) },
});
const FILES: readonly Case[] = [
  caseOf('file', 'a member given twice', made, {
    files: { 'sum_proof_data.json': global(honest.replace('{', '{"extra":1,"extra":1,')) },
    byCondition: 'Object.hasOwn(object, key) → false',
  }),
  changed('general', 'more branches than any tree has', ['general', 'recursion_branchout_num'], '2000', {
    circuits: [{ ...pinOf(made) }],
    byCondition: 'value <= most → true',
  }),
  caseOf('circuit-pin', 'all gates swapped for none', forged, unpinned(forged)),
  caseOf('circuit-pin', 'with two queries', weak, { ...unpinned(weak), off: ['fri-security'] }),
  caseOf('fri-security', 'two queries', weak),
  caseOf('public-input-gate', 'nothing tied to the public inputs', free),
  caseOf('circuit-digest', 'a digest of its own', cheating({ digest: [5n, 6n, 7n, 8n] })),
  caseOf('circuit', 'cosets that overlap', proved(INPUTS, strong({ shifts: Array.from({ length: 80 }, () => 1n) }))),
  caseOf('totals', 'more debt than equity', poor),
  caseOf('totals', 'a net total that wraps', wrapped),
  changed('root-vd-digest', 'another one named', ['root_vd_digest', 'elements', 0], '1'),
  ...(['batch_size', 'recursion_branchout_num', 'token_num'] as const).map((key) =>
    changed('parameters', `another ${key}`, ['general', key], '8'),
  ),
  changed(
    'circuit-config',
    'another number of queries',
    ['circuits_info', 'recursive_circuit_configs', 0, 'fri_config', 'num_query_rounds'],
    '2',
  ),
];

const userCase = (
  check: string,
  name: string,
  call: Pick<Case, 'files' | 'circuits'>,
  more: Partial<Case> = {},
): Case => ({
  ...{ kind: INCLUSION, check, name, at: 1 },
  ...call,
  ...more,
});
const good = userOf({ equity: ['50', '0'], debt: ['0', '7'] });
const goodCall = beside(good);
const notCanonical = Buffer.from(hexOfDigest(sibling), 'hex');
notCanonical.writeBigUInt64LE(sibling[0]! + P, 0);
const withText = (text: string): Pick<Case, 'files' | 'circuits'> => ({
  ...goodCall,
  files: { ...goodCall.files, 'user.json': { kind: INCLUSION, text } },
});
const USERS: readonly Case[] = [
  userCase('file', 'a member given twice', withText(good.text.replace('{', '{"extra":1,"extra":1,')), {
    byCondition: 'Object.hasOwn(object, key) → false',
  }),
  userCase('shape', 'an id of more digits', beside(userOf({ equity: ['50', '0'], debt: ['0', '7'], id: `${ID}0` })), {
    byCondition: '/^[0-9a-fA-F]{64}$/.test(id) → true',
  }),
  userCase('amounts', 'written in another way', withText(good.text.replace('"50"', '"050"'))),
  userCase('sums', 'more debt than equity', beside(userOf({ equity: ['50', '0'], debt: ['51', '0'] }))),
  userCase(
    'sums',
    'a net amount of 2^62',
    beside(userOf({ equity: [`${2n ** 62n}`, '0'], debt: ['0', '0'] }), [2n ** 62n + 9n, 10n]),
  ),
  ...[7, 1].map((index) =>
    userCase('position', `index ${index}`, withText(good.text.replace('"index":3', `"index":${index}`))),
  ),
  userCase(
    'canonical',
    'a hash plus P',
    withText(good.text.replace(hexOfDigest(sibling), notCanonical.toString('hex'))),
  ),
  userCase(
    'branch-out',
    'levels of two and three',
    beside(userOf({ equity: ['50', '0'], debt: ['0', '7'], index: 11, uneven: true }), TOTALS, { levels: 2 }),
  ),
  userCase('root-link', 'of another proof', { ...beside({ ...good, root: [1n, 1n, 1n, 1n] }) }),
  userCase('depth', 'another size of batches', beside(good, TOTALS, { batch: 4 })),
  userCase('depth', 'another branch-out', beside(good, TOTALS, { branchout: 3 })),
  userCase('levels', 'one more', beside(good, TOTALS, { levels: 2 })),
  userCase('tokens', 'one more', beside(good, TOTALS, { tokens: 3 })),
  userCase('within-totals', 'more equity than all have', beside(good, [49n, 8n])),
  userCase('within-totals', 'more debt than all have', beside(good, [60n, 6n])),
];

/** For each check of OKX's zk v2 files: those that it alone refuses. */
export const CASES: readonly Case[] = [...PROOFS, ...FILES, ...USERS];

const bare = edited(honest, ['circuits_info'], undefined);
const oneSelector = prove(
  strong({ gates: [GATE_LIST[0]!, GATE_LIST[placeOf('PublicInput')]!], groups: [{ start: 0, end: 2 }] }),
  [{ ...publicInputRow(INPUTS), gate: 1 }],
  INPUTS,
);
const one = (name: string, text: string, circuits: readonly CircuitPin[]): Call => ({
  name,
  files: { 'sum_proof_data.json': global(text) },
  circuits,
});
/** Files that nothing is wrong with. */
export const HONEST: readonly Call[] = [
  { name: 'a customer beside the proof', ...goodCall },
  one('a proof with its pin', honest, [known(made)]),
  one('a proof without', honest, []),
  one('a proof without a circuit, whose round is known', bare, [{ ...known(made), scope: 'known', rounds: ['7'] }]),
  one('a proof without a circuit, whose digest is known', bare, [{ ...known(made), scope: 'known', rounds: ['8'] }]),
  one('a proof without a circuit', bare, []),
  one('a circuit of one selector', fileOf(oneSelector), [known(oneSelector)]),
  { name: 'a customer alone', files: { 'user.json': goodCall.files['user.json']! } },
  ...[{ hiding: false }, { arityBits: [2] }, { arityBits: [] }, { capHeight: 0 }, { capHeight: 2 }].map((change) => {
    const circuit = proved(INPUTS, strong(change));
    return one(`a circuit with ${JSON.stringify(change)}`, fileOf(circuit), [known(circuit)]);
  }),
];
