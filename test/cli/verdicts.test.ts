import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { okxLines } from '../../bench/evm-rows.ts';
import { type Ended, runProgram, startProgram } from '../fixtures/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'reservewatch-verdicts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ROWS = 9_000;
const lines = [...okxLines(ROWS + 500)];
const [first, second] = [join(folder, 'month-1.csv'), join(folder, 'month-2.csv')];

interface Counts {
  readonly verified: number;
  readonly known: number;
}

const dataOf = ({ stdout }: Ended) => (JSON.parse(stdout) as { data: Record<string, unknown> }).data;
const countsOf = (ended: Ended) => dataOf(ended)['verdicts'] as Counts;
/** All that a run says of the file, without what it cost. */
const saysOf = (ended: Ended) => ({ ...dataOf(ended), verdicts: null, backend: null });

const run = (...args: readonly string[]) => runProgram(args, { cwd: folder });

/** How many verdicts a database holds by now. */
function keptIn(path: string): number {
  if (!existsSync(path)) return 0;
  try {
    const db = new Database(path, { readonly: true, timeout: 5000 });
    try {
      return db.prepare('SELECT count(*) FROM verdict').pluck().get() as number;
    } finally {
      db.close();
    }
  } catch {
    return 0;
  }
}

/** Starts a command and stops it with that signal once some verdicts are kept. */
async function runHalf(signal: NodeJS.Signals, db: string, ...args: readonly string[]): Promise<Ended> {
  const program = startProgram(args, { cwd: folder });
  let ended = false;
  void program.ended.then(() => {
    ended = true;
  });
  while (!ended && keptIn(db) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  program.child.kill(signal);
  return program.ended;
}

let whole: Ended;
beforeAll(async () => {
  writeFileSync(first, lines.slice(0, ROWS + 1).join(''));
  writeFileSync(second, [...lines.slice(0, 1), ...lines.slice(501)].join(''));
  whole = await run('verify', first, '--json');
});

describe('verify --verdicts', () => {
  const db = join(folder, 'verdicts.db');

  it('goes on where it was interrupted, and comes to the same', async () => {
    const half = await runHalf('SIGINT', db, 'verify', first, '--json', '--verdicts', db);
    expect(half).toMatchObject({ code: 130, stdout: '' });
    expect(half.stderr).toMatch(/stopped: [\d,]+ rows were done and their verdicts are kept in .*verdicts\.db/);
    const kept = keptIn(db);
    const rest = await run('verify', first, '--json', '--verdicts', db);
    expect(countsOf(rest)).toEqual({ verified: ROWS - kept, known: kept });
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(ROWS);
    expect(saysOf(rest)).toEqual({ ...saysOf(whole) });
  });

  it('verifies only the new rows of the next month', async () => {
    const next = await run('verify', second, '--json', '--verdicts', db);
    expect(countsOf(next)).toEqual({ verified: 500, known: ROWS - 500 });
    expect(dataOf(next)['backend']).toMatchObject({ curveOperations: 500 });
    const text = await run('verify', second, '--verdicts', db);
    expect(text.stdout).toContain('verified 0, known 9,000');
  });

  it('says that nothing is kept where it was not asked to', async () => {
    const program = startProgram(['verify', first], { cwd: folder });
    setTimeout(() => program.child.kill('SIGINT'), 700);
    const { code, stderr } = await program.ended;
    // A run that was done before the signal came is no failure of this test.
    if (code !== 0)
      expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining('--verdicts <file>') });
  });

  it('refuses what is no database of ours', async () => {
    const other = join(folder, 'other.txt');
    writeFileSync(
      other,
      'not a database at all, but long enough to be looked at as one by whoever opens it'.repeat(20),
    );
    const refused = await run('verify', first, '--verdicts', other);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--verdicts') });
  });
});

describe('report import', () => {
  it('killed in the middle, does only the rest when it is run again, and keeps the same rows', async () => {
    const db = join(folder, 'history.db');
    const args = ['report', 'import', first, '--entity', 'okx', '--db', db, '--json'];
    await runHalf('SIGKILL', db, ...args);
    const kept = keptIn(db);
    const again = await run(...args);
    expect(again).toMatchObject({ code: 0 });
    expect(countsOf(again)).toEqual({ verified: ROWS - kept, known: kept });
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(ROWS);
    expect(dataOf(again)).toMatchObject({ outcome: 'stored', rows: ROWS, faults: 0 });
    const next = await run('report', 'import', second, '--entity', 'okx', '--db', db);
    expect(next.stdout).toContain('verified 500, known 8,500');
  });
});
