import { P } from '../../../src/liabilities/okx-zk-v2/goldilocks.ts';
import type { CircuitPin } from '../../../src/liabilities/types.ts';
import type { Call, CaseFile, Files } from '../cases.ts';
import { printJson } from '../merkle/call.ts';
import { allChanges, callsOf } from '../mutations.ts';
import { HONEST } from './cases.ts';
import { GATE_LIST } from './circuits.ts';
import { fileOf, pinOf, proved, strong } from './global-file.ts';
import { CONSTANTS, HONEST_ROWS } from './honest-rows.ts';
import { type Path, parsed, replaced } from './json-edit.ts';
import { ODD_CIRCUITS } from './odd-circuits.ts';

const named = (name: string): Call => HONEST.find((call) => call.name === name)!;
const of = ({ files, circuits = [], off = [] }: Call, name: string): readonly Call[] =>
  callsOf(files, name, allChanges(files[name]!.text, 1), { circuits, off });

const INPUTS = [1000n, 10n, 1n, 2n, 3n, 4n];
const USER = 'user.json';
const GLOBAL = 'sum_proof_data.json';
const alone = named('a customer alone');
const beside = named('a customer beside the proof');
const single = named('a proof with its pin');
const bare = named('a proof without a circuit');
const userText = alone.files[USER]!.text;
const user = (text: string): CaseFile => ({ ...alone.files[USER]!, text });
/** The customer's file with some places changed. */
const changed = (name: string, ...edits: readonly (readonly [Path, unknown])[]): Call => {
  const json = edits.reduce(
    (all, [path, value]) => replaced(all, path, parsed(JSON.stringify(value))),
    parsed(userText),
  );
  return { name: `a customer: ${name}`, files: { [USER]: user(printJson(json)) } };
};
const hash = 'ab'.repeat(32);
const hashes = (count: number): string[] => new Array(count).fill(hash);
const amounts = (equity: readonly string[], debt: readonly string[]) =>
  [
    [['account', 'equity'], equity],
    [['account', 'debt'], debt],
  ] as const;
const LEVELS: Path = ['recursive_tree_siblings'];
const USERS: readonly Call[] = [
  { name: 'a customer: a file of a megabyte', files: { [USER]: user(userText + ' '.repeat(1 << 20)) } },
  changed('more tokens than any round', ...amounts(new Array(4097).fill('1'), new Array(4097).fill('0'))),
  changed('more siblings than any batch', [['sum_tree_siblings'], hashes(33)]),
  changed('more levels than any proof', [LEVELS, new Array(9).fill({ left_hashes: [hash], right_hashes: [] })]),
  changed('more hashes than any level', [LEVELS, [{ left_hashes: hashes(1025), right_hashes: [] }]]),
  changed('more hashes on the right', [LEVELS, [{ left_hashes: [hash], right_hashes: hashes(1025) }]]),
  changed('a level of one child', [LEVELS, [{ left_hashes: [], right_hashes: [] }]], [['index'], 1]),
  changed('a hash that is no hex', [['sum_tree_siblings', 0], `${'ab'.repeat(31)}xy`]),
  changed('two hashes cut at another place', [['index'], 4], [['sum_tree_siblings'], [hash.slice(2), `${hash}ab`]]),
  changed('an index of 2^53', [['index'], 2 ** 53]),
  changed('an equity that wraps', ...amounts([`${P + 5n}`, '0'], [`${P - 9n}`, '0'])),
  changed('sums that both wrap', ...amounts([`${P + 5n}`, '0'], [`${P + 3n}`, '0'])),
  changed('an id in a list', [['account', 'id'], ['ab'.repeat(32)]]),
  changed('amounts of nothing', ...amounts([], [])),
];

const globalText = single.files[GLOBAL]!.text;
const globalFile = (text: string): CaseFile => ({ ...single.files[GLOBAL]!, text });
const broken = globalFile(globalText.replace('"proof":', '"proofs":'));
const stranger = proved(INPUTS, strong({ capHeight: 2 }));
const other: CircuitPin = { ...pinOf(stranger), scope: 'known' };
const own: CircuitPin = { ...single.circuits![0]!, scope: 'known' };
const withPins = (name: string, call: Call, circuits: readonly CircuitPin[]): Call => ({
  name: `pins: ${name}`,
  files: call.files,
  circuits,
});
const both = (name: string, files: Files, circuits: readonly CircuitPin[] = beside.circuits!): Call => ({
  name: `a customer: ${name}`,
  files: { ...files, [USER]: beside.files[USER]! },
  circuits,
});
const besideGlobal = beside.files[GLOBAL]!;
/** The same public inputs, proven by a circuit that nobody knows. */
const twin = proved(
  (parsed(besideGlobal.text) as { proof: { public_inputs: readonly unknown[] } }).proof.public_inputs.map((word) =>
    BigInt(String(word)),
  ),
  strong({ capHeight: 2 }),
);
const edited = (path: Path, text: string): CaseFile =>
  globalFile(printJson(replaced(parsed(globalText), path, parsed(text))));
const CALLS: readonly Call[] = [
  both(
    'beside a proof of an unknown circuit and one of a known',
    { 'a.json': globalFile(fileOf(twin, { branchout: 2, batch: 2, tokens: 2 })), [GLOBAL]: besideGlobal },
    [{ ...beside.circuits![0]!, scope: 'known' }],
  ),
  both('beside a proof whose levels nobody tells', {
    [GLOBAL]: globalFile(printJson(replaced(parsed(besideGlobal.text), ['circuits_info'], undefined))),
  }),
  {
    name: 'a digest of its own beside a known circuit',
    files: { [GLOBAL]: edited(['root_vd_digest', 'elements', 0], '1') },
    circuits: [own],
  },
  ...['1.23456789012345', '123.4567890123', '12345678901234567.89', '-1234567890123456'].map((number) => ({
    name: `a total of ${number}`,
    files: { [GLOBAL]: edited(['proof', 'public_inputs', 0], number) },
    circuits: [own],
  })),
  both('beside a proof that fails', { [GLOBAL]: broken }),
  both('beside a proof that fails and another', { 'a.json': broken, [GLOBAL]: single.files[GLOBAL]! }, single.circuits),
  both('beside a proof that fails and its own', { 'a.json': broken, [GLOBAL]: besideGlobal }),
  both('beside a proof without pin', { [GLOBAL]: besideGlobal }, []),
  both('beside two proofs of one root', {
    'a.json': globalFile(printJson(replaced(parsed(besideGlobal.text), ['general', 'round_num'], parsed('8')))),
    [GLOBAL]: besideGlobal,
  }),
  withPins('of another circuit and round', single, [{ ...other, rounds: ['9'] }]),
  withPins('of another circuit for this round', single, [{ ...other, rounds: ['7'] }]),
  withPins('of another circuit for this round, and its own', single, [{ ...other, rounds: ['7'] }, own]),
  withPins('of this round and of this digest', bare, [{ ...other, rounds: ['7'] }, own]),
  withPins('of this round', bare, [{ ...other, rounds: ['7'] }]),
  withPins('of another round', bare, [{ ...other, rounds: ['9'] }]),
  withPins('given, of another circuit', single, [pinOf(stranger)]),
  withPins('given, for a file without circuit', bare, [pinOf(stranger)]),
  {
    name: 'more recursion levels than any proof',
    files: { [GLOBAL]: globalFile(fileOf(stranger, { levels: 9 })) },
    circuits: [],
  },
  {
    name: 'eight recursion levels',
    files: { [GLOBAL]: globalFile(fileOf(stranger, { levels: 8 })) },
    circuits: [],
  },
];

const short = proved(INPUTS, strong({ queries: 2 }));
/** A tenth of the text and of the work of one that is sound. */
const ofTwoQueries: Call = {
  name: 'a proof of two queries',
  files: { [GLOBAL]: globalFile(fileOf(short)) },
  circuits: [{ ...pinOf(short), batchSize: 4, branchout: 4, levels: 1, tokenCount: 3 }],
  off: ['fri-security'],
};
const rows = GATE_LIST.flatMap(({ name }, gate) => {
  const wires = HONEST_ROWS[name];
  return wires === undefined || name === 'PublicInput' ? [] : [{ gate, constants: CONSTANTS, wires: wires() }];
});
const everyGate = proved(INPUTS, strong({ degreeBits: 4, arityBits: [1, 1, 1] }), {}, rows);
/** Files that nothing is wrong with. */
export const HONEST_ODD: readonly Call[] = [
  {
    name: 'a row of every gate',
    files: { [GLOBAL]: globalFile(fileOf(everyGate)) },
    circuits: [pinOf(everyGate)],
  },
];

/** Files with anything changed in them: most are refused. */
export const ODD_FILES: readonly Call[] = [
  ...USERS,
  ...CALLS,
  ...ODD_CIRCUITS,
  ...of(alone, USER),
  ...of(ofTwoQueries, GLOBAL),
];
