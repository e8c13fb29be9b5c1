import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OperationCounts } from '../src/lib/curve-work.ts';
import { type Measured, measureProcess } from './measure.ts';
import { type MixedList, writeMixedLists } from './mixed-list.ts';
import { ms, result, say } from './say.ts';

/** The goals of issue 3, "Speed and memory". A list of twice the rows may hold its distinct results (180 bytes each) and little more. */
const GOALS = { maxRssMib: 200, growthMib: 40 };

interface Verified {
  readonly data: {
    readonly rows: { readonly total: number; readonly counted: number };
    readonly grades: Readonly<Record<string, number>>;
    readonly backend: { readonly curveOperations: number; readonly otherOperations?: OperationCounts };
  };
}

/** Measures `verify` on lists of many schemes; whether every goal is met. */
export async function measureMixed(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'reservewatch-bench-'));
  try {
    say('signing mixed lists with throwaway keys');
    const path = (name: string): string => join(folder, `${name}.csv`);
    const names = ['whole', 'half', 'slow', 'every', 'twice'] as const;
    const paths = Object.fromEntries(names.map((name) => [name, path(name)])) as Record<(typeof names)[number], string>;
    const lists = await writeMixedLists(paths);
    const [half, whole] = [await verify(lists.half), await verify(lists.whole)];
    const [slow, every, twice] = [await verify(lists.slow), await verify(lists.every), await verify(lists.twice)];
    saySlow(slow, lists.slow, whole);
    return [...memoryResults(half, whole, lists), operationResult(half, lists.half), operationResult(slow, lists.slow)]
      .concat(everyResults(every, twice, lists.every))
      .every(Boolean);
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Run = Measured & Verified['data'];

async function verify({ path, rows }: MixedList): Promise<Run> {
  const measured = await measureProcess(new URL('../src/main.js', import.meta.url), ['verify', path, '--json']);
  const { data } = JSON.parse(measured.stdout) as Verified;
  if (data.rows.counted !== rows) throw new Error(`not every row was read: ${measured.stdout}`);
  return { ...measured, ...data };
}

function memoryResults(
  half: Run,
  whole: Run,
  lists: { readonly half: MixedList; readonly whole: MixedList },
): boolean[] {
  const growth = whole.maxRssMib - half.maxRssMib;
  return [
    result(
      `peak memory at ${lists.whole.rows} mixed rows in one pass: ${whole.maxRssMib.toFixed(0)} MiB (${ms(whole.wallMs)}, ${ms(whole.cpuMs)} CPU)`,
      `at most ${GOALS.maxRssMib} MiB`,
      whole.maxRssMib <= GOALS.maxRssMib,
    ),
    result(
      `more memory than at half the rows (${half.maxRssMib.toFixed(0)} MiB): ${growth.toFixed(0)} MiB`,
      `at most ${GOALS.growthMib} MiB`,
      growth <= GOALS.growthMib,
    ),
  ];
}

function operationResult({ backend }: Run, list: MixedList): boolean {
  const { curveOperations, otherOperations = {} } = backend;
  const text = (recoveries: number, others: OperationCounts): string =>
    [
      `secp256k1 ${recoveries}`,
      ...Object.entries(others)
        .sort()
        .map(([name, count]) => `${name} ${count}`),
    ].join(', ');
  const done = text(curveOperations, otherOperations);
  const wanted = text(list.recoveries, list.others);
  return result(`operations for ${list.rows} mixed rows: ${done}`, wanted, done === wanted);
}

function everyResults(every: Run, twice: Run, list: MixedList): boolean[] {
  const { invalid = 0, undecided = 0, partial = 0 } = every.grades;
  const total = ({ backend }: Run): number =>
    backend.curveOperations + Object.values(backend.otherOperations ?? {}).reduce((sum, count) => sum + count, 0);
  return [
    result(
      `rows of every scheme that a generator signs (${list.rows}): ${invalid + undecided + partial} without a proof`,
      '0',
      invalid + undecided + partial === 0,
    ),
    result(
      `operations for that list twice over: ${total(twice)}`,
      `${total(every)}, as for it once`,
      total(twice) === total(every),
    ),
  ];
}

/** Slow schemes apart: what their rows cost, and how much of the whole list's time that is. */
function saySlow(slow: Run, list: MixedList, whole: Run): void {
  const others = Object.entries(list.others).map(([name, count]) => `${name} ${count}`);
  const share = ((100 * slow.cpuMs) / whole.cpuMs).toFixed(0);
  say(
    `slow schemes (${others.join(', ')}), alone: ${ms(slow.wallMs)} wall, ${ms(slow.cpuMs)} CPU, ${share} % of the mixed list's CPU`,
  );
}
