import { keccak256Hex } from '../../../src/lib/keccak.ts';

/**
 * A prover of the same format, small and slow, for tests only: it makes honest proofs, and the lies that one check alone can
 * catch. It shares no code with the verifier; the exchange's own verifier accepts what it makes (see docs/liabilities/okx-stark-v1.md).
 */
export const P = 2n ** 251n + 17n * 2n ** 192n + 1n;

/** Someone's row: an account in a batch, or a batch in the trunk. `net` is a lie where it is not the sum of the coins. */
export interface Account {
  readonly id: bigint;
  readonly coins: readonly bigint[];
  readonly net?: bigint;
}

/** Where the prover lies. */
export interface Cheat {
  /** Does the 20 bits of work; otherwise the nonce is the root itself. */
  readonly work?: boolean;
  /** Quotients that are given as zero: `start`, `digits`, `sum`, `total`, `coin-sum`, `coin-total`. */
  readonly zero?: readonly string[];
  /** Changes the rows of the net trace and the coins. */
  readonly rows?: (net: bigint[], coins: bigint[][]) => void;
  /** Columns of no low degree, though every constraint holds at every point. */
  readonly wild?: boolean;
  /** The combination is zero everywhere. */
  readonly linear?: 'zero';
  /** The column of this FRI layer is zero everywhere. */
  readonly fold?: number;
  /** The last values are zero. */
  readonly last?: 'zero';
  /** The sums that are published, and proven where the cheat does not say otherwise. */
  readonly sums?: (coins: bigint[]) => void;
  readonly total?: bigint;
  /** Numbers are written with P added. */
  readonly wrap?: 'net' | 'coins' | 'id' | 'linear' | 'columns' | 'last';
  /** The places of their column where they are, if not everywhere. */
  readonly only?: readonly number[];
  /** The nonce whatever the root is: what is sampled then hangs on no random number and no spelling. */
  readonly nonce?: string;
  /** The first column's root is the hash of its left or its right half alone; `salt` is a value that is never opened. */
  readonly half?: { readonly side: 0 | 1; readonly salt: bigint };
  /** Changes the leaves of the trace, by position, before the tree is made over them. */
  readonly leaves?: (leaves: string[]) => void;
  /** What stands in the leaves of the accounts, if not the accounts that were added up. */
  readonly shown?: readonly Account[];
  /** Makes the random numbers, and so the roots, others. */
  readonly salt?: bigint;
}

export interface Made {
  readonly proof: Record<string, unknown>;
  readonly coins: readonly bigint[];
  readonly total: bigint;
  readonly root: string;
  /** The path of any position of the trace, its leaf first. */
  branch(position: number): readonly string[];
  /** The positions opened for each sample: itself, a row on, uts−1 and uts rows on. */
  readonly opened: readonly (readonly [number, number, number, number])[];
  /** An account's record as an inclusion file holds it, without the names of its root and id. */
  record(index: number): {
    readonly id: string;
    readonly net: bigint;
    readonly coins: readonly bigint[];
    readonly random: string;
    readonly path: readonly string[];
  };
}

const mod = (value: bigint): bigint => ((value % P) + P) % P;
const hex = (value: bigint): string => value.toString(16).padStart(64, '0');
const keccak = (text: string): string => keccak256Hex(Buffer.from(text, 'hex'));
const int = (text: string): bigint => BigInt(`0x${text}`);

function exp(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = base, e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
  return result;
}

function inverses(values: readonly bigint[]): bigint[] {
  const partial: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    partial.push(product);
    product = (product * (value || 1n)) % P;
  }
  let rest = exp(product, P - 2n);
  const out: bigint[] = new Array(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    out[i] = values[i] === 0n ? 0n : (rest * partial[i]!) % P;
    rest = (rest * (values[i] || 1n)) % P;
  }
  return out;
}

function transform(values: readonly bigint[], root: bigint): bigint[] {
  if (values.length === 1) return [...values];
  const even = transform(
    values.filter((_, i) => i % 2 === 0),
    (root * root) % P,
  );
  const odd = transform(
    values.filter((_, i) => i % 2 === 1),
    (root * root) % P,
  );
  const out: bigint[] = new Array(values.length);
  let x = 1n;
  for (let i = 0; i < even.length; i++) {
    const turned = (x * odd[i]!) % P;
    out[i] = (even[i]! + turned) % P;
    out[i + even.length] = mod(even[i]! - turned);
    x = (x * root) % P;
  }
  return out;
}

/** Values on the rows extended to sixteen times as many points. */
function extend(rows: readonly bigint[], domain: number): bigint[] {
  const root = exp(3n, (P - 1n) / BigInt(domain));
  const rowRoot = exp(root, 16n);
  const scale = exp(BigInt(rows.length), P - 2n);
  const coefficients = transform(rows, exp(rowRoot, P - 2n)).map((value) => (value * scale) % P);
  return transform([...coefficients, ...new Array(domain - rows.length).fill(0n)], root);
}

function tree(leaves: readonly string[]): string[] {
  const quarter = leaves.length / 4;
  const nodes: string[] = new Array(2 * leaves.length);
  leaves.forEach((leaf, x) => {
    nodes[leaves.length + Math.floor(x / quarter) + 4 * (x % quarter)] = leaf;
  });
  for (let i = leaves.length - 1; i > 0; i--) nodes[i] = keccak(nodes[2 * i]! + nodes[2 * i + 1]!);
  return nodes;
}

function branch(nodes: readonly string[], x: number): string[] {
  const size = nodes.length / 2;
  const out: string[] = [];
  let i = size + Math.floor(x / (size / 4)) + 4 * (x % (size / 4));
  for (out.push(nodes[i]!); i > 1; i >>= 1) out.push(nodes[i ^ 1]!);
  return out;
}

function sample(seed: string, size: number): number[] {
  let data = seed;
  while (data.length < 128) data += keccak(data.slice(-64));
  return Array.from({ length: 16 }, (_, i) => {
    const v = Number.parseInt(data.slice(8 * i, 8 * i + 8), 16) % ((size / 16) * 15);
    return v + 1 + Math.floor(v / 15);
  });
}

/** Makes a proof over the accounts. */
export function prove(accounts: readonly Account[], uts: number, mainCoins: number, cheat: Cheat = {}): Made {
  const coinCount = accounts[0]!.coins.length;
  let users = 2;
  while (users < accounts.length + 1) users *= 2;
  const steps = users * uts;
  const domain = 16 * steps;
  const g = exp(3n, (P - 1n) / BigInt(domain));
  const xs: bigint[] = [1n];
  while (xs.length < domain) xs.push((xs.at(-1)! * g) % P);

  // The rows: 0 … uts−2 build the net value from digits, uts−1 adds it up.
  const net: bigint[] = new Array(steps).fill(0n);
  const coins: bigint[][] = Array.from({ length: coinCount }, () => new Array(steps).fill(0n));
  const ids: bigint[] = new Array(steps).fill(0n);
  for (let u = 1; u < users; u++) {
    const account = accounts[u - 1];
    const at = u * uts + uts - 2;
    const value = account === undefined ? 0n : mod(account.net ?? account.coins.reduce((a, b) => a + b, 0n));
    net[at] = value;
    for (let i = 1; i < uts - 1; i++) net[at - i] = net[at - i + 1]! / 4n;
    net[at + 1] = mod(net[at + 1 - uts]! + value);
    ids[at] = account?.id ?? 0n;
    coins.forEach((column, i) => {
      column[at] = mod(account?.coins[i] ?? 0n);
      column[at + 1] = mod(column[at + 1 - uts]! + column[at]!);
    });
  }
  cheat.rows?.(net, coins);
  const sums = coins.map((column) => column.at(-1)!);
  cheat.sums?.(sums);
  const total = cheat.total ?? sums.reduce((a, b) => a + b, 0n);

  const seed = (i: number): bigint => mod(int(keccak(hex(BigInt(i) + (cheat.salt ?? 0n)))));
  const wild = (column: number): bigint[] => xs.map((_, i) => seed(column * domain + i));
  const t = cheat.wild ? wild(1) : extend(net, domain);
  const b = coins.map((column, i) => (cheat.wild ? wild(2 + i) : extend(column, domain)));
  const id = xs.map((_, x) => (x % 16 === 0 ? ids[x / 16]! : 0n));

  const on = (x: number, rows: number): number => (x + 16 * rows) % domain;
  const last = xs[(steps - 1) * 16]!;
  const first = xs[(uts - 1) * 16]!;
  const xUsers = xs.map((_, x) => xs[(x * users) % domain]!);
  const atNet = xs[((uts - 2) * 16 * users) % domain]!;
  const atSum = xs[((uts - 1) * 16 * users) % domain]!;
  const z1 = inverses(xUsers.map((x) => mod(x - 1n)));
  const zSteps = inverses(xs.map((_, x) => mod(xs[(x * steps) % domain]! - 1n)));
  const z3 = inverses(xUsers.map((x) => mod(x - atSum)));
  const z4 = inverses(xs.map((x) => mod((x - first) * (x - last))));
  const span = exp(mod(last - first), P - 2n);
  const quotient = (name: string, of: (x: number) => bigint): bigint[] =>
    xs.map((_, x) => (cheat.zero?.includes(name) ? 0n : mod(of(x))));
  const sumOf = (name: string, column: readonly bigint[]) =>
    quotient(name, (x) => (column[on(x, uts)]! - column[on(x, uts - 1)]! - column[x]!) * z3[x]! * mod(xs[x]! - last));
  const totalOf = (name: string, column: readonly bigint[], end: bigint) =>
    quotient(name, (x) => (column[x]! - ((end * mod(xs[x]! - first)) % P) * span) * z4[x]!);
  const tc = [
    quotient('start', (x) => t[x]! * z1[x]!),
    quotient('digits', (x) => {
      const d = mod(t[on(x, 1)]! - 4n * t[x]!);
      const product = mod(mod(d * (d - 1n)) * mod((d - 2n) * (d - 3n)));
      return mod(product * zSteps[x]!) * mod((xUsers[x]! - atNet) * (xUsers[x]! - atSum));
    }),
    sumOf('sum', t),
    totalOf('total', t, total),
  ];
  const cc = b
    .slice(0, mainCoins)
    .flatMap((column, i) => [sumOf('coin-sum', column), totalOf('coin-total', column, sums[i]!)]);

  const word = (value: bigint, kind: Cheat['wrap'], x: number): string =>
    hex(wraps(cheat, kind, x) ? value + P : value);
  const coinsAt = (x: number): string => b.map((column) => word(column[x]!, 'coins', x)).join('');
  const quotientsAt = (x: number): string => [...tc, ...cc].map((column) => hex(column[x]!)).join('');
  const randoms = xs.map((_, x) => keccak(quotientsAt(x) + (x % 16 === 0 && cheat.salt ? hex(cheat.salt) : '')));
  const parts = xs.map((_, x) => ({
    net: word(t[x]!, 'net', x),
    coins: coinsAt(x),
    id: word(id[x]!, 'id', x),
    random: randoms[x]!,
  }));
  const places = accounts.map((_, i) => (uts * (i + 1) + uts - 2) * 16);
  cheat.shown?.forEach(({ id, coins, net }, i) => {
    const value = net ?? coins.reduce((a, c) => a + c, 0n);
    const x = places[i]!;
    parts[x] = {
      net: hex(mod(value)),
      coins: coins.map((c) => hex(mod(c))).join(''),
      id: hex(id),
      random: randoms[x]!,
    };
  });
  const leaves = parts.map((part) => keccak(part.net + keccak(part.coins) + part.id + part.random));
  cheat.leaves?.(leaves);
  const trace = tree(leaves);
  const root = trace[1]!;
  const nonce = cheat.nonce ?? (cheat.work ? work(root) : root);

  const columns = [t, ...b, id, tc[0]!, tc[2]!, tc[3]!, ...cc];
  const factors = columns.flatMap((_, j) => [0, 1].map((i) => mod(int(keccak(nonce + hex(BigInt(2 * j + i)))))));
  const linear = xs.map((_, x) => {
    if (cheat.linear === 'zero') return 0n;
    const high = xs[(x * 3 * steps) % domain]!;
    return columns.reduce(
      (sum, column, j) => mod(sum + column[x]! * mod(factors[2 * j]! + factors[2 * j + 1]! * high)),
      tc[1]![x]!,
    );
  });
  const linearTree = tree(linear.map((value, x) => word(value, 'linear', x)));
  const positions = sample(linearTree[1]!, domain);
  const samples = positions.map((x) => [x, on(x, 1), on(x, uts - 1), on(x, uts)] as const);
  const opened = samples.flat();
  return {
    proof: {
      steps,
      uts,
      mtree_root: root,
      l_mtree_root: linearTree[1]!,
      pow_nonce: nonce,
      mtree_branches: opened.map((x) => branch(trace, x)),
      mtree_entries_data: opened.map((x, i) => {
        const { net, coins, id, random } = parts[x]!;
        if (i % 4 === 0) return net + coins + id + quotientsAt(x);
        return [net, i % 4 === 1 ? keccak(coins) : coins, id, random];
      }),
      l_mtree_branches: positions.map((x) => branch(linearTree, x)),
      low_degree_proof: foldAll(linear, g, 4 * steps, cheat),
    },
    ...{ coins: sums, total, root, opened: samples },
    branch: (position) => branch(trace, position),
    record(index) {
      const shown = (cheat.shown ?? accounts)[index]!;
      const value = shown.net ?? shown.coins.reduce((a, c) => a + c, 0n);
      const { random } = parts[places[index]!]!;
      return {
        id: hex(shown.id),
        net: value,
        coins: shown.coins,
        random,
        path: branch(trace, places[index]!),
      };
    },
  };
}

const wraps = ({ wrap, only }: Cheat, kind: Cheat['wrap'], place: number): boolean =>
  wrap === kind && (only === undefined || only.includes(place));

function foldAll(values: readonly bigint[], g: bigint, degree: number, cheat: Cheat): unknown[] {
  const layers: unknown[] = [];
  let current = values;
  let root = g;
  let positions: number[] = [];
  for (let bound = degree; bound > 16; bound /= 4) {
    const layer = layers.length;
    const kind = layer === 0 ? 'linear' : 'columns';
    const written = tree(current.map((value, y) => hex(wraps(cheat, kind, y) ? value + P : value)));
    const openedHalf = (nodes: readonly string[], y: number, cut: boolean): string[] =>
      cheat.half !== undefined && cut ? branch(nodes, y).with(-1, '') : branch(nodes, y);
    if (layer === 1 && cheat.half !== undefined) written[1] = keccak(written[2 + cheat.half.side]!);
    const challenge = mod(int(written[1]!));
    const quarter = current.length / 4;
    const xs: bigint[] = [1n];
    while (xs.length < current.length) xs.push((xs.at(-1)! * root) % P);
    const column = Array.from({ length: quarter }, (_, y) =>
      cheat.fold === layer
        ? 0n
        : cubicAt(
            [0, 1, 2, 3].map((j) => [xs[y + j * quarter]!, current[y + j * quarter]!]),
            challenge,
          ),
    );
    const final = bound / 4 <= 16;
    const columnKind = final ? 'last' : 'columns';
    const half = layer === 0 ? cheat.half : undefined;
    if (half !== undefined) column[48 * half.side] = half.salt;
    const columnTree = tree(column.map((value, y) => hex(wraps(cheat, columnKind, y) ? value + P : value)));
    if (half !== undefined) columnTree[1] = keccak(columnTree[2 + half.side]!);
    positions = layer === 0 ? sample(columnTree[1]!, quarter) : positions.map((y) => y % quarter);
    layers.push([
      columnTree[1]!,
      positions.map((y) => openedHalf(columnTree, y, layer === 0)),
      positions.flatMap((y) => [0, 1, 2, 3].map((j) => openedHalf(written, y + j * quarter, layer === 1))),
    ]);
    current = column;
    root = exp(root, 4n);
  }
  layers.push(
    current.map((value, y) => (cheat.last === 'zero' ? hex(0n) : hex(wraps(cheat, 'last', y) ? value + P : value))),
  );
  return layers;
}

/** Lagrange, written out: the value at z of the cubic through four points. */
function cubicAt(points: readonly (readonly bigint[])[], z: bigint): bigint {
  const below = inverses(
    points.map(([x], i) => points.reduce((all, [other], j) => (i === j ? all : mod(all * (x! - other!))), 1n)),
  );
  return points.reduce((sum, [, y], i) => {
    const above = points.reduce((all, [other], j) => (i === j ? all : mod(all * (z - other!))), 1n);
    return mod(sum + mod(y! * below[i]!) * above);
  }, 0n);
}

function work(root: string): string {
  for (let nonce = int(root); ; nonce++) if (keccak(root + hex(nonce)).startsWith('00000')) return hex(nonce);
}
