import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getBytes, keccak256, toUtf8Bytes, verifyMessage } from 'ethers';
import { accountOf, digest32, HEADER_11, MESSAGE, okxLines, sign } from './evm-rows.ts';
import { type Measured, measureProcess, median } from './measure.ts';
import { ROW_BYTES, timeRecoverLoop } from './recover-loop.ts';
import { ms, result, say } from './say.ts';
import { measureMixed } from './verify-mixed.ts';
import { measureScaling } from './verify-threads.ts';

const ROWS = 100_000;
const MANY_ROWS = 200_000;
const ROUNDS = 3;
const ETHERS_ROWS = 2_000;
const COPIES = 4;

/** The goals of issues 2 and 3, "Speed and memory": the stricter where both have one. */
const GOALS = { toLoop: 1.3, toEthers: 25, maxRssMib: 200, twoThreads: 1.6 };

/** Measures `verify` against its baselines on this machine, now; 0 if every goal is met, else 3. */
export async function run(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'reservewatch-bench-'));
  try {
    const unique = await measureAll(folder);
    return (await measureMixed()) && unique ? 0 : 3;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measureAll(folder: string): Promise<boolean> {
  say(`signing ${MANY_ROWS} unique rows with throwaway keys`);
  const files = { rows: join(folder, 'rows.csv'), many: join(folder, 'many.csv'), copies: join(folder, 'copies.csv') };
  const bare = await writeFiles(files);

  const loops: Loop[] = [];
  const runs: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    loops.push(await timeRecoverLoop(bare));
    runs.push(await verify(files.rows));
  }
  const toLoop = median(runs.map(({ wallMs }, round) => wallMs / (loops[round] as Loop).wallMs));
  const cpuToLoop = median(runs.map(({ cpuMs }, round) => cpuMs / (loops[round] as Loop).cpuMs));
  const ethersMs = timeEthers() * (ROWS / ETHERS_ROWS);
  const toEthers = ethersMs / median(runs.map(({ wallMs }) => wallMs));
  const many = await verify(files.many);
  const copies = await verify(files.copies);
  const distinct = operationsOf(copies);
  const scaling = await measureScaling(files.rows, ROUNDS);

  say(
    `${availableParallelism()} threads, ${ROWS} unique EVM rows, whole process, median of ${ROUNDS} interleaved rounds`,
  );
  for (const [round, { wallMs, cpuMs, maxRssMib }] of runs.entries()) {
    say(
      `  round ${round + 1}: ${ms(wallMs)} wall, ${ms(cpuMs)} CPU, ${maxRssMib.toFixed(0)} MiB; bare loop ${ms((loops[round] as Loop).wallMs)} wall, ${ms((loops[round] as Loop).cpuMs)} CPU`,
    );
  }
  say(`  CPU time, which other work on the machine changes less: ${cpuToLoop.toFixed(2)} x the bare loop`);
  const results = [
    result(
      `bare native recover loop on all threads: ${toLoop.toFixed(2)} x`,
      `at most ${GOALS.toLoop} x`,
      toLoop <= GOALS.toLoop,
    ),
    result(
      `two threads to one, same run: ${scaling.toFixed(2)} x`,
      `at least ${GOALS.twoThreads} x`,
      scaling >= GOALS.twoThreads,
    ),
    result(
      `ethers.verifyMessage (${ETHERS_ROWS} rows measured): ${toEthers.toFixed(0)} x faster`,
      `at least ${GOALS.toEthers} x`,
      toEthers >= GOALS.toEthers,
    ),
    result(
      `curve operations for ${ROWS} unique rows: ${operationsOf(runs[0] as Measured)}`,
      `${ROWS}`,
      operationsOf(runs[0] as Measured) === ROWS,
    ),
    result(
      `curve operations for ${ROWS} rows of ${ROWS / COPIES} accounts: ${distinct}`,
      `${ROWS / COPIES}`,
      distinct === ROWS / COPIES,
    ),
    result(
      `peak memory at ${MANY_ROWS} rows: ${many.maxRssMib.toFixed(0)} MiB (${ms(many.wallMs)})`,
      `at most ${GOALS.maxRssMib} MiB`,
      many.maxRssMib <= GOALS.maxRssMib,
    ),
  ];
  return results.every(Boolean);
}

async function verify(path: string): Promise<Measured> {
  const measured = await measureProcess(new URL('../src/main.js', import.meta.url), ['verify', path, '--json']);
  const { data } = JSON.parse(measured.stdout) as Verified;
  if (data.backend.secp256k1 !== 'native')
    throw new Error('the native secp256k1 library is not there: nothing to compare');
  if (data.rows.total !== data.grades['address-bound']) throw new Error(`not every row verified: ${measured.stdout}`);
  return measured;
}

type Loop = Awaited<ReturnType<typeof timeRecoverLoop>>;

interface Verified {
  readonly data: {
    readonly rows: { readonly total: number };
    readonly grades: Readonly<Record<string, number>>;
    readonly backend: { readonly secp256k1: string; readonly curveOperations: number };
  };
}

const operationsOf = ({ stdout }: Measured): number => (JSON.parse(stdout) as Verified).data.backend.curveOperations;

/** Writes the three lists and returns the bare signatures of the first one. */
async function writeFiles(files: { readonly rows: string; readonly many: string; readonly copies: string }) {
  const lines = [...okxLines(MANY_ROWS)];
  const write = (path: string, from: Iterable<string>) => pipeline(Readable.from(from), createWriteStream(path));
  await write(files.many, lines);
  await write(files.rows, lines.slice(0, ROWS + 1));
  await write(files.copies, copiesOf(lines.slice(1, ROWS / COPIES + 1)));
  const rows = new SharedArrayBuffer(ROWS * ROW_BYTES);
  const bytes = new Uint8Array(rows);
  const digest = digest32(MESSAGE);
  for (let row = 0; row < ROWS; row += 1) {
    const signature = Buffer.from((lines[row + 1] as string).split(',')[6]?.slice(2) as string, 'hex');
    bytes.set(digest, row * ROW_BYTES);
    bytes.set(signature.subarray(0, 64), row * ROW_BYTES + 32);
    bytes[row * ROW_BYTES + 96] = (signature[64] as number) - 27;
  }
  return rows;
}

/** Each account once under each of several coins, far apart in the file, as published lists have it. */
function* copiesOf(lines: readonly string[]): Generator<string> {
  yield `${HEADER_11}\n`;
  for (const coin of ['ETH', 'USDT-ERC20', 'USDC', 'LINK']) for (const line of lines) yield line.replace('ETH', coin);
}

/** Wall time in ms for ETHERS_ROWS rows in one thread. */
function timeEthers(): number {
  const digest = digest32(MESSAGE);
  const rows = Array.from({ length: ETHERS_ROWS }, (_, number) => {
    const account = accountOf(number);
    return { address: account.address, signature: sign(account, digest) };
  });
  const start = performance.now();
  for (const { address, signature } of rows) {
    const signer = verifyMessage(getBytes(keccak256(toUtf8Bytes(MESSAGE))), signature);
    if (signer.toLowerCase() !== address) throw new Error('ethers disagrees');
  }
  return performance.now() - start;
}
