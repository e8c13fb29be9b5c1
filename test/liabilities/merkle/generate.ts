import { createHash } from 'node:crypto';

/**
 * Makes files of every format of the family from their descriptions (docs/liabilities.md), in the plainest way: whole trees in memory,
 * sums in units of 10⁻⁸. Generated, not published: a second reading of the same rules as the verifier's.
 */
export const sha = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

export type Balances = Readonly<Record<string, bigint>>;

/** 10⁻⁸ units as plain text without trailing zeros. */
export function plain(units: bigint): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(9, '0');
  return `${sign}${`${digits.slice(0, -8)}.${digits.slice(-8)}`.replace(/\.?0+$/, '')}`;
}
export function fixed(units: bigint): string {
  const digits = units.toString().padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
}
const texts = (balances: Balances, print = plain): Record<string, string> =>
  Object.fromEntries(Object.entries(balances).map(([asset, units]) => [asset, print(units)]));
const add = (a: Balances, b: Balances): Balances => {
  const sum: Record<string, bigint> = { ...a };
  for (const [asset, units] of Object.entries(b)) sum[asset] = (sum[asset] ?? 0n) + units;
  return sum;
};
const sorted = (balances: Balances): Balances =>
  Object.fromEntries(Object.entries(balances).sort(([a], [b]) => (a < b ? -1 : 1)));

interface Node {
  readonly hash: string;
  readonly balances: Balances;
}
type Parent = (left: Node, right: Node, sums: Balances, height: number) => string;

/** A tree whose leaf count is a power of two: levels from the leaves to the root. */
function treeOf(leaves: readonly Node[], parent: Parent, digits = 64): readonly (readonly Node[])[] {
  const levels: Node[][] = [[...leaves]];
  while (levels.at(-1)!.length > 1) {
    const level = levels.at(-1)!;
    const above: Node[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at]!, level[at + 1]!];
      const sums = add(left.balances, right.balances);
      above.push({ hash: sha(parent(left, right, sums, levels.length + 1)).slice(0, digits), balances: sums });
    }
    levels.push(above);
  }
  return levels;
}

/** The neighbours of one leaf on the way up, and whether each is on the left. */
function pathOf(levels: readonly (readonly Node[])[], at: number) {
  return levels.slice(0, -1).map((level, height) => {
    const index = at >> height;
    return { node: level[index ^ 1]!, left: index % 2 === 1, height: height + 1 };
  });
}

/** Small made-up balances, some zero. */
export const balancesOf = (at: number, assets: readonly string[]): Balances =>
  Object.fromEntries(
    assets.map((asset, i) => [asset, at % 3 === i % 3 ? 0n : BigInt((at + 1) * 12_345_678 * (i + 1)) * 1_000n]),
  );

const id = (at: number): string => sha(`customer ${at}`);
const nonceOf = (at: number): string => sha(`nonce ${at}`);
const OKX = ['BTC', 'ETH', 'USDT'];
const okxJson = (balances: Balances): string =>
  `{${OKX.map((asset) => `"${asset}":"${plain(balances[asset]!)}"`).join(',')}}`;
const okxParent: Parent = (left, right, sums, height) =>
  left.hash + right.hash + OKX.map((asset) => plain(sums[asset]!)).join('') + height;

/** `merkle_proof_file.json` of one leaf. */
export function okxV1File(count = 8, at = 3, balances = balancesOf) {
  const leaves = Array.from({ length: count }, (_, i) => {
    const own = balances(i, OKX);
    return { hash: sha(nonceOf(i) + okxJson(own)), balances: own };
  });
  const levels = treeOf(leaves, okxParent);
  const path = pathOf(levels, at);
  const root = levels.at(-1)![0]!;
  const auditId = 'audit-1';
  return {
    self: {
      auditId,
      balances: texts(leaves[at]!.balances),
      type: at % 2 === 0 ? 1 : 2,
      nonce: nonceOf(at),
      hash: leaves[at]!.hash,
      height: 1,
    },
    path: [
      ...path.map(({ node, left, height }) => ({
        auditId,
        balances: texts(node.balances),
        type: left ? 1 : 2,
        hash: node.hash,
        height,
      })),
      { auditId, balances: texts(root.balances), type: 3, hash: root.hash, height: levels.length },
    ],
  };
}

/** `full-liabilities-merkle-tree.txt` over any leaves, and the customers' files for it: customer k owns `own[k]` leaves in a row. */
export function okxV2Files(amounts: readonly (readonly [string, string, string])[], own: readonly number[]) {
  const users: unknown[] = [];
  const leaves: { hash: string; amounts: readonly string[] }[] = [];
  let next = 0;
  for (const [k, many] of own.entries()) {
    const mine = amounts.slice(next, next + many);
    next += many;
    const sums = mine.reduce<readonly string[] | null>((a, b) => (a === null ? b : addTexts(a, b)), null)!;
    const total = named(sums);
    const userHash = sha(nonceOf(k) + jsonOf(sums));
    const nodes = mine.map((one) => ({ hash: sha(userHash + one.join('')), balances: named(one) }));
    leaves.push(...nodes.map(({ hash }, i) => ({ hash, amounts: mine[i]! })));
    users.push({ hash: userHash, nonce: nonceOf(k), totalBalances: total, nodes });
  }
  return { tree: okxV2Tree(leaves), users };
}
const named = (amounts: readonly string[]) => ({ BTC: amounts[0]!, ETH: amounts[1]!, USDT: amounts[2]! });
const jsonOf = ([btc, eth, usdt]: readonly string[]): string => `{"BTC":"${btc}","ETH":"${eth}","USDT":"${usdt}"}`;

/** Adds texts asset by asset, cut to eight decimals toward zero. */
function addTexts(a: readonly string[], b: readonly string[]): string[] {
  return a.map((text, i) => {
    const scale = 40;
    const units = (one: string): bigint => {
      const [whole, part = ''] = one.replace('-', '').split('.');
      return BigInt(whole! + part.padEnd(scale, '0')) * (one.startsWith('-') ? -1n : 1n);
    };
    return plain((units(text) + units(b[i]!)) / 10n ** BigInt(scale - 8));
  });
}

/** The text of a whole tree, padded as OKX does, each level from right to left. */
export function okxV2Tree(leaves: readonly { readonly hash: string; readonly amounts: readonly string[] }[]): string {
  const levels: { hash: string; amounts: readonly string[] }[][] = [[...leaves]];
  for (;;) {
    const level = levels.at(-1)!;
    if (level.length === 1 && levels.length > 1) break;
    if (level.length % 2 === 1) level.push({ hash: level.at(-1)!.hash, amounts: ['0', '0', '0'] });
    const above = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at]!, level[at + 1]!];
      const sums = addTexts(left.amounts, right.amounts);
      above.push({ hash: sha(left.hash + right.hash + sums.join('') + (levels.length + 1)), amounts: sums });
    }
    levels.push(above);
  }
  return levels
    .map((level, at) => [...level].reverse().map(({ hash, amounts }) => `${hash},${at + 1},${jsonOf(amounts)}`))
    .reverse()
    .flat()
    .join('\n');
}

const BITGET = ['BTC', 'ETH', 'USDT', 'USDC'];

/** `merkel_tree_bg.json` of one leaf. */
export function bitgetFile(count = 8, at = 3, balances = balancesOf) {
  const depth = Math.log2(count) + 1;
  const json = (own: Balances): string => `{${BITGET.map((asset) => `"${asset}":"${plain(own[asset]!)}"`).join(',')}}`;
  const leaves = Array.from({ length: count }, (_, i) => {
    const own = balances(i, BITGET);
    return { hash: sha(`${id(i)},${nonceOf(i)},${json(own)}`).slice(0, 16), balances: own };
  });
  const levels = treeOf(
    leaves,
    (left, right, sums, height) => `${left.hash}${right.hash},${json(sums)},${depth - height + 1}`,
    16,
  );
  const root = levels.at(-1)![0]!;
  const auditId = 'Au1';
  const node = ({ hash, balances: own }: Node, level: number) => ({
    auditId,
    balances: texts(own),
    level,
    merkelLeaf: hash,
  });
  return {
    path: [
      ...pathOf(levels, at).map((step) => ({
        ...node(step.node, depth - step.height + 1),
        role: step.left ? 1 : 2,
      })),
      node(root, 1),
    ],
    self: { ...node(leaves[at]!, depth), encryptUid: id(at), nonce: nonceOf(at), role: at % 2 === 0 ? 1 : 2 },
  };
}

/** A number as Java's BigDecimal holds it: units, and how many decimals they have. */
type JavaNumber = readonly [bigint, number];
const javaSum = ([a, i]: JavaNumber, [b, j]: JavaNumber): JavaNumber =>
  i < j ? [a * 10n ** BigInt(j - i) + b, j] : [a + b * 10n ** BigInt(i - j), i];

/** Its text: in full from a millionth on, and for 0 of up to six decimals; else with an exponent. */
export function javaText([units, decimals]: JavaNumber): string {
  const minus = units < 0n ? '-' : '';
  const digits = `${units < 0n ? -units : units}`;
  if (digits.length + 5 < decimals) {
    const [first, ...rest] = digits;
    return `${minus}${first}${rest.length > 0 ? '.' : ''}${rest.join('')}E-${decimals - digits.length + 1}`;
  }
  const padded = digits.padStart(decimals + 1, '0');
  return minus + (decimals === 0 ? padded : `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`);
}
/** The same without exponent. */
const javaPlain = ([units, decimals]: JavaNumber): string =>
  units < 0n
    ? `-${javaPlain([-units, decimals])}`
    : `${units / 10n ** BigInt(decimals)}${decimals === 0 ? '' : `.${`${units % 10n ** BigInt(decimals)}`.padStart(decimals, '0')}`}`;

/** `merkel_tree_bg.json` of the rounds until 2025-10, its amounts as texts or as bare numbers. */
export function bitgetOldFile(
  print: 'texts' | 'numbers' = 'texts',
  assets: readonly string[] = BITGET,
  at = 3,
): string {
  const json = (own: readonly JavaNumber[]): string =>
    `{${own.map((amount, i) => `"${assets[i]}":${javaText(amount)}`).join(',')}}`;
  // Two customers are together in debt, by less than 1.
  const amount = (leaf: number, asset: number): JavaNumber => {
    if (asset === 0) return [BigInt(leaf % 2) * 9n, leaf % 2 === 0 ? 0 : 8];
    if (asset === 3 && leaf > 5) return leaf === 6 ? [-5n, 1] : [0n, 0];
    return [BigInt((leaf + 1) * 5 * 10 ** asset), asset + 1];
  };
  interface JavaNode {
    readonly hash: string;
    readonly own: readonly JavaNumber[];
  }
  let level: JavaNode[] = Array.from({ length: 8 }, (_, leaf) => {
    const own = assets.map((_asset, i) => amount(leaf, i));
    return { hash: sha(`${id(leaf)},${nonceOf(leaf)},${json(own)}`).slice(0, 16), own };
  });
  const node = ({ hash, own }: JavaNode, of: number, more: object) => ({
    ...{ auditId: 'Au1', level: of, merkelLeaf: hash, ...more },
    balances: Object.fromEntries(
      own.map((one, i) => [assets[i]!, `#${print === 'texts' ? javaPlain(one) : javaText(one)}#`]),
    ),
  });
  const self = node(level[at]!, 4, { encryptUid: id(at), nonce: nonceOf(at), role: at % 2 === 0 ? 1 : 2 });
  const path = [];
  for (let height = 0; height < 3; height++) {
    const place = at >> height;
    path.push(node(level[place ^ 1]!, 4 - height, { role: place % 2 === 0 ? 2 : 1 }));
    const below = level;
    level = Array.from({ length: below.length / 2 }, (_, i) => {
      const [a, b] = [below[2 * i]!, below[2 * i + 1]!];
      const own = a.own.map((one, asset) => javaSum(one, b.own[asset]!));
      return { hash: sha(`${a.hash}${b.hash},${json(own)},${3 - height}`).slice(0, 16), own };
    });
  }
  const text = JSON.stringify({ path: [...path, node(level[0]!, 1, { role: 3 })], self });
  return text.replace(/"#([^#]*)#"/g, print === 'texts' ? '"$1"' : '$1');
}

/** `merkle_proof.json` of MEXC of one leaf of a full tree. */
export function mexcFile(count = 8, at = 3, balances = balancesOf) {
  const ASSETS = ['BTC', 'ETH', 'USDC', 'USDT'];
  const pairs = (own: Balances): string =>
    Object.entries(sorted(own))
      .map(([asset, units]) => `${asset}:${plain(units)}`)
      .join(',');
  const account = (i: number): string => `${1_745_297_000 + i}`;
  const leaves = Array.from({ length: count }, (_, i) => {
    const own = balances(i, ASSETS);
    return { hash: sha(`PR-1,${account(i)},${pairs(own)}`).slice(0, 32), balances: own };
  });
  const levels = treeOf(leaves, (left, right, sums) => `${left.hash},${right.hash},${pairs(sums)}`, 32);
  const node = ({ hash, balances: own }: Node, level: number, type: number) => ({
    level,
    type,
    hash,
    balances: texts(own),
  });
  return {
    pathList: [
      ...pathOf(levels, at).map((step) => node(step.node, step.height - 1, step.left ? 1 : 2)),
      node(levels.at(-1)![0]!, levels.length - 1, 3),
    ],
    self: { ...node(leaves[at]!, 0, at % 2 === 0 ? 1 : 2), proofId: 'PR-1', accountId: account(at) },
  };
}

/** A Bybit path with these assets, in this order. */
export function bybitFile(count = 8, at = 3, assets: readonly string[] = ['AGLA', 'BTC', 'ETH', 'USDC', 'USDT']) {
  const join = (own: Balances): string => assets.map((asset) => fixed(own[asset]!)).join('');
  const leaves = Array.from({ length: count }, (_, i) => {
    const own = balancesOf(i, assets);
    return { hash: sha(id(i) + join(own)), balances: own };
  });
  const levels = treeOf(leaves, (left, right, sums, height) => left.hash + right.hash + join(sums) + height);
  const node = ({ hash, balances: own }: Node, height: number, type: number) => ({
    auditId: '2024',
    balance: texts(own, fixed),
    type,
    hash,
    height,
  });
  return {
    self: { ...node(leaves[at]!, 1, at % 2 === 0 ? 1 : 2), nonce: 'n', userHash: id(at) },
    path: [
      ...pathOf(levels, at).map((step) => node(step.node, step.height, step.left ? 1 : 2)),
      node(levels.at(-1)![0]!, levels.length, 3),
    ],
  };
}

/** `merkle_sum_proof.json` of HTX. */
export function htxFile(count = 8, at = 3, balances = balancesOf) {
  const assets = ['btc', 'eth', 'trx', 'usdt'];
  const leaves = Array.from({ length: count }, (_, i) => ({ hash: sha(`leaf ${i}`), balances: balances(i, assets) }));
  const levels = treeOf(
    leaves,
    (left, right, sums) => left.hash + right.hash + assets.map((asset) => plain(sums[asset]!)).join(''),
  );
  const node = ({ hash, balances: own }: Node, type: string, depth: number, r: number, uhash = '') => ({
    type,
    hash,
    uhash,
    depth,
    r,
    balances: assets.map((asset) => `${asset}:${plain(own[asset]!)}`).join(','),
  });
  return {
    data: [
      node(levels.at(-1)![0]!, 'root', 0, 0),
      ...pathOf(levels, at).map((step) =>
        node(step.node, 'path', levels.length - step.height, step.left ? 0 : 1, sha('neighbour')),
      ),
      node(leaves[at]!, 'self', levels.length - 1, at % 2, id(at)),
    ],
  };
}

/** CoinEx's `merkle_proof_file.json`; `lone` says how a node without neighbour is hashed: with itself, or alone. */
export function coinexFile(lone: 'itself' | 'alone' = 'itself', at = 3) {
  const json = (own: Balances): string => JSON.stringify(texts(sorted(own)));
  const ASSETS = ['USDT', 'CET', 'BTC'];
  const leaves = Array.from({ length: 8 }, (_, i) => {
    const own = balancesOf(i, ASSETS);
    return { hash: sha(nonceOf(i) + json(own)), balances: own };
  });
  const levels = treeOf(leaves, (left, right, sums) => left.hash + right.hash + json(sums));
  const top = levels.at(-1)![0]!;
  const root = sha((lone === 'itself' ? top.hash : '') + top.hash + json(top.balances));
  return {
    root: { balances: texts(sorted(top.balances)), hash: root },
    self: { balances: texts(leaves[at]!.balances), nonce: nonceOf(at) },
    path: [
      ...pathOf(levels, at).map((step) => ({
        balances: texts(step.node.balances),
        hash: step.node.hash,
        pos: step.left ? 'left' : 'right',
      })),
      {},
    ],
  };
}

/** BitMEX's liabilities file over these values. */
export function bitmexFile(values: readonly bigint[]): string {
  const u64 = (value: bigint): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
    return bytes;
  };
  const levels = [values.map((value, at) => ({ hash: sha(`leaf ${at}`), value }))];
  while (levels.at(-1)!.length > 1) {
    const level = levels.at(-1)!;
    const above = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at]!, level[at + 1]!];
      const bytes = [left, right].flatMap(({ hash, value }) => [Buffer.from(hash, 'hex'), u64(value)]);
      above.push({ hash: sha(Buffer.concat(bytes)), value: left.value + right.value });
    }
    levels.push(above);
  }
  const lines = levels.reverse().flat();
  return ['block_height:100', ...lines.map(({ hash, value }) => `${hash},${value}`)].join('\n');
}

/** A list of leaves as the auditors' tool writes it, with its root: a last node without neighbour moves up. */
export function leafListFile(count: number): { readonly list: string; readonly root: string } {
  const leaves = Array.from({ length: count }, (_, at) => sha(`record ${at}`).slice(0, 16));
  let level: Buffer[] = leaves.map((leaf) => Buffer.from(leaf, 'hex'));
  let levels = 1;
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const pair = level.slice(at, at + 2);
      above.push(pair.length === 1 ? pair[0]! : Buffer.from(sha(Buffer.concat(pair)), 'hex'));
    }
    level = above;
    levels += 1;
  }
  const lines = leaves.map((leaf, at) => `${levels},${at}\t${leaf}`);
  return { list: ['Level\tHash', ...lines].join('\r\n'), root: level[0]!.toString('hex') };
}

/** A neighbour as a file prints it: its hash is whatever the test says. */
export interface Neighbour {
  readonly hash: string;
  readonly balances: Balances;
  readonly left?: boolean;
  /** Texts that stand in the file instead of the amounts that are added up. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** The formats in which customers' paths are written. */
export type PathKind = 'okx-merkle-v1' | 'bitget' | 'mexc' | 'bybit' | 'htx' | 'coinex';

/** The assets of the files that `chainFile` makes. */
export const chainAssets = (kind: PathKind): readonly string[] =>
  kind === 'okx-merkle-v1'
    ? OKX
    : kind === 'bitget'
      ? BITGET
      : kind === 'htx'
        ? ['btc', 'eth', 'trx', 'usdt']
        : kind === 'mexc'
          ? ['BTC', 'ETH', 'USDC', 'USDT']
          : kind === 'bybit'
            ? ['AGLA', 'BTC', 'ETH', 'USDC', 'USDT']
            : ['BTC', 'CET', 'USDT'];

/**
 * A path of any format over any neighbours: each parent is made of the hash and the amounts that are given, not of the
 * texts shown. `lift` raises all heights, `role` is what each neighbour is said to be.
 */
export function chainFile(
  kind: PathKind,
  own: Balances,
  neighbours: (leaf: string) => readonly Neighbour[],
  { assets = chainAssets(kind), lift = 0, role }: { assets?: readonly string[]; lift?: number; role?: number } = {},
): unknown {
  const print = kind === 'bybit' ? fixedSigned : plain;
  const amounts = (balances: Balances): string[] => assets.map((asset) => print(balances[asset]!));
  const json = (balances: Balances): string =>
    `{${assets.map((asset) => `"${asset}":"${print(balances[asset]!)}"`).join(',')}}`;
  const pairs = (balances: Balances): string => assets.map((asset) => `${asset}:${print(balances[asset]!)}`).join(',');
  const digits = { bitget: 16, mexc: 32 }[kind as 'bitget'] ?? 64;
  const leafText = {
    'okx-merkle-v1': nonceOf(0) + json(own),
    bitget: `${id(0)},${nonceOf(0)},${json(own)}`,
    mexc: `PR-1,1745297000,${pairs(own)}`,
    bybit: id(0) + amounts(own).join(''),
    htx: 'leaf',
    coinex: nonceOf(0) + json(own),
  }[kind];
  const leaf = sha(leafText).slice(0, digits);
  const all = neighbours(leaf);
  const depth = all.length;
  let node = { hash: leaf, balances: own };
  for (const [at, { hash, balances, left }] of all.entries()) {
    const sums = add(node.balances, balances);
    const [a, b] = left ? [hash, node.hash] : [node.hash, hash];
    const text = {
      'okx-merkle-v1': a + b + amounts(sums).join('') + (at + 2 + lift),
      bitget: `${a}${b},${json(sums)},${depth - at + lift}`,
      mexc: `${a},${b},${pairs(sums)}`,
      bybit: a + b + amounts(sums).join('') + (at + 2 + lift),
      htx: a + b + amounts(sums).join(''),
      coinex: a + b + json(sums),
    }[kind];
    node = { hash: sha(text).slice(0, digits), balances: sums };
  }
  const printed = ({
    balances,
    texts: shown = {},
  }: {
    balances: Balances;
    texts?: Readonly<Record<string, string>>;
  }) => ({
    ...texts(Object.fromEntries(assets.map((asset) => [asset, balances[asset]!])), print),
    ...shown,
  });
  const flat = (one: { balances: Balances; texts?: Readonly<Record<string, string>> }): string =>
    Object.entries(printed(one))
      .map(([asset, text]) => `${asset}:${text}`)
      .join(',');
  const side = ({ left }: Neighbour): number => role ?? (left ? 1 : 2);
  const opposite = all[0]?.left ? 2 : 1;
  if (kind === 'coinex')
    return {
      root: { balances: printed(node), hash: node.hash },
      self: { balances: printed({ balances: own }), nonce: nonceOf(0) },
      path: all.map((one) => ({ balances: printed(one), hash: one.hash, pos: one.left ? 'left' : 'right' })),
    };
  if (kind === 'htx')
    return {
      data: [
        { type: 'root', hash: node.hash, uhash: '', depth: 0, r: 0, balances: flat(node) },
        ...all.map((one, at) => ({
          ...{ type: 'path', hash: one.hash, uhash: sha('neighbour'), depth: depth - at },
          ...{ r: one.left ? 0 : 1, balances: flat(one) },
        })),
        { type: 'self', hash: leaf, uhash: id(0), depth, r: all[0]?.left ? 1 : 0, balances: flat({ balances: own }) },
      ],
    };
  if (kind === 'mexc')
    return {
      pathList: [
        ...all.map((one, level) => ({ level, type: side(one), hash: one.hash, balances: printed(one) })),
        { level: depth, type: 3, hash: node.hash, balances: printed(node) },
      ],
      self: {
        ...{ level: 0, type: opposite, hash: leaf, balances: printed({ balances: own }) },
        ...{ proofId: 'PR-1', accountId: '1745297000' },
      },
    };
  if (kind === 'bitget')
    return {
      path: [
        ...all.map((one, at) => ({
          ...{
            auditId: 'Au1',
            balances: printed(one),
            level: depth - at + 1 + lift,
            merkelLeaf: one.hash,
            role: side(one),
          },
        })),
        { auditId: 'Au1', balances: printed(node), level: 1 + lift, merkelLeaf: node.hash },
      ],
      self: {
        ...{ auditId: 'Au1', balances: printed({ balances: own }), level: depth + 1 + lift, merkelLeaf: leaf },
        ...{ encryptUid: id(0), nonce: nonceOf(0), role: opposite },
      },
    };
  const key = kind === 'bybit' ? 'balance' : 'balances';
  const one = (hash: string, type: number, height: number, balances: unknown) => ({
    ...{ auditId: 'audit-1', [key]: balances, type, hash, height },
  });
  return {
    self: {
      ...one(leaf, opposite, 1 + lift, printed({ balances: own })),
      nonce: nonceOf(0),
      ...(kind === 'bybit' ? { userHash: id(0) } : {}),
    },
    path: [
      ...all.map((neighbour, at) => one(neighbour.hash, side(neighbour), at + 1 + lift, printed(neighbour))),
      one(node.hash, 3, depth + 1 + lift, printed(node)),
    ],
  };
}
const fixedSigned = (units: bigint): string => (units < 0n ? `-${fixed(-units)}` : fixed(units));
