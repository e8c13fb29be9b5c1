import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { register } from '../../src/cli/db.ts';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runCli } from '../fakes/run-cli.ts';
import { ACME, cell, clock, mustOpen, read, record, tempFolder, USDT_1 } from '../store/records.ts';

/** A database with two polls, and the command line over it. */
function polled() {
  const path = join(tempFolder(), 'store.db');
  const store = mustOpen(path);
  for (const tick of [1, 2]) store.commitPoll(record(tick, [cell(USDT_1, '0x1', read(BigInt(tick)))]));
  const head = store.latestPoll(ACME)?.rootHash;
  store.close();
  const run = (...args: readonly string[]) =>
    runCli(register, ['db', ...args], {
      openStore: async () => {
        const opened = openStore(path, { clock });
        return opened.ok ? { ok: true, value: { store: opened.value, archiveFolder: '' } } : opened;
      },
    });
  return { path, head, run };
}

describe('db', () => {
  it('check: clean is 0, and says how much was checked', async () => {
    const { run } = polled();
    expect(await run('check')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^clean: 2 polls, \d+ rows/) });
    const json = await run('check', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'reservewatch.db-check/1',
      data: { polls: 2, faults: [], clean: true },
      warnings: [],
    });
  });

  it('check: a changed total is 3, each fault a line', async () => {
    const { path, run } = polled();
    const db = new Database(path);
    const trigger = db.prepare("SELECT sql FROM sqlite_schema WHERE name = 'rollup_no_update'").pluck().get() as string;
    db.exec(`DROP TRIGGER rollup_no_update; UPDATE rollup SET total = '9' WHERE poll = 2; ${trigger}`);
    db.close();
    const found = await run('check');
    expect(found.code).toBe(3);
    expect(found.stdout).toMatch(/^2 faults in 2 polls/);
    expect(found.stdout).toContain(
      '- poll 2: the rollup of eip155:1/erc20:0xaa says 9 (1 read, 0 not), its balances say 2',
    );
    expect(found.stderr).toContain('restore a backup');
  });

  it('check: a file that cannot even be opened for damage is 3 as well', async () => {
    const { path, run } = polled();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xff, 4096, 4096 + 64));
    expect(await run('check')).toMatchObject({ code: 3, stderr: expect.stringContaining('damaged') });
  });

  it('backup: a new file that checks clean; 2 where something is there already', async () => {
    const { head, run } = polled();
    const copy = join(tempFolder(), 'copy.db');
    const done = await run('backup', copy, '--json');
    expect(done.code).toBe(0);
    expect(JSON.parse(done.stdout).data).toMatchObject({ path: copy, head: { poll: 2, hash: head } });
    const restored = mustOpen(copy);
    expect(restored.check()).toMatchObject({ polls: 2, faults: [] });
    restored.close();
    expect(await run('backup', copy)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('overwrites nothing'),
    });
  });

  it('stats and migrate: say the schema and the size', async () => {
    const { head, run } = polled();
    expect((await run('migrate')).stdout).toBe(`schema ${MIGRATIONS.at(-1)?.version}: up to date\n`);
    const { stdout } = await run('stats');
    expect(stdout).toContain(`poll 2, head ${head}`);
    expect(stdout).toContain('balance\t2\n');
    expect(JSON.parse((await run('stats', '--json')).stdout).data.rows).toMatchObject({ poll: 2, coverage: 2 });
  });

  it('does not make a database of a mistyped path', async () => {
    const { run } = polled();
    const path = join(tempFolder(), 'stroe.db');
    expect(await run('check', '--db', path)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no database at'),
    });
    expect(existsSync(path)).toBe(false);
  });
});
