import type { Call, Case, Files } from '../cases.ts';
import { allChanges, callsOf } from '../mutations.ts';
import {
  type Balances,
  balancesOf,
  bitgetFile,
  bitgetOldFile,
  bybitFile,
  chainAssets,
  chainFile,
  coinexFile,
  htxFile,
  mexcFile,
  type Neighbour,
  okxV1File,
  type PathKind,
  sha,
} from './generate.ts';

type Place = readonly (string | number)[];
type Edit = readonly [Place, unknown];

/** The same JSON with one place changed; −1 is the last of a list, `undefined` leaves a member out. */
export function edit(value: unknown, [key, ...rest]: Place, to: unknown): unknown {
  if (key === undefined) return to;
  if (Array.isArray(value)) {
    const at = (key as number) < 0 ? value.length + (key as number) : (key as number);
    return value.map((item, i) => (i === at ? edit(item, rest, to) : item));
  }
  return { ...(value as object), [key]: edit((value as Record<string, unknown>)[key], rest, to) };
}

/** How each format is made, and where in its file things stand. */
const FORMATS: Readonly<
  Record<
    PathKind,
    { make(at?: number, balances?: typeof balancesOf): unknown; root: Place; amounts: string; hash: string }
  >
> = {
  'okx-merkle-v1': { make: (at, own) => okxV1File(8, at, own), root: ['path', -1], amounts: 'balances', hash: 'hash' },
  bitget: { make: (at, own) => bitgetFile(8, at, own), root: ['path', -1], amounts: 'balances', hash: 'merkelLeaf' },
  mexc: { make: (at, own) => mexcFile(8, at, own), root: ['pathList', -1], amounts: 'balances', hash: 'hash' },
  bybit: { make: (at) => bybitFile(8, at), root: ['path', -1], amounts: 'balance', hash: 'hash' },
  htx: { make: (at, own) => htxFile(8, at, own), root: ['data', 0], amounts: 'balances', hash: 'hash' },
  coinex: { make: (at) => coinexFile('itself', at), root: ['root'], amounts: 'balances', hash: 'hash' },
};
export const PATH_KINDS = Object.keys(FORMATS) as readonly PathKind[];
export const pathFile = (kind: PathKind, at = 3): unknown => FORMATS[kind].make(at);

const DIGITS: Partial<Readonly<Record<PathKind, number>>> = { bitget: 16, mexc: 32 };
const hashOf = (kind: PathKind, text: string): string => sha(text).slice(0, DIGITS[kind] ?? 64);
const filesOf = (kind: PathKind, ...contents: readonly unknown[]): Files =>
  Object.fromEntries(
    contents.map((content, i) => [
      `${i}.json`,
      { kind, text: typeof content === 'string' ? content : JSON.stringify(content) },
    ]),
  );

const ownOf = (kind: PathKind): Balances => balancesOf(1, chainAssets(kind));
const none = (kind: PathKind): Balances => Object.fromEntries(chainAssets(kind).map((asset) => [asset, 0n]));
/** A path of one neighbour, or as many as given. */
const chain = (kind: PathKind, ...neighbours: readonly Partial<Neighbour>[]): unknown =>
  chainFile(kind, ownOf(kind), () =>
    neighbours.map((one, at) => ({ hash: hashOf(kind, `neighbour ${at}`), balances: none(kind), ...one })),
  );
const tall = (kind: PathKind, levels: number): unknown => chain(kind, ...Array.from({ length: levels }, () => ({})));
const text = (json: unknown, change: (text: string) => string): string => {
  const [before, after] = [JSON.stringify(json), change(JSON.stringify(json))];
  if (before === after) throw new Error('nothing was changed');
  return after;
};

/** A path of MEXC whose one neighbour has no hash, so no place in the parent, but these balances. */
export function mexcLone(empty: Readonly<Record<string, string>>, own = mexcFile(2, 0).self): unknown {
  const sums = Object.entries(own.balances)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([asset, amount]) => `${asset}:${amount}`);
  const hash = sha(`${own.hash},,${sums.join(',')}`).slice(0, 32);
  return {
    pathList: [
      { level: 0, type: 2, hash: '', balances: empty },
      { level: 1, type: 3, hash, balances: own.balances },
    ],
    self: own,
  };
}

/** The same of an account whose first amount stands in its id: the text that is hashed is no other. */
function mexcHidden(): unknown {
  const { balances, accountId, ...own } = mexcFile(2, 0).self;
  const [first, ...others] = Object.entries(balances).sort(([a], [b]) => (a < b ? -1 : 1));
  const hidden = `${accountId},${first!.join(':')}`;
  return mexcLone({}, { ...own, accountId: hidden, balances: Object.fromEntries(others) });
}

/** What each format demands besides: each edit is refused by that check alone. */
const EDITS: Partial<Readonly<Record<PathKind, readonly (readonly [string, string, Edit, number?])[]>>> = {
  'okx-merkle-v1': [
    ['leaf', 'another nonce', [['self', 'nonce'], 'other']],
    ['sides', 'a root that is none', [['path', -1, 'type'], 2]],
    ['sides', 'both on one side', [['self', 'type'], 1]],
    ['sides', 'both on the other side', [['self', 'type'], 2], 2],
    ['sides', 'an account that is neither left nor right', [['self', 'type'], 3]],
    ['sides', 'a neighbour of no known side', [['path', 1, 'type'], 5], 0],
    ['heights', 'the account', [['self', 'height'], 2]],
    ['padding', 'an empty neighbour with balance', [['path', 0, 'type'], 4], 2],
    ['round', 'a neighbour of another audit', [['path', 0, 'auditId'], 'other']],
  ],
  bitget: [
    ['leaf', 'another nonce', [['self', 'nonce'], 'other']],
    ['sides', 'both on one side', [['self', 'role'], 1]],
    ['sides', 'a root that is none', [['path', -1, 'role'], 2]],
    ['sides', 'a neighbour of no known side', [['path', 1, 'role'], 5], 0],
    ['heights', 'the account', [['self', 'level'], 2]],
    ['padding', 'an empty neighbour with balance', [['path', 0, 'role'], 0], 2],
    ['round', 'a neighbour of another audit', [['path', 0, 'auditId'], 'other']],
    // The amount left out is zero: every sum and every parent stays the same.
    ['assets', 'one less', [['path', 0, 'balances', 'USDC'], undefined], 2],
  ],
  mexc: [
    ['leaf', 'another account', [['self', 'accountId'], 'other']],
    ['sides', 'both on one side', [['self', 'type'], 1]],
    ['sides', 'a root that is none', [['pathList', -1, 'type'], 2]],
    ['sides', 'a neighbour of no known side', [['pathList', 1, 'type'], 5], 0],
    ['heights', 'the account', [['self', 'level'], 1]],
  ],
  bybit: [
    ['leaf', 'another account', [['self', 'userHash'], 'other']],
    ['sides', 'both on one side', [['self', 'type'], 1]],
    ['sides', 'a root that is none', [['path', -1, 'type'], 2]],
    ['sides', 'a neighbour of no known side', [['path', 1, 'type'], 5], 0],
    ['heights', 'the account', [['self', 'height'], 2]],
    ['padding', 'an empty neighbour with balance', [['path', 0, 'type'], 4], 2],
    ['round', 'a neighbour of another audit', [['path', 0, 'auditId'], 'other']],
    ['assets', 'one less', [['path', 0, 'balance', 'USDC'], undefined], 2],
  ],
  htx: [['sides', 'both on one side', [['data', -1, 'r'], 0]]],
};

function caseOf(kind: PathKind, check: string, name: string, file: unknown, more: Partial<Case> = {}): Case {
  return { kind, check, name, files: filesOf(kind, file), ...more };
}

const one = (kind: PathKind, more: Partial<Neighbour> = {}): readonly Neighbour[] => [
  { hash: hashOf(kind, 'neighbour'), balances: none(kind), ...more },
];
/** The root's first amount with a zero behind it, which is the same number. */
function moreZeros(kind: PathKind): string {
  if (kind === 'htx')
    return htxFile().data[0]!.balances.replace(/btc:([^,]*)/, (_all, amount) => `btc:${zeroBehind(amount)}`);
  const file = pathFile(kind) as { path: Record<string, Record<string, string>>[] };
  return zeroBehind(file.path.at(-1)![FORMATS[kind].amounts]!['BTC']!);
}
const zeroBehind = (amount: string): string => (amount.includes('.') ? `${amount}0` : `${amount}.0`);

function casesOf(kind: PathKind): readonly Case[] {
  const { make, root, amounts, hash } = FORMATS[kind];
  const btc = kind === 'htx' ? 'btc' : 'BTC';
  const honest = make(3);
  const rootTexts = kind === 'htx' ? root.concat(amounts) : root.concat(amounts, btc);
  const otherSum =
    kind === 'htx' ? htxFile().data[0]!.balances.replace(/btc:[^,]*/, 'btc:1') : kind === 'bybit' ? '1.00000000' : '1';
  const neighbour = (one: Partial<Neighbour>): Partial<Neighbour> => ({
    balances: balancesOf(2, chainAssets(kind)),
    ...one,
  });
  const minus = { ...balancesOf(2, chainAssets(kind)), [btc]: -1n };
  const another = { kind: 'leaf-list' as const, text: hashOf(kind, 'another root') };
  const copyLeft = chainFile(kind, ownOf(kind), (leaf) => [{ hash: leaf, balances: none(kind), left: true }]);
  return [
    caseOf(
      kind,
      'file',
      'a member given twice',
      text(honest, (one) => one.replace('{', '{"extra":1,"extra":2,')),
      {
        byCondition: 'Object.hasOwn(object, key) → false',
      },
    ),
    caseOf(kind, 'shape', 'a hash in upper case', chain(kind, { hash: hashOf(kind, 'neighbour').toUpperCase() }), {
      byCondition: '/^[0-9a-f]+$/.test(text) → true',
    }),
    caseOf(kind, 'levels', '65 neighbours', tall(kind, 65)),
    caseOf(kind, 'amounts', 'one that is no plain number counts for nothing', chain(kind, { texts: { [btc]: '1e3' } })),
    caseOf(
      kind,
      'signs',
      'a negative one lowers the sum',
      // Genuine files of Bitget and MEXC have negative subtotals: there only the root may not be negative.
      chain(
        kind,
        neighbour({ balances: kind === 'bitget' || kind === 'mexc' ? { ...minus, BTC: -(10n ** 15n) } : minus }),
      ),
    ),
    ...(kind === 'bitget' || kind === 'mexc'
      ? []
      : [caseOf(kind, 'signs', 'the second neighbour', chain(kind, {}, neighbour({ balances: minus })))]),
    caseOf(kind, 'copies', 'an empty copy on the left', copyLeft),
    ...(kind === 'mexc' || kind === 'coinex'
      ? [
          caseOf(kind, 'root-sums', 'an asset more', edit(honest, [...root, amounts, 'ABC'], '0')),
          caseOf(
            kind,
            'root-sums',
            'an asset under another name',
            text(edit(honest, [...root, amounts, 'ABC'], '0'), (one) =>
              one.replace(/"USDT":"[^"]*",?(?=[^}]*"ABC")/, ''),
            ),
          ),
        ]
      : kind === 'bitget'
        ? []
        : [caseOf(kind, 'root-sums', 'written with one more zero', edit(honest, rootTexts, moreZeros(kind)))]),
    ...(kind === 'bitget' || kind === 'bybit' || kind === 'okx-merkle-v1'
      ? [
          caseOf(
            kind,
            'heights',
            'all too high',
            chainFile(kind, ownOf(kind), () => one(kind), { lift: 1 }),
          ),
        ]
      : []),
    caseOf(kind, 'root-hash', 'another one printed', edit(honest, [...root, hash], hashOf(kind, 'x'))),
    caseOf(kind, 'root-sums', 'another one printed', edit(honest, rootTexts, otherSum)),
    {
      ...caseOf(kind, 'root-link', 'another one published', honest),
      files: { ...filesOf(kind, honest), 'root.txt': another },
    },
    ...(EDITS[kind] ?? []).map(([check, name, [place, to], at = 3]) =>
      caseOf(kind, check, name, edit(make(at), place, to)),
    ),
  ];
}

const twoRoots = (kind: 'okx-merkle-v1' | 'bitget' | 'mexc' | 'bybit'): Case => {
  const other =
    kind === 'bybit'
      ? bybitFile(8, 3, ['BTC', 'ETH'])
      : FORMATS[kind].make(3, (at, assets) => balancesOf(at + 1, assets));
  return {
    ...{ kind, check: 'round-root', name: 'two paths of one round that lead apart', open: true },
    files: filesOf(kind, pathFile(kind), other),
  };
};

/** A path of CoinEx over these coins. */
const coinexOf = (assets: readonly string[]): unknown =>
  chainFile(
    'coinex',
    balancesOf(1, assets.toSorted()),
    () => [{ hash: sha('neighbour'), balances: balancesOf(2, assets) }],
    {
      assets: assets.toSorted(),
    },
  );

/** Bybit's first list, of four assets with 8 and 4 decimals. */
export function bybitFirst(): unknown {
  const join = (b: readonly string[]): string => b.join('');
  const zero = ['1.00000000', '2.00000000', '3.0000', '4.0000'];
  const own = ['0.50000000', '1.00000000', '0.2500', '0.0000'];
  const sums = ['1.50000000', '3.00000000', '3.2500', '4.0000'];
  const balance = ([BTC, ETH, USDT, USDC]: readonly string[]) => ({ USDC, BTC, ETH, USDT });
  const [self, other] = [sha(`uh${join(own)}`), sha('other')];
  return {
    self: { auditId: '1', type: 1, hash: self, height: 1, nonce: 'n', userHash: 'uh', balance: balance(own) },
    path: [
      { auditId: '1', type: 2, hash: other, height: 1, balance: balance(zero) },
      { auditId: '1', type: 3, hash: sha(`${self}${other}${join(sums)}2`), height: 2, balance: balance(sums) },
    ],
  };
}

/** A path of MEXC of an account with one coin, whose parent lists four because it has a right child. */
function mexcFew(): unknown {
  const leaf = sha('PR-1,7,BTC:1').slice(0, 32);
  const right = sha('neighbour').slice(0, 32);
  const balances = { BTC: '1', ETH: '0', USDC: '0', USDT: '0' };
  return {
    pathList: [
      { level: 0, type: 2, hash: right, balances: {} },
      { level: 1, type: 3, hash: sha(`${leaf},${right},BTC:1,ETH:0,USDC:0,USDT:0`).slice(0, 32), balances },
    ],
    self: { level: 0, type: 1, hash: leaf, balances: { BTC: '1' }, proofId: 'PR-1', accountId: '7' },
  };
}

/** The same account where nobody stands beside it. */
function mexcAlone(): unknown {
  const leaf = sha('PR-1,7,BTC:1').slice(0, 32);
  return {
    pathList: [{ level: 1, type: 3, hash: sha(`${leaf},,BTC:1`).slice(0, 32), balances: { BTC: '1' } }],
    self: { level: 0, type: 1, hash: leaf, balances: { BTC: '1' }, proofId: 'PR-1', accountId: '7' },
  };
}

/** For each check of each format of customers' paths: files that it alone refuses. */
export const PATH_CASES: readonly Case[] = [
  ...PATH_KINDS.flatMap(casesOf),
  ...(['okx-merkle-v1', 'bitget', 'mexc', 'bybit'] as const).map(twoRoots),
  caseOf('mexc', 'shape', 'an amount in the id', mexcHidden(), { byCondition: "accountId.includes(',') → false" }),
  caseOf('mexc', 'padding', 'an empty neighbour with balance', mexcLone({ BTC: '1' })),
  caseOf(
    'mexc',
    'heights',
    'a neighbour beside the root',
    edit(mexcFile(), ['pathList'], mexcFile().pathList.toSpliced(-1, 0, { ...mexcFile().pathList[0]!, level: 3 })),
  ),
  caseOf(
    'htx',
    'shape',
    'an amount of three parts',
    text(htxFile(), (one) => one.replace(/btc:([^,]*)/, 'btc:$1:9')),
    { byCondition: 'pairs.every((pair) => pair.length === 2) → true' },
  ),
  caseOf(
    'htx',
    'shape',
    'a coin twice',
    text(htxFile(), (one) => one.replace('btc:', 'btc:7,btc:')),
    { byCondition: 'texts.size === pairs.length → true' },
  ),
  caseOf(
    'okx-merkle-v1',
    'shape',
    'a name of the audit that is longer than any',
    text(okxV1File(), (one) => one.replaceAll('audit-1', 'a'.repeat(300))),
    { byCondition: 'value.length <= MAX_TEXT (2) → true' },
  ),
  caseOf('coinex', 'shape', 'a coin with a blank in its name', coinexOf(['B TC', 'CET']), {
    byCondition: 'ASSET.test(asset) → true',
  }),
  caseOf('coinex', 'shape', 'more coins than any list', coinexOf(Array.from({ length: 513 }, (_, i) => `C${i}`)), {
    byCondition: 'entries.length > MAX_ASSETS → false',
  }),
  caseOf(
    'htx',
    'assets',
    'in another order',
    edit(htxFile(), ['data', 3, 'balances'], htxFile().data[3]!.balances.split(',').reverse().join(',')),
  ),
];

const EMPTY_ROLES: Partial<Readonly<Record<PathKind, number>>> = { 'okx-merkle-v1': 4, bitget: 0, bybit: 4 };
/** The root that the file of a kind prints. */
function printedRoot(kind: PathKind, file = pathFile(kind)): string {
  const { root, hash } = FORMATS[kind];
  const node = root.reduce<unknown>(
    (at, key) => (Array.isArray(at) ? at.at(key as number) : (at as Record<string, unknown>)[key]),
    file,
  );
  return (node as Record<string, string>)[hash]!;
}
const published = (text: string) => ({ kind: 'leaf-list' as const, text });
const neighbourOf = (nonce: string) =>
  edit(chain('okx-merkle-v1', { hash: sha(`n{"BTC":"0","ETH":"0","USDT":"0"}`) }), ['path', 0, 'nonce'], nonce);

/** Paths that nothing is wrong with. */
export const HONEST_PATHS: readonly Call[] = [
  ...PATH_KINDS.flatMap((kind): Call[] => [
    { name: `${kind} left`, files: filesOf(kind, pathFile(kind, 2)) },
    { name: `${kind} right`, files: filesOf(kind, pathFile(kind, 3)) },
    { name: `${kind} of 64 levels`, files: filesOf(kind, tall(kind, 64)) },
    { name: `${kind} of one level`, files: filesOf(kind, chain(kind, {})) },
    { name: `${kind} twice`, files: filesOf(kind, pathFile(kind, 2), pathFile(kind, 5)) },
    {
      name: `${kind} beside a root of another length`,
      files: { ...filesOf(kind, pathFile(kind)), 'root.txt': published(sha('x').slice(0, kind === 'mexc' ? 64 : 32)) },
    },
    {
      name: `${kind} beside an empty copy of the account`,
      files: filesOf(
        kind,
        chainFile(
          kind,
          ownOf(kind),
          (leaf) => [{ hash: leaf, balances: none(kind) }],
          EMPTY_ROLES[kind] === undefined ? {} : { role: EMPTY_ROLES[kind] },
        ),
      ),
    },
    {
      name: `${kind} of two trees`,
      files: filesOf(
        kind,
        ...(kind === 'coinex' || kind === 'htx' ? [pathFile(kind), chain(kind, {})] : [pathFile(kind)]),
      ),
    },
    {
      name: `${kind} in a file named after the customer`,
      files: { [`${sha('customer 3')}.json`]: filesOf(kind, pathFile(kind))['0.json']! },
    },
  ]),
  ...(['okx-merkle-v1', 'bybit', 'htx'] as const).map((kind) => ({
    name: `${kind} with more decimals than sums have`,
    files: filesOf(kind, chain(kind, { texts: { [kind === 'htx' ? 'btc' : 'BTC']: '0.000000009' } })),
  })),
  {
    name: 'bitget with zeros at the end',
    files: filesOf(
      'bitget',
      text(pathFile('bitget', 2), (one) => one.replace(/"BTC":"(\d+\.\d+)"/g, '"BTC":"$100"')),
    ),
  },
  { name: 'bitget until 2025', files: filesOf('bitget', bitgetOldFile()) },
  { name: 'bitget until 2025, bare numbers', files: filesOf('bitget', bitgetOldFile('numbers', undefined, 2)) },
  { name: 'bitget until 2025, with a debt', files: filesOf('bitget', bitgetOldFile('texts', undefined, 7)) },
  { name: 'bitget of the first three coins', files: filesOf('bitget', bitgetOldFile('texts', ['BTC', 'ETH', 'USDT'])) },
  {
    name: 'bitget until 2025 in another order',
    files: filesOf(
      'bitget',
      text(JSON.parse(bitgetOldFile('texts', ['BTC', 'ETH', 'USDT'])), (one) =>
        one.replace(/("BTC":"[^"]*"),("ETH":"[^"]*")/g, '$2,$1'),
      ),
    ),
  },
  { name: 'bitget whose root says so', files: filesOf('bitget', edit(bitgetFile(), ['path', -1, 'role'], 3)) },
  {
    name: 'bitget of other coins',
    files: filesOf(
      'bitget',
      chainFile(
        'bitget',
        balancesOf(1, ['XBT', 'ABC']),
        () => [{ hash: hashOf('bitget', 'n'), balances: balancesOf(2, ['XBT', 'ABC']) }],
        { assets: ['XBT', 'ABC'] },
      ),
    ),
  },
  {
    name: 'bitget in another order',
    files: filesOf(
      'bitget',
      text(bitgetFile(), (one) => one.replace(/("BTC":"[^"]*"),("ETH":"[^"]*")/, '$2,$1')),
    ),
  },
  ...[
    ['ETH', 'BTC', 'XYZ', 'USDT'],
    ['USDC', 'USDT', 'ETH', 'BTC', 'BGB'],
  ].map((assets) => ({
    name: `bitget of ${assets}`,
    files: filesOf(
      'bitget',
      chainFile(
        'bitget',
        balancesOf(1, assets),
        () => [{ hash: hashOf('bitget', 'n'), balances: balancesOf(2, assets) }],
        { assets },
      ),
    ),
  })),
  {
    name: 'bitget with a negative subtotal',
    files: filesOf('bitget', chain('bitget', { balances: { ...none('bitget'), BTC: -1n } })),
  },
  {
    name: 'bybit of four coins that are not the first',
    files: filesOf('bybit', bybitFile(8, 3, ['APT', 'BTC', 'ETH', 'USDT'])),
  },
  ...['alice', 'bob'].map((name) => ({
    name: `a file named after ${name}`,
    files: {
      [`${name}.json`]: filesOf(
        'htx',
        text(htxFile(), (one) => one.replace(/"uhash":"[0-9a-f]+"(?=[^}]*\}\]\}$)/, `"uhash":"${name}"`)),
      )['0.json']!,
    },
  })),
  { name: 'mexc of one coin without neighbour', files: filesOf('mexc', mexcAlone()) },
  { name: 'bybit of the first list', files: filesOf('bybit', bybitFirst()) },
  { name: 'bybit of an unknown list', files: filesOf('bybit', bybitFile(8, 3, ['ZZZ', 'BTC'])) },
  {
    name: 'bybit in another order',
    files: filesOf(
      'bybit',
      text(bybitFile(), (one) => one.replace(/("AGLA":"[^"]*"),("BTC":"[^"]*")/, '$2,$1')),
    ),
  },
  {
    name: 'bybit of four coins with four decimals each in two',
    files: filesOf('bybit', bybitFile(8, 3, ['BTC', 'ETH', 'USDT'])),
  },
  { name: 'coinex alone', files: filesOf('coinex', coinexFile('alone')) },
  ...[{ hash: '' }, { hash: null }, { hash: '', balances: { BTC: '0' } }].map((lone) => ({
    name: `coinex with ${JSON.stringify(lone)}`,
    files: filesOf('coinex', edit(coinexFile(), ['path', -1], lone)),
  })),
  { name: 'mexc without neighbour', files: filesOf('mexc', mexcLone({ BTC: '0' })) },
  {
    name: 'mexc without any',
    files: filesOf(
      'mexc',
      edit(mexcLone({}), ['pathList'], (mexcLone({}) as { pathList: unknown[] }).pathList.slice(1)),
    ),
  },
  { name: 'mexc of one coin', files: filesOf('mexc', mexcFew()) },
  { name: 'okx whose neighbour fits its hash', files: filesOf('okx-merkle-v1', neighbourOf('n')) },
  { name: 'okx whose neighbour does not', files: filesOf('okx-merkle-v1', neighbourOf('m')) },
  {
    name: 'okx whose empty neighbour has a nonce',
    files: filesOf(
      'okx-merkle-v1',
      edit(edit(chain('okx-merkle-v1', {}), ['path', 0, 'nonce'], 'm'), ['path', 0, 'type'], 4),
    ),
  },
  ...PATH_KINDS.map((kind) => ({
    name: `${kind} with its root`,
    files: { ...filesOf(kind, pathFile(kind)), 'r.txt': published(printedRoot(kind)) },
  })),
];

/** Paths that are odd in one way. */
export const ODD_PATHS: readonly Call[] = [
  { name: 'mexc whose root has no hash', files: filesOf('mexc', edit(mexcFile(), ['pathList', -1, 'hash'], '')) },
  {
    name: 'htx with a blank in a name',
    files: filesOf(
      'htx',
      text(htxFile(), (one) => one.replaceAll('btc:', 'b c:')),
    ),
  },
  { name: 'a file larger than any', files: filesOf('bitget', { ...bitgetFile(), pad: 'x'.repeat(1 << 20) }) },
  ...(['bitget', 'mexc'] as const).flatMap((kind) => {
    const [a, b] = [pathFile(kind), FORMATS[kind].make(3, (at, assets) => balancesOf(at + 1, assets))];
    const broken = text(b, (one) => one.replace(/"BTC":"[^"]*"/, '"BTC":"9"'));
    return [
      { name: `${kind}: two rounds, one broken`, files: filesOf(kind, a, broken) },
      { name: `${kind}: two roots and a broken file`, files: filesOf(kind, a, b, broken) },
      {
        name: `${kind}: two roots, both published`,
        files: {
          ...filesOf(kind, a, b),
          'r.txt': published(printedRoot(kind)),
          's.txt': published(printedRoot(kind, b)),
        },
      },
      {
        name: `${kind}: two roots, one published`,
        files: { ...filesOf(kind, a, b), 'r.txt': published(printedRoot(kind)) },
      },
    ];
  }),
];

/** Paths with anything changed in them: most are refused. */
export const CHANGED_PATHS: readonly Call[] = [
  ...PATH_KINDS.flatMap((kind) => {
    const files = filesOf(kind, pathFile(kind, 2));
    return callsOf(files, '0.json', allChanges(files['0.json']!.text, 1));
  }),
  ...callsOf(filesOf('bitget', bitgetOldFile()), '0.json', allChanges(bitgetOldFile(), 1)),
  ...callsOf(filesOf('okx-merkle-v1', neighbourOf('n')), '0.json', allChanges(JSON.stringify(neighbourOf('n')), 1)),
  ...callsOf(filesOf('mexc', mexcLone({ BTC: '0' })), '0.json', allChanges(JSON.stringify(mexcLone({ BTC: '0' })), 1)),
];
