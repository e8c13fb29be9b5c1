import { createHash, hash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChecklist } from '../src/liabilities/checklist.ts';
import { rebuildTree } from '../src/liabilities/merkle/tree.ts';
import { createBitmexTree } from '../src/liabilities/merkle/trees/bitmex.ts';
import { createOkxTree } from '../src/liabilities/merkle/trees/okx-v2.ts';
import { fileBlocks } from '../src/lib/files.ts';
import { median } from './measure.ts';

const LEAVES = 1 << 20;
const ROUNDS = 5;

/**
 * The goals of issue 4, "Speed": a rebuild against the fastest bare loop over the bytes of every parent's hash, and memory beside a tree
 * of a quarter. In CPU time, which other load changes less than the wall clock's; the wall clock's ratio is printed beside it, and the
 * ratio to a loop that is spared even the cutting of the bytes into pieces.
 */
const GOALS = { toLoop: 2, growthMib: 40 };

/** A tree's file, and the bytes of every parent's hash: one after another in one piece, each from its offset to the next. */
interface Made {
  readonly path: string;
  readonly bytes: Buffer;
  readonly offsets: readonly number[];
  readonly pieces: readonly Uint8Array[];
}

/** Measures the rebuild of whole trees on this machine, now; 0 if every goal is met, else 3. */
export async function run(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'reservewatch-bench-'));
  try {
    const okx = await measure('okx-merkle-v2', folder, writeOkx, createOkxTree);
    const bitmex = await measure('bitmex', folder, writeBitmex, createBitmexTree);
    return okx && bitmex ? 0 : 3;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(
  name: string,
  folder: string,
  write: (path: string, leaves: number) => Promise<Made>,
  format: typeof createBitmexTree,
): Promise<boolean> {
  const small = await write(join(folder, `${name}-small`), LEAVES / 4);
  const large = await write(join(folder, name), LEAVES);
  const quarter = await rebuild(small.path, format);
  const ratios: number[] = [];
  const wallRatios: number[] = [];
  const cutRatios: number[] = [];
  let peak = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const loops = LOOPS.map(({ name, run }) => ({ name, ...timed(() => run(large)) }));
    const fastest = loops.reduce((a, b) => (b.cpuMs < a.cpuMs ? b : a));
    const cut = timed(() => hashPieces(large));
    const whole = await rebuild(large.path, format);
    peak = Math.max(peak, whole.peakMib);
    ratios.push(whole.cpuMs / fastest.cpuMs);
    wallRatios.push(whole.wallMs / fastest.wallMs);
    cutRatios.push(whole.cpuMs / cut.cpuMs);
    const shown = [{ name: 'rebuild', ...whole }, ...loops, { name: 'crypto.hash of pieces cut before', ...cut }];
    say(`  round ${round + 1}, CPU (wall) ms: ${shown.map(show).join(', ')}`);
  }
  const toLoop = median(ratios);
  const growth = peak - quarter.peakMib;
  const fast = toLoop <= GOALS.toLoop;
  const flat = growth <= GOALS.growthMib;
  say(
    `${fast ? 'met   ' : 'MISSED'}  ${name}: ${LEAVES} leaves rebuilt in ${toLoop.toFixed(2)} x the CPU time of the fastest bare hash loop; goal: at most ${GOALS.toLoop} x (by the wall clock ${median(wallRatios).toFixed(2)} x; beside pieces cut before ${median(cutRatios).toFixed(2)} x)`,
  );
  say(
    `${flat ? 'met   ' : 'MISSED'}  ${name}: ${growth.toFixed(0)} MiB of heap and buffers more than for a quarter of the leaves; goal: at most ${GOALS.growthMib} MiB`,
  );
  return fast && flat;
}

async function rebuild(path: string, format: typeof createBitmexTree) {
  const checks = createChecklist();
  let peak = 0;
  let chunks = 0;
  const start = clocks();
  const before = used();
  async function* watched() {
    for await (const chunk of fileBlocks(path, 512 * 1024)) {
      chunks += 1;
      if (chunks % 32 === 0) peak = Math.max(peak, used() - before);
      yield chunk;
    }
  }
  const tree = await rebuildTree(watched, format(), checks, null);
  if (tree === null) throw new Error(`not rebuilt: ${JSON.stringify(checks.items)}`);
  return { ...since(start), peakMib: peak };
}

const used = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
};

interface Clocks {
  readonly cpuMs: number;
  readonly wallMs: number;
}
const clocks = (): Clocks => {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() };
};
const since = (start: Clocks): Clocks => {
  const now = clocks();
  return { cpuMs: now.cpuMs - start.cpuMs, wallMs: now.wallMs - start.wallMs };
};
const timed = (work: () => void): Clocks => {
  const start = clocks();
  work();
  return since(start);
};
const show = ({ name, cpuMs, wallMs }: Clocks & { readonly name: string }): string =>
  `${name} ${cpuMs.toFixed(0)} (${wallMs.toFixed(0)})`;

/** Bare loops over the same bytes: the fastest of a round is what a rebuild is held against. */
const LOOPS = [
  { name: 'createHash', run: loopOver((bytes) => createHash('sha256').update(bytes).digest('hex')) },
  { name: 'crypto.hash', run: loopOver((bytes) => hash('sha256', bytes, 'hex')) },
];

function loopOver(digest: (bytes: Uint8Array) => string): (made: Made) => void {
  return ({ bytes, offsets }) => {
    for (let at = 0; at + 1 < offsets.length; at += 1) digest(bytes.subarray(offsets[at], offsets[at + 1]));
  };
}

function hashPieces({ pieces }: Made): void {
  for (const piece of pieces) hash('sha256', piece, 'hex');
}

/** Many short pieces of bytes as one. */
function joined(pieces: readonly Uint8Array[]): Omit<Made, 'path'> {
  const offsets = [0];
  for (const piece of pieces) offsets.push((offsets.at(-1) as number) + piece.length);
  return { bytes: Buffer.concat(pieces), offsets, pieces };
}

/** Amounts as accounts have them: many small ones, some zeros, up to eight decimals. */
const amount = (seed: number, limit: number): string =>
  seed % 3 === 0
    ? '0'
    : `${(seed * 7919) % limit}.${String(((seed * 104729) % 99_999_999) + 1).padStart(8, '0')}`.replace(/0+$/, '');

async function writeOkx(path: string, leaves: number): Promise<Made> {
  interface Node {
    readonly digest: string;
    readonly sums: readonly bigint[];
  }
  const units = (text: string): bigint => {
    const [whole = '0', parts = ''] = text.split('.');
    return BigInt(whole + parts.padEnd(8, '0'));
  };
  const text = (value: bigint): string => {
    const digits = value.toString().padStart(9, '0');
    return `${digits.slice(0, -8)}.${digits.slice(-8)}`.replace(/\.?0+$/, '') || '0';
  };
  const preimages: Uint8Array[] = [];
  let level: Node[] = Array.from({ length: leaves }, (_, at) => ({
    digest: hash('sha256', `leaf ${at}`, 'hex'),
    sums: [units(amount(at, 3)), units(amount(at + 1, 50)), units(amount(at + 2, 90_000))],
  }));
  const levels = [level];
  while (level.length > 1) {
    const height = levels.length + 1;
    const above: Node[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at] as Node, level[at + 1] as Node];
      const sums = left.sums.map((sum, asset) => sum + (right.sums[asset] as bigint));
      const preimage = left.digest + right.digest + sums.map(text).join('') + height;
      preimages.push(Buffer.from(preimage));
      above.push({ digest: hash('sha256', preimage, 'hex'), sums });
    }
    levels.push(above);
    level = above;
  }
  await writeLines(
    path,
    [],
    levels.reverse().map((nodes) => nodes.reverse()),
    ({ digest, sums }, depth) => {
      const [btc, eth, usdt] = sums.map(text);
      return `${digest},${levels.length - depth},{"BTC":"${btc}","ETH":"${eth}","USDT":"${usdt}"}`;
    },
  );
  return { path, ...joined(preimages) };
}

async function writeBitmex(path: string, leaves: number): Promise<Made> {
  interface Node {
    readonly digest: string;
    readonly value: bigint;
  }
  const u64 = (value: bigint): string => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    return bytes.toString('hex');
  };
  const preimages: Uint8Array[] = [];
  let level: Node[] = Array.from({ length: leaves }, (_, at) => ({
    digest: hash('sha256', `leaf ${at}`, 'hex'),
    value: BigInt((at * 104_729) % 1_000_000_007),
  }));
  const levels = [level];
  while (level.length > 1) {
    const above: Node[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at] as Node, level[at + 1] as Node];
      const preimage = Buffer.from(left.digest + u64(left.value) + right.digest + u64(right.value), 'hex');
      preimages.push(preimage);
      above.push({ digest: hash('sha256', preimage, 'hex'), value: left.value + right.value });
    }
    levels.push(above);
    level = above;
  }
  await writeLines(path, ['block_height:100'], levels.reverse(), ({ digest, value }) => `${digest},${value}`);
  return { path, ...joined(preimages) };
}

async function writeLines<Node>(
  path: string,
  header: readonly string[],
  levels: readonly (readonly Node[])[],
  print: (node: Node, depth: number) => string,
): Promise<void> {
  const file = await open(path, 'w');
  for (const line of header) await file.write(`${line}\n`);
  for (const [depth, nodes] of levels.entries()) {
    for (let from = 0; from < nodes.length; from += 10_000) {
      const lines = nodes.slice(from, from + 10_000).map((node) => print(node, depth));
      await file.write(`${lines.join('\n')}\n`);
    }
  }
  await file.close();
}

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
