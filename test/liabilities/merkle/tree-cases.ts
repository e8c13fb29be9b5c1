import type { Call, Case, CaseFile } from '../cases.ts';
import { allChanges, callsOf, lineChanges } from '../mutations.ts';
import { bitmexFile, leafListFile, okxV2Files, okxV2Tree, sha } from './generate.ts';

export const amountsOf = (count: number): [string, string, string][] =>
  Array.from({ length: count }, (_, at) => [
    at % 3 === 0 ? '0' : `${at}.00${at}1`,
    at % 4 === 0 ? '0' : `0.${String(at).padStart(8, '0')}`.replace(/\.?0+$/, ''),
    `${at * 1000}.5`,
  ]);
export const generated = (count: number) => okxV2Files(amountsOf(count), [2, count - 2]);
export const leaf = (amounts: readonly string[], at = 0) => ({ hash: sha(`leaf ${at}`), amounts });
/** Leaves without balance: parents and their padding are one and the same line. */
export const zeros = (count: number): string =>
  okxV2Tree(Array.from({ length: count }, () => ({ hash: sha('nobody'), amounts: ['0', '0', '0'] })));

const okx = (text: string): CaseFile => ({ kind: 'okx-merkle-v2', text });
const bitmex = (text: string): CaseFile => ({ kind: 'bitmex', text });
const list = (text: string): CaseFile => ({ kind: 'leaf-list', text });
const json = (value: unknown): CaseFile => okx(typeof value === 'string' ? value : JSON.stringify(value));

const negative = (): string => okxV2Tree([leaf(['-1', '0', '0']), leaf(['3', '0', '0'], 1)]);
/** Six leaves make three parents; the fourth, printed first, fills the level up: here with a line that is no empty copy. */
function strangePadding(eth: string, change: (line: string) => string): string {
  const lines = okxV2Tree(Array.from({ length: 6 }, (_, at) => leaf([`${at}`, '0', '0'], at))).split('\n');
  const hashOf = (line: string): string => line.slice(0, 64);
  const [left, filler, last] = [lines[2]!, change(lines[3]!), lines[4]!];
  const right = sha(`${hashOf(last)}${hashOf(filler)}9${eth}03`);
  const root = sha(`${hashOf(left)}${right}15${eth}04`);
  return [
    `${root},4,{"BTC":"15","ETH":"${eth}","USDT":"0"}`,
    `${right},3,{"BTC":"9","ETH":"${eth}","USDT":"0"}`,
    left,
    filler,
    ...lines.slice(4),
  ].join('\n');
}
const withEth = (line: string): string => line.replace('"ETH":"0"', '"ETH":"5"');
const ofNobody = (line: string): string => sha('nobody') + line.slice(64);
/** Six equal leaves under four equal parents, of which one has no children but counts. */
function oneMoreOfARun(): string {
  const line = (hash: string, height: number, btc: number): string =>
    `${hash},${height},{"BTC":"${btc}","ETH":"0","USDT":"0"}`;
  const [leafHash, times] = [sha('leaf'), (count: number, one: string): string[] => new Array<string>(count).fill(one)];
  const parent = sha(`${leafHash}${leafHash}2002`);
  const above = sha(`${parent}${parent}4003`);
  return [
    line(sha(`${above}${above}8004`), 4, 8),
    ...times(2, line(above, 3, 4)),
    ...times(4, line(parent, 2, 2)),
    ...times(6, line(leafHash, 1, 1)),
  ].join('\n');
}
/** Six leaves of which the third and fourth are empty, with a line more among their three parents. */
function extraParent(made: (parents: readonly string[]) => readonly string[]): string {
  const empty = { hash: sha('nobody'), amounts: ['0', '0', '0'] };
  const six = [
    leaf(['1', '0', '0']),
    leaf(['2', '0', '0'], 1),
    empty,
    empty,
    leaf(['3', '0', '0'], 2),
    leaf(['4', '0', '0'], 3),
  ];
  const all = okxV2Tree(six).split('\n');
  // Root, two above, the filler and three parents, six leaves.
  const parents = made(all.slice(4, 7));
  const node = (line: string) => ({ hash: line.slice(0, 64), btc: BigInt(/"BTC":"(\d+)"/.exec(line)![1]!) });
  const join = (right: string, left: string, height: number): string => {
    const [a, b] = [node(left), node(right)];
    const sum = a.btc + b.btc;
    return `${sha(`${a.hash}${b.hash}${sum}00${height}`)},${height},{"BTC":"${sum}","ETH":"0","USDT":"0"}`;
  };
  const above = [join(parents[0]!, parents[1]!, 3), join(parents[2]!, parents[3]!, 3)];
  return [join(above[0]!, above[1]!, 4), ...above, ...parents, ...all.slice(7)].join('\n');
}
const emptied = (line: string): string => line.replace(/"BTC":"\d+"/, '"BTC":"0"');
/** Two leaves with one hash of which the first printed is no empty copy. */
const twins = (): string =>
  okxV2Tree([
    { hash: sha('twin'), amounts: ['1', '0', '0'] },
    { hash: sha('twin'), amounts: ['2', '0', '0'] },
  ]);
const lines = (text: string, change: (all: string[]) => string[]): string => change(text.split('\n')).join('\n');
const lastLine = (change: (line: string) => string) => (all: string[]) => all.with(-1, change(all.at(-1)!));
/** More levels than a tree may have: one account, filled up at each. */
function tooManyLevels(): string {
  const balances = (btc: number): string => `{"BTC":"${btc}","ETH":"0","USDT":"0"}`;
  let hash = sha('account');
  const made: string[] = [];
  for (let height = 1; height < 50; height += 1) {
    made.unshift(`${hash},${height},${balances(0)}`, `${hash},${height},${balances(1)}`);
    hash = sha(`${hash}${hash}100${height + 1}`);
  }
  return [`${hash},50,${balances(1)}`, ...made].join('\n');
}

const anotherRoot = list(sha('another root'));
const BIG = { bytes: 2 ** 36 + 1 };
const tree8 = generated(8).tree;

const TREES: readonly (readonly [string, string, CaseFile])[] = [
  ['signs', 'a negative leaf', okx(negative())],
  ['padding', 'a level filled up with an amount', okx(strangePadding('5', withEth))],
  [
    'padding',
    'a level filled up with an amount of nobody',
    okx(strangePadding('5', (line) => ofNobody(withEth(line)))),
  ],
  ['padding', 'a level filled up with an empty node of nobody', okx(strangePadding('0', ofNobody))],
  ['padding', 'one more of a run of equal nodes', okx(oneMoreOfARun())],
  ['signs', 'minus zero', okx(okxV2Tree([leaf(['-0', '0', '0']), leaf(['3', '0', '0'], 1)]))],
  ['padding', 'a node doubled under another balance', okx(twins())],
  ['parents', 'another root', okx(tree8.replace(/^[0-9a-f]{64}/, sha('another root')))],
  [
    'levels',
    'a leaf of another height',
    okx(
      lines(
        tree8,
        lastLine((line) => line.replace(',1,{', ',7,{')),
      ),
    ),
  ],
  [
    'amounts',
    'a leaf whose amount is no plain number counts for nothing',
    okx(
      lines(okxV2Tree([leaf(['0', '0', '0']), leaf(['2', '0', '0'], 1)]), (all) => [
        ...all.slice(0, -1),
        all.at(-1)!.replace('"BTC":"0"', '"BTC":"1e3"'),
      ]),
    ),
  ],
  [
    'lines',
    'a leaf in upper case',
    okx(okxV2Tree([{ ...leaf(['1', '0', '0']), hash: sha('x').toUpperCase() }, leaf(['2', '0', '0'], 1)])),
  ],
  ['size', 'larger than any', { ...okx(tree8), ...BIG }],
  ['levels', 'more than a tree can have', okx(tooManyLevels())],
  ['signs', 'a negative leaf', bitmex(bitmexFile([5n, -1n]))],
  ['parents', 'another root', bitmex(bitmexFile([1n, 2n]).replace(/[0-9a-f]{64}/, sha('another root')))],
  ['levels', 'two leaves less', bitmex(lines(bitmexFile([1n, 2n, 3n, 4n]), (all) => all.slice(0, -2)))],
  ['amounts', 'a total of more than 64 bits', bitmex(bitmexFile([2n ** 64n - 1n, 1n]))],
  ['lines', 'another header', bitmex(bitmexFile([1n, 2n]).replace('block_height:100', 'block_height:x'))],
  ['size', 'larger than any', { ...bitmex(bitmexFile([1n, 2n])), ...BIG }],
];

/** A customer with one leaf, and the tree that holds it beside another's. */
function oneUser(
  change: { nonce?: string; total?: string; leafHash?: string; amounts?: string; userHash?: string; upper?: true } = {},
) {
  const { nonce = sha('nonce'), amounts = '3' } = change;
  const balances = { BTC: change.total ?? amounts, ETH: '0', USDT: '0' };
  const userHash = sha(`${change.userHash ?? nonce}{"BTC":"${balances.BTC}","ETH":"0","USDT":"0"}`);
  const leafHash = change.leafHash ?? sha(`${userHash}${amounts}00`);
  const user = {
    hash: change.upper ? userHash.toUpperCase() : userHash,
    nonce,
    totalBalances: balances,
    nodes: [{ hash: leafHash, balances: { ...balances, BTC: amounts } }],
  };
  const tree = okxV2Tree([
    { hash: leafHash, amounts: [/^-?[\d.]+$/.test(amounts) ? amounts : '0', '0', '0'] },
    leaf(['2', '0', '0'], 1),
  ]);
  return { user, tree };
}
function besideTree(
  check: string,
  name: string,
  { user, tree }: { user: unknown; tree: string },
  more: Partial<Case> = {},
): Case {
  return { kind: 'okx-merkle-v2', check, name, files: { 'user.json': json(user), 'tree.txt': okx(tree) }, ...more };
}
const plain = oneUser();
const unread = oneUser({ amounts: '1e3' });
const USERS: readonly Case[] = [
  besideTree(
    'file',
    'a member given twice',
    { ...plain, user: JSON.stringify(plain.user).replace('{', '{"extra":1,"extra":2,') },
    { byCondition: 'Object.hasOwn(object, key) → false' },
  ),
  besideTree('shape', 'a nonce longer than any', oneUser({ nonce: 'n'.repeat(300) }), {
    byCondition: 'value.length <= MAX_TEXT → true',
  }),
  besideTree('amounts', 'one that is no plain number counts for nothing', {
    ...unread,
    tree: unread.tree.replace('"BTC":"0"', '"BTC":"1e3"'),
  }),
  besideTree('signs', 'a negative leaf', { ...oneUser({ amounts: '-1' }), tree: oneUser({ amounts: '-1' }).tree }),
  besideTree('user-hash', 'another nonce', oneUser({ userHash: 'other' })),
  besideTree('leaf', 'of another customer', oneUser({ leafHash: sha('x') })),
  besideTree('leaf-sums', 'less than the balance shown', oneUser({ total: '4' })),
  besideTree('tree-link', 'a tree without the leaf', { ...plain, tree: generated(4).tree }),
];

const { list: leaves5, root: root5 } = leafListFile(5);
function listCase(
  check: string,
  name: string,
  text: string,
  root = root5,
  more: Partial<Case> & { bytes?: number } = {},
): Case {
  const { bytes, ...rest } = more;
  const file = { ...list(text), ...(bytes === undefined ? {} : { bytes }) };
  return {
    kind: 'leaf-list',
    check,
    name,
    files: { 'list.txt': file, 'root.txt': list(root), ...rest.files },
    ...(rest.at ? { at: rest.at } : {}),
  };
}
/** Two leaves of 64 and of 128 bits. */
function mixedList() {
  const [a, b] = [sha('a').slice(0, 16), sha('b').slice(0, 32)];
  return { list: `Level\tHash\n2,0\t${a}\n2,1\t${b}`, root: sha(Buffer.from(a + b, 'hex')) };
}
const LISTS: readonly Case[] = [
  listCase('lines', 'a line that is none', `${leaves5}\nx`),
  listCase('lines', 'leaves of two lengths', mixedList().list, mixedList().root),
  listCase('positions', 'a gap', leaves5.replace('4,1\t', '4,2\t')),
  listCase('positions', 'another level than the count gives', leaves5.replaceAll(/^4,/gm, '5,')),
  listCase('positions', 'two levels', leaves5.replace('4,1\t', '3,1\t')),
  listCase('root-link', 'another root published', leaves5, sha('x')),
  listCase('size', 'larger than any', leaves5, root5, { bytes: 2 ** 34 + 1 }),
  listCase('totals', 'one that is no plain number', leaves5, root5, {
    files: { 'totals.txt': list('BTC:1\nETH:-5') },
  }),
];

/** For each check of whole trees, customers' leaves and leaf lists: files that it alone refuses. */
export const TREE_CASES: readonly Case[] = [
  ...TREES.map(([check, name, file]): Case => ({ kind: file.kind, check, name, files: { tree: file } })),
  ...[okx(tree8), bitmex(bitmexFile([1n, 2n]))].map(
    (file): Case => ({
      kind: file.kind,
      check: 'root-link',
      name: 'another root published',
      files: { tree: file, 'root.txt': anotherRoot },
    }),
  ),
  ...USERS,
  ...LISTS,
];

/** A tree's one line, as though leaves were their own root. */
const oneLine = tree8.split('\n').at(-1)!;
const okxRoot = (tree: string): string => tree.slice(0, 64);
const cut = okxV2Files(
  [
    ['0.000000019', '1', '1'],
    ['0.00000001', '2', '1'],
    ['1', '3.999999999', '0'],
  ],
  [2, 1],
);
const big = okxV2Files(amountsOf(70), [2, 68]);

/** Trees and lists that nothing is wrong with. */
export const HONEST_TREES: readonly Call[] = [
  ...[2, 3, 5, 6, 7, 8, 11].map((count) => ({
    name: `OKX tree of ${count}`,
    files: { t: okx(generated(Math.max(count, 3)).tree) },
  })),
  ...[2, 3, 5, 6, 9].map((count) => ({ name: `OKX tree of ${count} empty leaves`, files: { t: okx(zeros(count)) } })),
  {
    name: 'OKX tree with its customers',
    files: { t: okx(big.tree), u: json(big.users[0]), v: json(big.users[1]), r: list(okxRoot(big.tree)) },
  },
  {
    name: 'OKX tree whose last leaves are empty',
    files: {
      t: okx(
        okxV2Tree(
          Array.from({ length: 10 }, (_, at) =>
            at < 6 ? leaf([`${at}`, '0', '0'], at) : { hash: sha('nobody'), amounts: ['0', '0', '0'] },
          ),
        ),
      ),
    },
  },
  {
    name: 'OKX tree of cut sums',
    files: {
      t: okx(
        okxV2Files(
          [
            ['0.000000019', '1', '1'],
            ['0.000000019', '2', '1'],
            ['1', '3.999999999', '0'],
          ],
          [1, 2],
        ).tree,
      ),
    },
  },
  { name: 'one customer of one leaf', files: { u: json(plain.user), t: okx(plain.tree) } },
  ...[{ upper: true } as const, { amounts: '3.123456789' }].map((change) => {
    const { user, tree } = oneUser(change);
    return { name: `a customer with ${JSON.stringify(change)}`, files: { u: json(user), t: okx(tree) } };
  }),
  { name: 'a customer beside a tree of BitMEX', files: { u: json(plain.user), t: bitmex(bitmexFile([1n, 2n])) } },
  {
    name: 'trees beside a root of another length',
    files: { t: okx(tree8), b: bitmex(bitmexFile([1n, 2n])), r: list('ab'.repeat(8)) },
  },
  {
    name: 'a tree of BitMEX with its root',
    files: { b: bitmex(bitmexFile([1n, 2n])), r: list(bitmexFile([1n, 2n]).slice(17, 81)) },
  },
  { name: 'trees of lines', files: { t: okx(big.tree), b: bitmex(bitmexFile([1n, 2n])) }, linesOnly: true },
  { name: 'a list of lines', files: { l: list(leaves5), r: list(root5) }, linesOnly: true },
  { name: 'a list beside a root of another length', files: { l: list(leaves5), r: list(sha('x').slice(0, 32)) } },
  { name: 'a list without places', files: { l: list(leaves5.replaceAll(/,\d+\t/g, '\t')), r: list(root5) } },
  { name: 'a customer alone', files: { u: json(big.users[0]) } },
  {
    name: 'a customer of several leaves with more decimals than sums have',
    files: { t: okx(cut.tree), u: json(cut.users[0]) },
  },
  { name: 'BitMEX tree', files: { t: bitmex(bitmexFile([1n, 2n, 2n ** 63n, 10n ** 15n])) } },
  {
    name: 'larger BitMEX tree',
    files: { t: bitmex(bitmexFile(Array.from({ length: 64 }, (_, at) => BigInt(at) ** 9n))) },
  },
  ...[1, 2, 3, 5, 8].map((count) => {
    const made = leafListFile(count);
    return { name: `list of ${count}`, files: { l: list(made.list), r: list(made.root), t: list('BTC:12.5\nETH:3') } };
  }),
  { name: 'a list alone', files: { l: list(leaves5) } },
  { name: 'a root alone', files: { r: list(root5) } },
];

const six = okxV2Files(amountsOf(6), [2, 4]);
const changedLines = (name: string, file: CaseFile): readonly Call[] =>
  callsOf({ [name]: file }, name, lineChanges(file.text));
const small = {
  'list.txt': list(leafListFile(3).list),
  'root.txt': list(leafListFile(3).root),
  'totals.txt': list('BTC:12.5'),
};

/** Trees and lists that are odd in one way. */
export const ODD_TREES: readonly Call[] = [
  {
    name: 'two lists beside totals',
    files: { l: list(leaves5), m: list(leafListFile(3).list), r: list(root5), t: list('BTC:1') },
  },
  {
    name: 'a customer beside a tree of others, and its own',
    files: { u: json(plain.user), s: okx(tree8), t: okx(plain.tree) },
  },
  { name: 'an empty copy among the parents', files: { t: okx(extraParent(([a, b, c]) => [a!, b!, emptied(c!), c!])) } },
  { name: 'an empty parent twice', files: { t: okx(extraParent(([a, b, c]) => [a!, b!, b!, c!])) } },
  { name: 'four of eight empty leaves left out', files: { t: okx(zeros(8).split('\n').slice(0, -4).join('\n')) } },
  { name: 'two of eight empty leaves left out', files: { t: okx(zeros(8).split('\n').slice(0, -2).join('\n')) } },
  { name: 'a leaf as a tree', files: { t: okx(oneLine) } },
  {
    name: 'a line longer than any is read',
    files: { l: list(`${leaves5}\n${'a'.repeat(2 ** 20 + 1)}`), r: list(root5) },
  },
  {
    name: 'lines that are longer than any',
    files: { t: okx(`${tree8}\n${'a'.repeat(2 ** 20 + 1)}`) },
    linesOnly: true,
  },
  {
    name: 'a customer beside a tree that failed',
    files: { u: json(plain.user), t: okx(plain.tree.replace('"BTC":"2"', '"BTC":"9"')) },
  },
];

/** Trees and lists with anything changed in them: most are refused. */
export const CHANGED_TREES: readonly Call[] = [
  ...changedLines('tree of six', okx(six.tree)),
  ...changedLines('tree of three empty leaves', okx(zeros(3))),
  ...changedLines('BitMEX', bitmex(bitmexFile([1n, 20n, 300n, 4000n]))),
  ...callsOf({ u: json(six.users[0]), t: okx(six.tree) }, 'u', allChanges(JSON.stringify(six.users[0]), 1)),
  ...Object.keys(small).flatMap((name) => callsOf(small, name, lineChanges(small[name as 'list.txt'].text))),
];
