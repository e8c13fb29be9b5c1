import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountOf, digest32, HEADER_11, MESSAGE, sign } from '../../bench/evm-rows.ts';
import { register as registerAddresses } from '../../src/cli/addresses.ts';
import { register } from '../../src/cli/report.ts';
import type { EntityId } from '../../src/domain/ids.ts';
import { ok } from '../../src/domain/result.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { sha256Hex } from '../../src/lib/hash.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runCli } from '../fakes/run-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-import-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const archiveFolder = () => join(folder, 'reports');

function open() {
  const store = openStore(join(folder, 'test.db'), { clock: systemClock });
  if (!store.ok) throw new Error(store.error);
  return store.value;
}

const run = (...args: readonly string[]) =>
  runCli(register, ['report', ...args], {
    openStore: async () => ok({ store: open(), archiveFolder: archiveFolder() }),
  });

const account = accountOf(5);
const row = (amount: string, signature: string) =>
  `ETH,ETH,100,${account.address},${amount},${MESSAGE},${signature},,,,`;
const GOOD = ['coin,amount', 'ETH,1.5', '', HEADER_11, row('1.5', sign(account, digest32(MESSAGE)))].join('\n');

function write(text: string, name = 'list.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const archived = () => (existsSync(archiveFolder()) ? readdirSync(archiveFolder()) : []);

describe('report import', () => {
  it('keeps rows, verdicts and the file itself, once', async () => {
    const path = write(GOOD);
    const sha256 = sha256Hex(GOOD);
    const first = await run('import', path, '--entity', 'okx', '--as-of', '2026-11-01T00:00:00+08:00');
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('is kept for okx: okx-csv-11, 1 rows, 0 faults'),
    });
    expect(archived()).toEqual([sha256]);
    expect(readFileSync(join(archiveFolder(), sha256), 'utf8')).toBe(GOOD);

    const store = open();
    expect(store.reports()).toMatchObject([
      { entity: 'okx', rows: 1, faults: 0, asOfMs: Date.UTC(2026, 9, 31, 16), file: { sha256, name: 'list.csv' } },
    ]);
    const [cell] = store.trackedCells(sha256, 'okx' as EntityId);
    expect(cell).toMatchObject({ address: account.address, assetId: 'eip155:1/slip44:60', claimed: '1.5', line: 5 });
    expect(cell?.verdict).toMatchObject({
      grade: 'address-bound',
      flags: ['message-variant:digest32', 'static-message'],
    });
    store.close();

    // Another name, the same bytes.
    const again = await run('import', write(GOOD, 'other-name.csv'), '--entity', 'okx');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('already, nothing was changed') });
    expect(archived()).toEqual([sha256]);
    expect((await run('list')).stdout.split('\n')).toHaveLength(3);
  });

  it("takes the layout's publisher where nobody says whose list it is", async () => {
    expect(await run('import', write(GOOD))).toMatchObject({ code: 0, stdout: expect.stringContaining('for okx') });
  });

  it('ends with 5 where lines were not understood, and keeps the rest', async () => {
    const result = await run('import', write(`${GOOD}\n${row('much', 'x')}\n`), '--entity', 'okx', '--json');
    expect(result.code).toBe(5);
    expect(result.stderr).toContain('line 6: amount "much"');
    expect(JSON.parse(result.stdout)).toMatchObject({
      schema: 'reservewatch.import/1',
      data: { outcome: 'stored', rows: 1, faults: 1 },
    });
    expect((await run('import', write(`${GOOD}\n${row('much', 'x')}\n`), '--entity', 'okx')).code).toBe(5);
  });

  it.each([
    ['hello', []],
    ['', []],
    [GOOD, ['--entity', 'nobody']],
    [GOOD, ['--as-of', 'yesterday']],
  ])('stores nothing and ends with 2 for %j %j', async (text, flags) => {
    const result = await run(
      'import',
      write(text),
      ...(flags.includes('--entity') ? [] : ['--entity', 'okx']),
      ...flags,
    );
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^error: /);
    expect(archived()).toEqual([]);
    const store = open();
    expect(store.reports()).toEqual([]);
    store.close();
  });

  it('stores nothing for a file that is not there', async () => {
    expect(await run('import', join(folder, 'nothing.csv'), '--entity', 'okx')).toMatchObject({ code: 2 });
    expect(archived()).toEqual([]);
  });
});

describe('report list', () => {
  it('prints JSON', async () => {
    await run('import', write(GOOD), '--entity', 'okx');
    const list = await run('list', '--json', '--entity', 'okx');
    expect(JSON.parse(list.stdout)).toMatchObject({
      schema: 'reservewatch.reports/1',
      data: [{ entity: 'okx', asOf: null, rows: 1, faults: 0, file: { format: 'okx-csv-11' } }],
      warnings: [],
    });
    expect(JSON.parse((await run('list', '--json', '--entity', 'htx')).stdout).data).toEqual([]);
  });
});

describe('the history that an import prints', () => {
  const listOf = (rows: readonly string[]): string => ['coin,amount', 'ETH,1.5', '', HEADER_11, ...rows].join('\n');
  const signed = (amount: string, n = 5, at = n): string =>
    `ETH,ETH,100,${accountOf(at).address},${amount},${MESSAGE},${sign(accountOf(n), digest32(MESSAGE))},,,,`;
  const importAt = (text: string, day: string, ...flags: readonly string[]) =>
    run('import', write(text, `${day}.csv`), '--entity', 'okx', '--as-of', `${day}T00:00:00Z`, ...flags);

  it('counts signatures and addresses that are new, seen before, vanished or reused', async () => {
    const first = await importAt(listOf([signed('1'), signed('2', 6)]), '2026-01-01');
    expect(first.stdout).toContain(
      '2 signatures new, 0 seen before, 0 reused at another address\nno older list of okx',
    );
    const second = await importAt(listOf([signed('1.5'), signed('3', 6, 7), signed('0.25', 8)]), '2026-03-01');
    expect(second.stdout).toContain(
      '1 signatures new, 2 seen before (oldest first seen 2026-01-01T00:00:00.000Z, 59 days), 1 reused at another address\n' +
        'beside the list of 2026-01-01T00:00:00.000Z: 2 addresses new (3.25 ETH), 1 address vanished (2 ETH)\n',
    );
    // A month between, kept later: compared with the one before it, and not what came after.
    const between = await importAt(listOf([signed('1'), signed('2', 6), signed('4', 8)]), '2026-02-01', '--json');
    expect(JSON.parse(between.stdout).data).toMatchObject({
      signatures: {
        new: 1,
        seenBefore: 2,
        oldest: { firstSeen: '2026-01-01T00:00:00.000Z', ageSeconds: 31 * 86_400 },
        reusedElsewhere: 0,
      },
      addresses: {
        formerSeen: '2026-01-01T00:00:00.000Z',
        new: { addresses: 1, assets: [{ asset: 'ETH', addresses: 1, amount: '4' }] },
        vanished: { addresses: 0, assets: [] },
      },
    });
  });

  it('flags a row whose signature an older list carries at another address, and keeps no such flag with the verdict', async () => {
    await importAt(listOf([signed('1')]), '2026-01-01');
    await importAt(listOf([signed('1'), signed('1', 5, 7), signed('1', 8)]), '2026-02-01');
    const store = open();
    const flags = (day: string) => {
      const list = store.reports().find(({ file }) => file.name === `${day}.csv`);
      return [...store.listedRows(list?.file.sha256 as never, 'okx' as EntityId)]
        .sort((a, b) => a.listed.row.line - b.listed.row.line)
        .map(({ verdict }) => verdict.flags.includes('repeated-signature'));
    };
    expect(flags('2026-01-01')).toEqual([false]);
    // Twice in the file itself.
    expect(flags('2026-02-01')).toEqual([true, true, false]);
    store.close();
    // Once in the file, at another address than in the older lists.
    await importAt(listOf([signed('9', 5, 9), signed('1', 8)]), '2026-03-01');
    await importAt(listOf([signed('9', 8, 9)]), '2025-12-01');
    const again = open();
    const of = (day: string) => again.reports().find(({ file }) => file.name === `${day}.csv`)?.file.sha256 as never;
    const rows = (day: string) => [...again.listedRows(of(day), 'okx' as EntityId)];
    expect(
      rows('2026-03-01')
        .map(({ verdict }) => verdict.flags.includes('repeated-signature'))
        .sort(),
    ).toEqual([false, true]);
    // Nothing older carries it: the later lists are no reason.
    expect(rows('2025-12-01').map(({ verdict }) => verdict.flags.includes('repeated-signature'))).toEqual([false]);
    again.close();
    const db = new Database(join(folder, 'test.db'), { readonly: true });
    const cached = db.prepare('SELECT flags FROM verdict').pluck().all() as string[];
    db.close();
    expect(cached.length).toBeGreaterThanOrEqual(4);
    expect(cached.filter((one) => one.includes('repeated-signature') || one.includes('message"'))).toEqual([]);
  });

  it('is shown with an address too', async () => {
    await importAt(listOf([signed('1')]), '2026-01-01');
    await importAt(listOf([signed('1'), signed('1', 5, 7)]), '2026-02-01');
    const show = (...flags: readonly string[]) =>
      runCli(
        registerAddresses,
        ['addresses', 'show', account.address, '--in', join(folder, '2026-02-01.csv'), ...flags],
        {
          openStore: async () => ok({ store: open(), archiveFolder: archiveFolder() }),
        },
      );
    expect(JSON.parse((await show('--json')).stdout).data).toMatchObject([
      { signatureHistory: [{ entity: 'okx', firstSeen: '2026-01-01T00:00:00.000Z', reports: 2, addresses: 2 }] },
    ]);
    expect((await show()).stdout).toMatch(/first seen\t2026-01-01 by okx, .* ago; in 2 kept lists, at 2 addresses/);
  });
});
