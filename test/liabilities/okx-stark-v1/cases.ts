import { keccak256Hex } from '../../../src/lib/keccak.ts';
import type { Call, Case, CaseFile, Files } from '../cases.ts';
import { type Account, type Cheat, type Made, P, prove } from './prover.ts';
import { asRow, COINS, configText, inclusionOf, MAIN_COINS, trunkOver, valuesText } from './round.ts';

/** The work would take minutes: all but one case leave it out. */
const LAZY = { off: ['proof-of-work'] } as const;
const SUM = 'okx-stark-v1-sum';
const INCLUSION = 'okx-stark-v1-inclusion';

const sum = (text: string): CaseFile => ({ kind: SUM, text });
const account = (id: number, ...coins: bigint[]): Account => ({ id: BigInt(id), coins });
const ACCOUNTS = [account(7, 5n, 6n, 7n, 8n), account(8, -3n, 2n, 10n, 0n), account(9, 100n, 0n, 0n, 4n)];
const honest = (cheat?: Cheat): Made => prove(ACCOUNTS, 16, MAIN_COINS, cheat);
const untouched = honest();

const folder = (name: string, made: Made): Files => ({
  [`${name}/sum_proof.json`]: sum(JSON.stringify(made.proof)),
  [`${name}/sum_values.json`]: sum(valuesText(made)),
});
/** All files of a round. */
const roundOf = (batches: readonly Made[], trunk: Made): Files => ({
  'config.json': sum(configText()),
  ...Object.assign({}, ...batches.map((batch, i) => folder(`batches/a${i}`, batch))),
  ...folder('trunk', trunk),
});
/** A trunk over one batch, whatever sums that publishes. */
const trunkOf = ({ root, coins, total }: Made): Made =>
  prove([{ id: BigInt(`0x${root}`), coins, net: total }], 32, MAIN_COINS, { total });

const caseOf = (
  kind: typeof SUM | typeof INCLUSION,
  check: string,
  name: string,
  files: Files,
  more: Partial<Case> = {},
): Case => ({
  ...{ kind, check, name, files, ...LAZY },
  ...more,
});
/** A round of one batch. */
const lone = (check: string, name: string, made: Made, more: Partial<Case> = {}): Case =>
  caseOf(SUM, check, name, roundOf([made], trunkOf(made)), more);

interface ProofJson {
  readonly mtree_branches: string[][];
  readonly l_mtree_branches: string[][];
  readonly mtree_entries_data: string[][];
  readonly low_degree_proof: string[][][][];
}
/** A copy of the honest proof with one place changed. */
function edited(change: (proof: ProofJson) => void): Made {
  const proof = structuredClone(untouched.proof);
  change(proof as unknown as ProofJson);
  return { ...untouched, proof };
}
const turn = (hex: string): string => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);
const swapNode = (branches: string[][], height: number): void => {
  branches[0]![height] = turn(branches[0]![height]!);
};
/** Rows must stay field elements. */
const inField =
  (change: (net: bigint[], coins: bigint[][]) => void) =>
  (net: bigint[], coins: bigint[][]): void => {
    change(net, coins);
    for (const column of [net, ...coins])
      column.forEach((value, i) => {
        column[i] = ((value % P) + P) % P;
      });
  };
const NEGATIVE = [{ ...account(7, -5n, 0n, 0n, 0n), net: P - 5n }, account(8, 5n, 0n, 0n, 3n)];
const [btc, ...others] = untouched.coins as [bigint, ...bigint[]];

const plusP: Made = { ...untouched, coins: [btc + P, ...others], total: untouched.total + P };

/** What is sampled is known before the spelling of a number is chosen. */
const FIXED = { nonce: '0'.repeat(64) } as const;
const { opened } = honest(FIXED);
/** A position that is opened in one role only. */
const openedOnlyAs = (role: 0 | 1 | 2 | 3): number => {
  const others = new Set(opened.flatMap((places) => places.filter((_, other) => other !== role)));
  return opened.map((places) => places[role]).find((place) => !others.has(place))!;
};

const PROOFS: readonly Case[] = [
  { ...lone('proof-of-work', 'no work done', untouched), off: [] },
  // 128 rows have 126 digits of two bits: P − 4 is as good as any number.
  lone(
    'uts',
    'rows enough for a negative value to wrap',
    prove([account(7, 5n, 5n, 0n, 0n), account(8, -1n, -1n, -1n, -1n)], 128, MAIN_COINS),
  ),
  lone(
    'constraint-net-start',
    'a first digit',
    prove(NEGATIVE, 16, MAIN_COINS, {
      rows: (net) => {
        const quarter = ((P + 1n) / 2n) ** 2n % P;
        for (let row = 30; row > 16; row--) net[row - 1] = (((net[row]! - 1n + P) % P) * quarter) % P;
      },
      zero: ['start'],
    }),
  ),
  lone(
    'constraint-net-digits',
    'no digits',
    prove(NEGATIVE, 16, MAIN_COINS, {
      rows: (net) => {
        for (let row = 16; row < 30; row++) net[row] = 0n;
      },
      zero: ['digits'],
    }),
  ),
  lone('constraint-net-sum', 'an account left out', {
    ...prove(ACCOUNTS, 16, MAIN_COINS, {
      rows: (net, coins) => {
        for (let user = 2; user < 4; user++) net[16 * user + 15]! -= 26n;
        coins[3]![63]! -= 26n;
      },
      zero: ['sum'],
    }),
    ...{ coins: [102n, 8n, 17n, P - 14n], total: P + 113n },
  }),
  lone('constraint-net-total', 'another total', {
    ...honest({ zero: ['total'] }),
    coins: [102n, 8n, 0n, 0n],
    total: 110n,
  }),
  lone(
    'constraint-coin-sum',
    "an account's five coins vanish and the others' grow",
    honest({
      rows: inField((_, coins) => {
        for (let user = 1; user < 4; user++) coins[0]![16 * user + 15]! -= 5n;
        coins[2]![63]! += 5n;
      }),
      zero: ['coin-sum'],
    }),
  ),
  lone('constraint-coin-total', 'another sum of a coin', {
    ...honest({ zero: ['coin-total'] }),
    coins: [101n, 8n, 18n, 12n],
  }),
  lone('linear-combination', 'zero everywhere', honest({ linear: 'zero' })),
  ...[0, 1].map((layer) => lone(`fri-fold-${layer}`, 'a column of zeros', honest({ fold: layer }))),
  lone('fri-last-degree', 'numbers of no polynomial', honest({ wild: true })),
  lone('fri-last-root', 'other last values', honest({ wild: true, last: 'zero' })),
  lone(
    'trace-path',
    'another node',
    edited((proof) => swapNode(proof.mtree_branches, 3)),
  ),
  lone(
    'linear-path',
    'another node',
    edited((proof) => swapNode(proof.l_mtree_branches, 3)),
  ),
  ...[0, 1].flatMap((layer) =>
    (
      [
        [1, 'column'],
        [2, 'value'],
      ] as const
    ).map(([part, name]) =>
      lone(
        `fri-${name}-path-${layer}`,
        'another node',
        edited((proof) => swapNode(proof.low_degree_proof[layer]![part]!, 1)),
      ),
    ),
  ),
  lone(
    'trace-leaf',
    'another random number',
    edited(({ mtree_entries_data: [, , , , , , row] }) => {
      row![3] = turn(row![3]!);
    }),
  ),
  ...(['net', 'coins', 'id', 'linear', 'columns', 'last'] as const).map((wrap) =>
    lone('canonical', `${wrap} plus P`, honest({ wrap })),
  ),
  ...(
    [
      ['net', 0, 'at the place sampled'],
      ['net', 1, 'a row on'],
      ['id', 1, 'a row on'],
      ['coins', 2, 'before the sum'],
      ['coins', 3, 'after the sum'],
    ] as const
  ).map(([wrap, role, where]) =>
    lone('canonical', `${wrap} plus P only ${where}`, honest({ ...FIXED, wrap, only: [openedOnlyAs(role)] })),
  ),
  lone('canonical', 'a last value plus P where none is compared', honest({ wrap: 'last', only: [0] })),
  caseOf(SUM, 'sum-range', 'a coin plus P', roundOf([plusP], trunkOver([plusP]))),
  lone('sum-adds-up', 'a coin less', { ...untouched, coins: [...untouched.coins.slice(0, 3), 0n] }),
  // With these salts all samples of the column lie in the half that is there: one of 2^16 is such.
  ...(
    [
      ['left', { side: 0, salt: 165_813n }, 'right === undefined → false'],
      ['right', { side: 1, salt: 72_888n }, 'left === undefined → false'],
    ] as const
  ).map(([name, half, byCondition]) =>
    lone('fri-column-path-0', `a root of its ${name} half alone`, honest({ half }), { byCondition }),
  ),
  lone(
    'shape',
    'an element too many',
    edited((proof) => proof.mtree_entries_data.push(proof.mtree_entries_data[0]!)),
    { byCondition: 'json.length === length → true' },
  ),
];

const batches = [untouched, honest({ salt: 5n })] as const;
const round = roundOf(batches, trunkOver(batches));
const own = prove(ACCOUNTS, 32, MAIN_COINS);
const merged = { root: batches[0].root, coins: batches[0].coins.map((value) => 2n * value) };
const ROUNDS: readonly Case[] = [
  caseOf(SUM, 'file', 'one that is no JSON', { ...round, 'notes.json': sum('{') }),
  caseOf(SUM, 'number-of-files', 'more than any round has', {
    ...round,
    ...Object.fromEntries(Array.from({ length: 12_288 }, (_, i) => [`${i}.json`, sum(configText())])),
  }),
  caseOf(SUM, 'config', 'one that cannot be', { ...round, 'x/config.json': sum(configText(COINS, 99)) }),
  caseOf(SUM, 'one-config', 'of other coins', {
    ...round,
    'x/config.json': sum(configText([...COINS.slice(0, 3), 'XXX'])),
  }),
  caseOf(SUM, 'one-config', 'of other main coins', { ...round, 'x/config.json': sum(configText(COINS, 1)) }),
  caseOf(SUM, 'sum-values', 'sums without coins', { ...round, 'x/sum_values.json': sum('{"total_value":1}') }),
  caseOf(SUM, 'distinct-roots', 'a root twice', roundOf([own], own)),
  caseOf(
    SUM,
    'batch-sums',
    'a trunk of less',
    roundOf(batches, trunkOver([batches[0], { ...batches[1], coins: [0n, 8n, 17n, 12n] }])),
  ),
  caseOf(SUM, 'trunk-rows', 'half as many', roundOf(batches, prove(batches.map(asRow), 16, MAIN_COINS))),
  caseOf(SUM, 'trunk-places', 'one for two', roundOf(batches, trunkOver([merged]))),
];

const batch = prove([...ACCOUNTS, ...ACCOUNTS, account(3, 1n, 1n, 1n, 1n)], 16, MAIN_COINS);
const trunk = trunkOver([batch, untouched]);
const proven = roundOf([batch, untouched], trunk);
type Inclusion = ReturnType<typeof inclusionOf>;
const inclusion = (value: unknown): CaseFile => ({
  kind: INCLUSION,
  text: typeof value === 'string' ? value : print(value),
});
const print = (value: unknown): string => JSON.stringify(value);
const userCase = (check: string, name: string, file: unknown, files = proven, more: Partial<Case> = {}): Case =>
  caseOf(INCLUSION, check, name, { ...files, 'user.json': inclusion(file) }, { at: -1, ...more });
const changed = (file: Inclusion, part: 'batch' | 'trunk', change: Record<string, unknown>): Inclusion => {
  const key = `${part}_inclusion_proof`;
  return { ...file, [key]: { ...file[key], ...change } };
};
/** A round in whose first batch another account is shown than was added up. */
function shownIn(user: Account): { readonly file: Inclusion; readonly files: Files } {
  const lying = honest({ shown: [user, ...ACCOUNTS.slice(1)] });
  const over = trunkOver([lying, untouched]);
  return { file: inclusionOf(lying, 0, over, 0), files: roundOf([lying, untouched], over) };
}
const shown = (check: string, name: string, user: Account): Case => {
  const { file, files } = shownIn(user);
  return userCase(check, name, file, files);
};
const first = inclusionOf(batch, 0, trunk, 0);
const nodes = (part: 'batch' | 'trunk') =>
  first[`${part}_inclusion_proof`] as { random_number: string; merkle_path: string[] };
const wide = prove(ACCOUNTS, 64, MAIN_COINS);
const wideTrunk = trunkOver([wide]);
/** A trunk that shows another record than it adds up. */
function trunkShowing(row: Account, made: readonly Made[]): { readonly over: Made; readonly files: Files } {
  const over = trunkOver(made, { shown: [row, ...made.slice(1).map(asRow)] });
  return { over, files: roundOf(made, over) };
}
const elsewhere = trunkShowing({ ...asRow(batch), id: 77n }, [batch, untouched]);
const stranger = honest({ salt: 77n });
const strange = trunkShowing(asRow(stranger), [batches[1], batch]);
const wrongSums = trunkShowing({ ...asRow(untouched), coins: [1n, 1n, 1n, 1n] }, [untouched, batch]);

/** A node of a tree where no sample ever looks that stands for two leaves more, and the path of the first of them. */
function below(leaf: string, make: (leaves: NonNullable<Cheat['leaves']>) => Made, uts: number) {
  const twin = 'ab'.repeat(32);
  // Where index 0 of a tree twice as large stands: its place is even, and its parent's is this position of the tree as it is.
  const position = (2 * uts - 2) * 8;
  const made = make((leaves) => {
    leaves[position] = keccak256Hex(Buffer.from(leaf + twin, 'hex'));
  });
  return { made, path: [leaf, twin, ...made.branch(position).slice(1)] };
}
const leafOf = ({ id, coins }: Account, random: string): string => {
  const hex = (value: bigint): string => value.toString(16).padStart(64, '0');
  const hash = (text: string): string => keccak256Hex(Buffer.from(text, 'hex'));
  return hash(hex(coins.reduce((sum, value) => sum + value, 0n)) + hash(coins.map(hex).join('')) + hex(id) + random);
};
const RANDOM = 'cd'.repeat(32);
const lower = (() => {
  const guest = account(3, 1n, 2n, 3n, 4n);
  const { made, path } = below(leafOf(guest, RANDOM), (leaves) => honest({ leaves }), 16);
  const over = trunkOver([made, untouched]);
  const file = changed(inclusionOf(made, 0, over, 0), 'batch', {
    ...{ user_id: guest.id.toString(16).padStart(64, '0'), total_value: '10', BTC: '1', ETH: '2', USDT: '3', OKB: '4' },
    ...{ random_number: RANDOM, merkle_path: path },
  });
  return { file, files: roundOf([made, untouched], over) };
})();
const lowerBatch = (() => {
  const rows = [untouched, batch];
  const { made, path } = below(leafOf(asRow(untouched), RANDOM), (leaves) => trunkOver(rows, { leaves }), 32);
  const file = changed(inclusionOf(untouched, 0, made, 0), 'trunk', { random_number: RANDOM, merkle_path: path });
  return { file, files: roundOf(rows, made) };
})();

const INCLUSIONS: readonly Case[] = [
  userCase(
    'file',
    'a member given twice',
    print(first).replace('{', '{"extra":1,"extra":1,'),
    {},
    {
      ...{ like: { 'user.json': inclusion(first) }, byCondition: 'Object.hasOwn(object, key) → false' },
    },
  ),
  userCase(
    'shape',
    'an amount with a zero before it',
    changed(first, 'batch', { BTC: '05' }),
    {},
    {
      ...{ like: { 'user.json': inclusion(first) }, byCondition: '/^(?:0|-?[1-9]\\d{0,79})$/.test(json) → true' },
    },
  ),
  userCase('amounts', 'a coin plus P', changed(first, 'batch', { BTC: `${5n + P}` })),
  userCase('amounts', 'a coin less 2P', changed(first, 'batch', { BTC: `${5n - 2n * P}` })),
  userCase(
    'amounts',
    "the batch's net value less P",
    changed(first, 'trunk', { total_value: `${BigInt(trunk.record(0).net) - P}` }),
  ),
  userCase(
    'amounts',
    "the batch's net value plus P",
    changed(first, 'trunk', { total_value: `${BigInt(trunk.record(0).net) + P}` }),
  ),
  shown('net', 'a negative one', account(7, -5n, 0n, 0n, 0n)),
  shown('coins-add-up', 'coins that do not', { ...account(7, 5n, 6n, 7n, 8n), net: 0n }),
  userCase(
    'position',
    'an index that names the same leaf',
    changed(first, 'batch', { user_index: 2 ** (nodes('batch').merkle_path.length - 1) - 1 }),
  ),
  userCase('uts', '64 rows', inclusionOf(wide, 0, wideTrunk, 0, 64), roundOf([wide], wideTrunk)),
  ...(['batch', 'trunk'] as const).flatMap((part) => {
    const { random_number, merkle_path } = nodes(part);
    const who = part === 'batch' ? 'user' : 'batch';
    return [
      userCase(`${who}-leaf`, 'another random number', changed(first, part, { random_number: turn(random_number) })),
      userCase(
        `${who}-path`,
        'another node',
        changed(first, part, { merkle_path: merkle_path.with(2, turn(merkle_path[2]!)) }),
      ),
    ];
  }),
  userCase('batch-id', 'a record of another batch', inclusionOf(batch, 0, elsewhere.over, 0), elsewhere.files),
  userCase('config-link', 'other names of coins', print(first).replaceAll('OKB', 'XXX')),
  userCase('trunk-link', 'another trunk', inclusionOf(batch, 0, trunkOver([batch, untouched], { salt: 9n }), 0)),
  userCase('batch-link', 'a batch that was not added up', inclusionOf(stranger, 0, strange.over, 0), strange.files),
  userCase(
    'batch-sums-link',
    'other sums than the batch proves',
    inclusionOf(untouched, 0, wrongSums.over, 0),
    wrongSums.files,
  ),
  userCase(
    'size-link',
    'one leaf at two indexes',
    changed(inclusionOf(batch, 4, trunk, 0), 'batch', { uts: 32, user_index: 1 }),
  ),
  userCase('size-link', 'an account below the leaves', lower.file, lower.files),
  userCase('size-link', 'a batch below the leaves', lowerBatch.file, lowerBatch.files),
  shown('within-totals', 'more than the batch has', account(7, 5_000n, 0n, 0n, 0n)),
];

/** For each check of OKX's zk-STARK files: those that it alone refuses. */
export const CASES: readonly Case[] = [...PROOFS, ...ROUNDS, ...INCLUSIONS];

const single = folder('a', untouched);
const alone: Files = { 'config.json': sum(configText()), ...single };
const one = prove(ACCOUNTS.slice(0, 1), 16, MAIN_COINS);
/** Openings without the nodes that others of them tell: four values of a row are neighbours. */
const short = edited((proof) => {
  for (const branch of proof.low_degree_proof[0]![2]!.slice(0, 4)) branch[1] = '';
});
const indebted = prove([account(7, -5n, 10n, 0n, 0n), account(8, 1n, 1n, 0n, 0n)], 16, MAIN_COINS);
const withMain = (main: number): Files => {
  const made = prove(ACCOUNTS, 16, main);
  const over = prove([asRow(made)], 32, main);
  return { ...roundOf([made], over), 'config.json': sum(configText(COINS, main)) };
};
const flat = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, file], i) => [`${i}_${name.replace(/^.*\//, '')}`, file]));
const above = shownIn(account(7, 4n ** 14n, 0n, 0n, 0n));
/** The same files within a folder. */
const under = (place: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, file]) => [`${place}/${name}`, file]));
const WRONG = sum(valuesText({ coins: [1n, 1n, 1n, 1n], total: 4n }));
const without = (files: Files, name: string): Files =>
  Object.fromEntries(Object.entries(files).filter(([own]) => own !== name));
/** Everything of the length that so many rows demand. */
function hollow(steps: number): Made {
  const [word, depth] = ['0'.repeat(64), Math.log2(16 * steps)];
  const branches = (count: number, nodes: number) => Array.from({ length: count }, () => new Array(nodes).fill(word));
  const layers: unknown[] = [];
  let bound = 4 * steps;
  for (; bound > 16; bound /= 4) {
    const height = Math.log2(4 * bound);
    layers.push([word, branches(16, height - 1), branches(64, height + 1)]);
  }
  return {
    ...untouched,
    proof: {
      ...untouched.proof,
      ...{ steps, mtree_branches: branches(64, depth + 1), l_mtree_branches: branches(16, depth + 1) },
      low_degree_proof: [...layers, new Array(4 * bound).fill(word)],
    },
  };
}
const oneOf32 = prove(ACCOUNTS, 32, MAIN_COINS);
/** How files lie in folders, and what cannot be read of them. */
const ROUND_ODDITIES: readonly Call[] = (
  [
    ['two rounds in folders whose names are of one length', { ...under('jan', round), ...under('feb', proven) }],
    [
      'configurations in more folders than there are rounds',
      Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`${i}/config.json`, sum(configText())])),
    ],
    [
      'a configuration that grew',
      { ...alone, 'x/config.json': { ...sum(configText() + ' '.repeat(70_000)), bytes: 9 } },
    ],
    ['a proof of 8 MB', { ...alone, 'b/sum_proof.json': sum(`{${' '.repeat(8 << 20)}}`) }],
    [
      'a trunk alone, its sums before its proof',
      {
        'trunk/sum_values.json': round['trunk/sum_values.json']!,
        'trunk/sum_proof.json': round['trunk/sum_proof.json']!,
        'config.json': sum(configText()),
      },
    ],
    [
      'a round in one folder, the sums of both batches missing',
      flat(without(without(round, 'batches/a0/sum_values.json'), 'batches/a1/sum_values.json')),
    ],
    [
      'a round in one folder, a batch missing',
      flat(without(without(round, 'batches/a1/sum_proof.json'), 'batches/a1/sum_values.json')),
    ],
    ['a trunk of too few rows in one folder', flat(roundOf(batches, prove(batches.map(asRow), 16, MAIN_COINS)))],
    ['sums of no proof in one folder', flat({ ...proven, 'batches/a0/sum_values.json': WRONG })],
    ['wrong sums beside the right ones', { 'a/0.json': WRONG, ...alone }],
    ['a proof of eight rows an account', roundOf([prove(ACCOUNTS.slice(0, 1), 8, MAIN_COINS)], untouched)],
    ['a proof of more rows than can be sampled', roundOf([hollow(2 ** 20)], untouched)],
    ['a proof of as many rows as can be sampled', roundOf([hollow(2 ** 19)], untouched)],
    [
      'an id in a list',
      { 'u.json': inclusion(changed(first, 'batch', { user_id: [first.batch_inclusion_proof!['user_id']] })) },
    ],
  ] as const
).map(([name, files]) => ({ name, files, ...LAZY }));
/** Files that are odd in one way. */
export const ODD: readonly Call[] = [
  ...[
    ['two rounds', { ...under('jan', proven), ...under('jan2', roundOf([one], trunkOver([one]))) }],
    ['two rounds, one of which fails', { ...under('jan', roundOf([one], trunkOver([one]))), ...under('jan2', single) }],
    [
      'two rounds, one within the other',
      { ...round, ...under('sum_proof_data/old', roundOf([one], trunkOver([one]))) },
    ],
    [
      'two rounds and a proof beside them',
      { ...under('jan', round), ...under('jan2', round), ...folder('a', untouched) },
    ],
    ['a batch missing', Object.fromEntries(Object.entries(round).filter(([name]) => !/a1/.test(name)))],
  ].map(([name, files]) => ({
    name: name as string,
    files: { ...(files as Files), 'u.json': inclusion(first) },
    ...LAZY,
  })),
  { name: 'with the work done', files: { 'config.json': sum(configText()), ...folder('a', honest({ work: true })) } },
  {
    name: 'a net value as high as no proof allows',
    files: { ...above.files, 'u.json': inclusion(above.file) },
    ...LAZY,
  },
  ...(
    [
      ['batch', { user_index: 2 ** 41 }],
      [
        'batch',
        { merkle_path: [...nodes('batch').merkle_path, ...nodes('batch').merkle_path, ...nodes('batch').merkle_path] },
      ],
    ] as const
  ).map(([part, change]) => ({
    name: `an inclusion with ${Object.keys(change)}`,
    files: { 'u.json': inclusion(changed(first, part, change)) },
    ...LAZY,
  })),
  ...[
    edited((proof) => {
      (proof as unknown as Record<string, string>)['pow_nonce'] = 'z'.repeat(64);
    }),
    edited((proof) => {
      proof.mtree_branches[0]![3] = '';
    }),
    edited((proof) => {
      proof.low_degree_proof[1]![1] = twinChanged(proof.low_degree_proof[1]![1]!);
    }),
  ].map((made, i) => ({
    name: `odd proof ${i}`,
    files: { 'config.json': sum(configText()), ...folder('a', made) },
    ...LAZY,
  })),
  ...[[], Array.from({ length: 513 }, (_, i) => `C${i}`)].map((coins) => ({
    name: `a configuration of ${coins.length} coins`,
    files: { 'config.json': sum(configText(coins, 0)), ...folder('a', untouched) },
    ...LAZY,
  })),
  ...ROUND_ODDITIES,
  {
    name: 'sums of nothing in one folder',
    files: {
      ...flat(roundOf(batches, trunkOver(batches))),
      'sum_values.json': sum(valuesText({ coins: [1n, 1n, 1n, 1n], total: 4n })),
    },
    ...LAZY,
  },
  {
    name: 'wrong sums in one folder',
    files: flat({ ...round, 'batches/a0/sum_values.json': sum(valuesText({ coins: [1n, 1n, 1n, 1n], total: 4n })) }),
    ...LAZY,
  },
];
/** The second opening of a place that is opened twice shows another leaf. */
function twinChanged(branches: string[][]): string[][] {
  const at = branches.findIndex((branch, i) => branches.findIndex((other) => other.join() === branch.join()) < i);
  if (at < 0) throw new Error('no place is opened twice');
  const [leaf] = branches[at] as [string];
  // Another element of the field: what is none would be refused before.
  return branches.with(at, branches[at]!.with(0, leaf.slice(0, -1) + (leaf.endsWith('1') ? '2' : '1')));
}
/** Files that nothing is wrong with. */
export const HONEST: readonly Call[] = [
  {
    name: 'a round with accounts',
    files: { ...proven, 'u.json': inclusion(first), 'v.json': inclusion(inclusionOf(untouched, 2, trunk, 1)) },
    ...LAZY,
  },
  { name: 'a round of one batch of one account', files: roundOf([one], trunkOver([one])), ...LAZY },
  { name: 'openings without what others tell', files: roundOf([short], trunkOf(short)), ...LAZY },
  { name: 'a round of one batch of 32 rows', files: roundOf([oneOf32], trunkOf(oneOf32)), ...LAZY },
  { name: 'a coin that is owed on the whole', files: roundOf([indebted], trunkOver([indebted])), ...LAZY },
  ...[0, 4].map((main) => ({ name: `${main} main coins`, files: withMain(main), ...LAZY })),
  { name: 'a configuration twice', files: { ...round, 'x/config.json': sum(configText()) }, ...LAZY },
  { name: 'one batch and its trunk in one folder', files: flat(roundOf([one], trunkOver([one]))), ...LAZY },
  { name: 'one proof only', files: alone, ...LAZY },
  { name: 'proofs without configuration', files: single, ...LAZY },
  {
    name: 'sums without proof',
    files: { 'config.json': sum(configText()), 'sum_values.json': single['a/sum_values.json']! },
    ...LAZY,
  },
  {
    name: 'proofs without their sums',
    files: { 'config.json': sum(configText()), 'sum_proof.json': single['a/sum_proof.json']! },
    ...LAZY,
  },
  { name: 'an account alone', files: { 'u.json': inclusion(first) }, ...LAZY },
  {
    name: 'a round in one folder',
    files: Object.fromEntries(
      Object.entries(round).map(([name, file], i) => [`${i}_${name.replace(/^.*\//, '')}`, file]),
    ),
    ...LAZY,
  },
];
