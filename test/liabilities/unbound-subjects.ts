import { BINANCE_UNTIL_2024 } from '../../src/liabilities/binance/early.ts';
import { R } from '../../src/liabilities/bn254/scalar.ts';
import { HTX } from '../../src/liabilities/htx/format.ts';
import { merkle } from '../../src/liabilities/merkle/format.ts';
import { okxStarkV1 } from '../../src/liabilities/okx-stark-v1/format.ts';
import { okxZkV2 } from '../../src/liabilities/okx-zk-v2/format.ts';
import { P as GOLDILOCKS } from '../../src/liabilities/okx-zk-v2/goldilocks.ts';
import type { CircuitPin, LiabilityKind } from '../../src/liabilities/types.ts';
import { checkFiles, type Layout } from '../../src/liabilities/zkmerkle/check-files.ts';
import { keyGiven } from '../../src/liabilities/zkmerkle/keys.ts';
import { earlyNames } from './binance/early-names.ts';
import { makeSet as makeBinance, SMALL as SMALL_BINANCE } from './binance/set-maker.ts';
import type { Call, CaseFile, Check, Files } from './cases.ts';
import { everyField, fewer } from './every-field.ts';
import { everyCharacter, everyColumn } from './every-line.ts';
import { KEY, makeSet as makeGateio, SMALL as SMALL_GATEIO } from './gateio/set-maker.ts';
import { makeSet as makeHtx } from './htx/set-maker.ts';
import { bitgetOldFile, bitmexFile, leafListFile, okxV1File } from './merkle/generate.ts';
import { bybitFirst, edit, mexcLone, PATH_KINDS, pathFile } from './merkle/path-cases.ts';
import { generated } from './merkle/tree-cases.ts';
import type { Mutation } from './mutations.ts';
import { type Account, prove, P as STARK_PRIME } from './okx-stark-v1/prover.ts';
import { inclusionOf, MAIN_COINS, roundFiles, trunkOver } from './okx-stark-v1/round.ts';
import { fileOf, pinOf, proved, strong } from './okx-zk-v2/global-file.ts';
import { beside, userOf } from './okx-zk-v2/user-file.ts';
import { keyHex } from './zkmerkle/groth16-maker.ts';

/** One file of an honest call, whose every field is changed in turn. */
export interface Subject {
  readonly kind: LiabilityKind;
  /** What docs/liabilities.md calls the file. */
  readonly title: string;
  readonly check: Check;
  readonly call: Call;
  /** The file that is changed. */
  readonly name: string;
  /** The place of the entry that must notice. */
  readonly at: number;
  readonly changes: (text: string) => Iterable<Mutation>;
}

const call = (files: Files, circuits: readonly CircuitPin[] = []): Call => ({ name: '', files, circuits });
const file = (kind: LiabilityKind, text: string): CaseFile => ({ kind, text });
const ALL = Number.POSITIVE_INFINITY;

const path = (kind: LiabilityKind, content: unknown, variant = ''): Subject => ({
  ...{
    kind,
    title: `a customer's path${variant}`,
    check: merkle.check,
    name: 'a.json',
    at: 0,
    changes: everyField(ALL),
  },
  call: call({ 'a.json': file(kind, typeof content === 'string' ? content : JSON.stringify(content)) }),
});
/** Files as published show a nonce of neighbours too, which those that the tests make otherwise do not have. */
const NONCES: Partial<Readonly<Record<LiabilityKind, unknown>>> = {
  'okx-merkle-v1': edit(okxV1File(), ['path', 0, 'nonce'], okxV1File(8, 2).self.nonce),
  bybit: edit(pathFile('bybit'), ['path', 0, 'nonce'], 'n'),
};
const PATHS: readonly Subject[] = [
  ...PATH_KINDS.map((kind) => path(kind, NONCES[kind] ?? pathFile(kind))),
  path('bitget', bitgetOldFile(), ' until October 2025'),
  path('mexc', mexcLone({ BTC: '0' }), ' beside nobody'),
  path('bybit', bybitFirst(), ' of the first rounds'),
];

const okx = generated(5);
const list = leafListFile(3);
const listFiles = {
  list: file('leaf-list', list.list),
  root: file('leaf-list', list.root),
  totals: file('leaf-list', 'BTC:12.5\nETH:3'),
};
const listPlace = {
  list: (line: number): string => (line === 0 ? 'header' : 'line'),
  root: (): string => 'root',
  totals: (_line: number, at: number, text: string): string =>
    at < 0 ? 'line' : at < text.indexOf(':') ? 'asset' : 'amount',
};
const wholeTree = { check: merkle.check, title: 'the tree', name: 't', at: 0 } as const;
const TREES: readonly Subject[] = [
  {
    ...{ ...wholeTree, kind: 'okx-merkle-v2', changes: everyCharacter(() => 'line') },
    call: call({ t: file('okx-merkle-v2', okx.tree) }),
  },
  {
    ...{ kind: 'okx-merkle-v2', title: "a customer's file", check: merkle.check, name: 'u', at: 0 },
    call: call({ u: file('okx-merkle-v2', JSON.stringify(okx.users[0])), t: file('okx-merkle-v2', okx.tree) }),
    changes: everyField(ALL),
  },
  {
    ...{ ...wholeTree, kind: 'bitmex', call: call({ t: file('bitmex', bitmexFile([1n, 20n, 300n, 4000n])) }) },
    changes: everyCharacter((line, at) => (line > 0 ? 'line' : at > 12 ? 'block_height' : 'header')),
  },
  ...(['list', 'root', 'totals'] as const).map(
    (name): Subject => ({
      ...{ kind: 'leaf-list', title: `the ${name}`, check: merkle.check, call: call(listFiles), name, at: 0 },
      changes: everyCharacter(listPlace[name]),
    }),
  ),
];

/** A round of one batch, with a customer's file; the work that a proof takes is not asked for. */
async function starkRound(accounts: readonly Account[]): Promise<Call> {
  const batch = prove(accounts, 16, MAIN_COINS);
  const trunk = trunkOver([batch]);
  const files: Record<string, CaseFile> = {};
  for (const { name, readText } of roundFiles([batch], trunk)) {
    const text = await readText(ALL);
    if (text.ok) files[name.replace('sum_proof_data/', '')] = file('okx-stark-v1-sum', text.value);
  }
  files['u.json'] = file('okx-stark-v1-inclusion', JSON.stringify(inclusionOf(batch, 0, trunk, 0)));
  return { ...call(files), off: ['proof-of-work'] };
}
const round = await starkRound([
  { id: 7n, coins: [5n, 6n, 7n, 8n] },
  { id: 8n, coins: [-3n, 2n, 10n, 0n] },
  { id: 9n, coins: [100n, 0n, 0n, 4n] },
]);
const { 'u.json': _user, ...sumFiles } = round.files;
const sum = { kind: 'okx-stark-v1-sum', check: okxStarkV1.check, call: { ...round, files: sumFiles }, at: 0 } as const;
const SUMS: readonly Subject[] = [
  { ...sum, title: 'config.json', name: 'config.json', changes: everyField(ALL) },
  ...(['batch', 'trunk'] as const).flatMap((part): readonly Subject[] => {
    const folder = part === 'batch' ? 'batches/a0' : part;
    return [
      {
        ...{ ...sum, title: `sum_values.json of the ${part}`, name: `${folder}/sum_values.json` },
        changes: everyField(ALL, STARK_PRIME),
      },
      { ...sum, title: `sum_proof.json of the ${part}`, name: `${folder}/sum_proof.json`, changes: everyField(2) },
    ];
  }),
  {
    ...{ kind: 'okx-stark-v1-inclusion', title: "a customer's file", check: okxStarkV1.check, name: 'u.json', at: 2 },
    ...{ call: round, changes: everyField(2, STARK_PRIME) },
  },
];

// Of few samples, which are checked one like another: that they are too few is another check's matter.
const made = proved([1000n, 10n, 1n, 2n, 3n, 4n], strong({ queries: 4 }));
const globalCall = (levels: number, pin: CircuitPin): Call => ({
  ...call({ g: file('okx-zk-v2-global', fileOf(made, { levels })) }, [pin]),
  off: ['fri-security'],
});
const known: CircuitPin = { ...pinOf(made), batchSize: 4, branchout: 4, levels: 2, tokenCount: 3 };
const global = { kind: 'okx-zk-v2-global', check: okxZkV2.check, name: 'g', at: 0 } as const;
const besideProof = beside(userOf({ equity: ['50', '0'], debt: ['0', '7'], middle: true }), undefined, {
  branchout: 3,
});
const OKX_ZK: readonly Subject[] = [
  {
    // With two levels of recursion, so that one configuration is not the last.
    ...{ ...global, title: 'the global proof', call: globalCall(2, known) },
    changes: fewer(everyField(1, GOLDILOCKS), ({ place, what }) => {
      if (/prime/.test(what)) return /^proof|^root_vd/.test(place);
      return !/spelling|sign|name/.test(what) && !(/member/.test(what) && place.includes('_circuit_config'));
    }),
  },
  {
    ...{ ...global, title: 'the same, if the known circuit names only itself', call: globalCall(2, pinOf(made)) },
    changes: fewer(everyField(1), ({ place }) => /^general|^circuits_info\.recursive_circuit_configs$/.test(place)),
  },
  {
    // Its one configuration is the last, which has to be the known circuit's.
    ...{ ...global, title: 'the global proof of one level' },
    call: globalCall(1, { ...known, levels: 1 }),
    changes: fewer(
      everyField(1),
      ({ place, what }) => place.startsWith('circuits_info.recursive_circuit_configs') && !/spelling/.test(what),
    ),
  },
  {
    ...{ kind: 'okx-zk-v2-inclusion', title: "a customer's file", check: okxZkV2.check, name: 'user.json', at: 1 },
    ...{ call: { name: '', ...besideProof }, changes: everyField(1, GOLDILOCKS) },
  },
];

/** The published files and a customer's of an exchange with batch proofs. */
function batchSubjects(
  layout: Layout,
  { table, list, users }: { readonly table: string; readonly list: string; readonly users: readonly string[] },
  variant = '',
  circuits: readonly CircuitPin[] = [],
): readonly Subject[] {
  const { kind } = layout;
  const check: Check = (files, options, off) => checkFiles(files, options, layout, off);
  const published = { t: file(kind, table), l: file(kind, list) };
  const common = { kind, check, changes: everyField(1, R) };
  return [
    {
      ...{ ...common, title: `the table${variant}`, call: call(published, circuits), name: 't', at: 0 },
      changes: everyColumn,
    },
    { ...common, title: `the list of assets${variant}`, call: call(published), name: 'l', at: 0 },
    {
      ...{ ...common, title: `a customer's file${variant}`, name: 'u', at: 1 },
      call: call({ ...published, u: file(kind, users[0]!) }),
    },
  ];
}
const key = keyGiven(keyHex(KEY), 'the key of the round');
const gateio = makeGateio();
const early = { table: gateio.table, list: earlyNames(gateio.list), users: gateio.users.map(earlyNames) };
const ZKMERKLE: readonly Subject[] = [
  ...batchSubjects(SMALL_GATEIO, gateio, '', key.ok ? [key.value] : []),
  ...batchSubjects({ ...SMALL_BINANCE, drafts: [] }, makeBinance()),
  ...batchSubjects(SMALL_BINANCE, makeBinance({ layout: 'two-roots' }), ' until May 2026').slice(0, 1),
  ...batchSubjects({ ...BINANCE_UNTIL_2024, versions: SMALL_GATEIO.versions }, early, ' until September 2024'),
  // Its list tells the number of assets: the larger circuits need not be tried.
  ...batchSubjects({ ...HTX, versions: [] }, makeHtx(9)),
];

/** Every file of every format: between them, every field that a publisher's file has. */
export const SUBJECTS: readonly Subject[] = [...PATHS, ...TREES, ...SUMS, ...OKX_ZK, ...ZKMERKLE];
