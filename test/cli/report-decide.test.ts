import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { register } from '../../src/cli/report.ts';
import { register as registerStatus } from '../../src/cli/status.ts';
import { ok } from '../../src/domain/result.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { sha256Hex } from '../../src/lib/hash.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runCli } from '../fakes/run-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-decide-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const opened = async () => {
  const store = openStore(join(folder, 'test.db'), { clock: systemClock });
  return store.ok ? ok({ store: store.value, archiveFolder: join(folder, 'reports') }) : store;
};
const run = (...args: readonly string[]) => runCli(register, ['report', ...args], { openStore: opened });
const status = (...args: readonly string[]) => runCli(registerStatus, ['status', ...args], { openStore: opened });

const HEAD = 'coin,address,snapshot height,balance,message,signature';
const list = (...rows: readonly string[]): string => [HEAD, ...rows.map((row) => `BTC,${row},-,-`)].join('\n');
const [HOT, COLD, NEW] = [
  '1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU',
  '1HckjUpRGcrrRAtFaaCAUaGjsPx9oYmLaZ',
  '143gLvWYUojXaWZRrxquRKpVNTkhmr415B',
];
const FIRST = list(`${HOT},1,90`, `${COLD},1,10`);
const SECOND = list(`${HOT},2,90`, `${NEW},2,40`);
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const importAs = (name: string, text: string, ...flags: readonly string[]) =>
  run('import', write(name, text), '--entity', 'htx', ...flags);
interface Listed {
  readonly state: string;
  readonly set: { readonly version: number };
  readonly decision: { readonly state: string; readonly by: string; readonly note: string | null } | null;
}
const lists = async (): Promise<readonly Listed[]> => JSON.parse((await run('list', '--json')).stdout).data;
const states = async () => (await lists()).map(({ state, set }) => `${state} ${set.version}`);

describe('report import', () => {
  it('by hand is approval, and says what the set changes; the row of the approval names the operator', async () => {
    expect((await importAs('a.csv', FIRST)).stderr).toContain('in use from the next look on (set version 1)');
    const { code, stderr, stdout } = await importAs('b.csv', SECOND, '--json');
    expect(code).toBe(0);
    expect(stderr).toContain('1 went and 1 came: set version 1 → 2. BTC 40.00 % of 100 (went 10, came 40).');
    expect(stderr).toContain('Importing it by hand approves it');
    expect(JSON.parse(stdout).data).toMatchObject({
      set: { version: 2, cells: 2 },
      state: 'in use',
      change: { former: sha256Hex(FIRST), added: 1, vanished: 1, largeRemovals: 1, truncated: { assets: 0, cells: 0 } },
    });
    expect(await states()).toEqual(['in use 2', 'approved 1']);
    expect((await lists())[0]?.decision).toMatchObject({ state: 'approved', by: 'operator', note: 'imported by hand' });
    expect((await lists())[1]?.decision).toBe(null);
  });

  it('with --hold keeps it unused; importing it again without approves it, a rejected one stays rejected', async () => {
    await importAs('a.csv', FIRST);
    const held = await importAs('b.csv', SECOND, '--hold');
    expect([held.code, held.stderr]).toEqual([
      0,
      expect.stringContaining(`report approve ${sha256Hex(SECOND)} --entity htx`),
    ]);
    expect(await states()).toEqual(['waiting 2', 'in use 1']);
    expect((await importAs('b.csv', SECOND, '--hold')).stdout).toContain('nothing was changed');
    expect(await states()).toEqual(['waiting 2', 'in use 1']);
    expect((await importAs('b.csv', SECOND)).stdout).toContain('is kept for htx already, and approved now');
    expect(await states()).toEqual(['in use 2', 'approved 1']);
    await run('reject', sha256Hex(SECOND).slice(0, 8));
    const again = await importAs('b.csv', SECOND);
    expect([again.stdout, again.stderr]).toEqual([
      expect.stringContaining('nothing was changed'),
      expect.stringContaining('It is rejected and not used'),
    ]);
    expect(await states()).toEqual(['rejected 2', 'in use 1']);
  });
});

describe('report approve and reject', () => {
  it('take a beginning of the sha256, say whose list it is where two keep it, and keep the note', async () => {
    await importAs('a.csv', FIRST);
    await importAs('b.csv', SECOND, '--hold');
    await run('import', join(folder, 'b.csv'), '--entity', 'okx', '--hold');
    const [sha, short] = [sha256Hex(SECOND), sha256Hex(SECOND).slice(0, 6)];
    for (const args of [['12345'], ['not-hex'], ['ffffffff'], [short], [short, '--entity', 'nobody']]) {
      const { code, stderr, stdout } = await run('approve', ...args);
      expect([code, stdout, stderr.startsWith('error: ')], args.join(' ')).toEqual([2, '', true]);
    }
    const { code, stdout } = await run('approve', short, '--entity', 'htx', '--note', 'asked them', '--json');
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      {
        schema: 'reservewatch.decision/1',
        data: { entity: 'htx', report: sha, state: 'approved', changed: true, inUse: sha },
        warnings: [],
      },
    ]);
    const kept = (await lists()).find(({ state, decision }) => state === 'in use' && decision?.state === 'approved');
    expect(kept?.decision).toMatchObject({ by: 'operator', note: 'asked them' });
    expect((await run('approve', sha, '--entity', 'htx')).stdout).toContain('nothing was changed');
    const rejected = await run('reject', sha, '--entity', 'okx');
    expect([rejected.code, rejected.stderr]).toEqual([0, expect.stringContaining('no list of okx is in use now')]);
  });

  it('an older list than the one in use stays behind it', async () => {
    await importAs('a.csv', FIRST);
    await importAs('b.csv', SECOND, '--hold');
    await importAs('c.csv', list(`${HOT},3,91`, `${COLD},3,10`));
    expect(await states()).toEqual(['in use 1', 'passed over 2', 'approved 1']);
    const { stderr } = await run('approve', sha256Hex(SECOND));
    expect(stderr).toContain('in use is "c.csv"');
    expect(await states()).toEqual(['in use 1', 'approved 2', 'approved 1']);
  });
});

describe('status', () => {
  it('names the list that waits and the command, and cannot call it good', async () => {
    await importAs('a.csv', FIRST);
    await importAs('b.csv', SECOND, '--hold');
    const { code, stdout } = await status();
    expect(code).toBe(4);
    expect(stdout).toMatch(
      new RegExp(`htx: "b.csv" waits for approval since \\S+; next: reservewatch report approve ${sha256Hex(SECOND)}`),
    );
    const { entities } = JSON.parse((await status('--json')).stdout).data;
    expect(entities[0]).toMatchObject({
      report: { sha256: sha256Hex(FIRST), setVersion: 1 },
      waiting: { sha256: sha256Hex(SECOND), name: 'b.csv' },
    });
  });
});
