import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { register } from '../../src/cli/claims.ts';
import { register as registerLiabilities } from '../../src/cli/liabilities.ts';
import { type EntityId, parseEntityId, type Sha256 } from '../../src/domain/ids.ts';
import { ok } from '../../src/domain/result.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runCli } from '../fakes/run-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-claims-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function open() {
  const store = openStore(join(folder, 'test.db'), { clock: systemClock });
  if (!store.ok) throw new Error(store.error);
  return store.value;
}
const run = (...args: readonly string[]) =>
  runCli(register, ['claims', ...args], { openStore: async () => ok({ store: open(), archiveFolder: folder }) });
function write(name: string, lines: readonly string[]): string {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  return join(folder, name);
}
interface Figure {
  readonly metric: string;
  readonly text: string;
  readonly span: { readonly lo: string; readonly loOpen: boolean; readonly hi: string | null };
}
interface Row {
  readonly subject: string;
  readonly report: string | null;
  readonly date: { readonly text: string; readonly precision: string; readonly from: string; readonly to: string };
  readonly figures: readonly Figure[];
  readonly checks: readonly { readonly name: string; readonly status: string; readonly detail: string }[];
  readonly conflicts: readonly { readonly metric: string; readonly figure: string; readonly source: string }[];
  readonly groups: readonly { readonly together: { readonly lo: string; readonly hi: string | null } | null }[];
  readonly impliedLiabilities: { readonly lo: string; readonly hi: string } | null;
  readonly source: string;
  readonly notes: readonly string[];
}
async function list(...args: readonly string[]): Promise<readonly Row[]> {
  const listed = await run('list', '--json', ...args);
  return JSON.parse(listed.stdout).data;
}

const HEAD = 'report_no,date,asset,reserves,liabilities,ratio_pct_published,ratio_pct_computed,source,note';

describe('claims', () => {
  it('keeps figures as printed, with the interval that each may stand for, and its date as finely as it is stated', async () => {
    const file = write('claims.csv', [
      'report_no,date,date_precision,asset,reserves,liabilities,ratio_pct_published,source,note',
      '24,2024-10,month,USDC,,,100,the press,"seed, 000"',
      '24,2024-10,month,22 assets,,,over 100 %,same,',
      '18,2024-04-12,day (from a block),BTC,147153,143378,103,the page,',
    ]);
    expect(await run('import', file, '--entity', 'okx')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('5 figures in 3 lines, 5 of them new'),
    });
    const [usdc, all, btc] = await list();
    expect(usdc).toMatchObject({
      subject: 'USDC',
      date: { text: '2024-10', precision: 'month', from: '2024-10-01T00:00:00.000Z', to: '2024-11-01T00:00:00.000Z' },
      figures: [{ metric: 'ratio', text: '100', span: { lo: '99', loOpen: false, hi: '101' } }],
      notes: ['seed, 000'],
      groups: [{ subject: '22 assets', together: { lo: '100', loOpen: true, hi: '101' } }],
    });
    expect(all).toMatchObject({
      source: 'the press',
      figures: [{ text: 'over 100', span: { lo: '100', loOpen: true, hi: null } }],
    });
    expect(btc).toMatchObject({ checks: [{ name: 'ratio', status: 'agrees' }], date: { precision: 'day' } });
    const table = await run('list', '--asset', 'USDC');
    expect(table.stdout).toContain('100 [99, 101); with (100, ∞) for 22 assets: (100, 101)');
    const again = await run('import', file, '--entity', 'okx', '--json');
    expect(JSON.parse(again.stdout).data).toEqual({ rows: 3, faults: 0, figures: 5, new: 0 });
  });

  it('finds what contradicts itself and what two sources say differently, and ends with 3', async () => {
    const file = write('claims.csv', [
      HEAD,
      '1,2023-01-18,BTC,123914,117682,101,105.296,one,says 101',
      '1,2023-01-18,BTC,108434,,,,two,',
      '2,2023-02-18,BTC,100,100,100,,three,',
    ]);
    await run('import', file, '--entity', 'okx');
    const [one, two, three] = await list();
    expect(one?.checks).toMatchObject([
      { name: 'ratio', status: 'contradicts' },
      { name: 'computed-ratio', status: 'agrees' },
    ]);
    expect(one?.conflicts).toMatchObject([{ metric: 'reserves', figure: '108434', source: 'two' }]);
    expect(two?.conflicts).toMatchObject([{ metric: 'reserves', figure: '123914', source: 'one' }]);
    expect(three).toMatchObject({ conflicts: [], checks: [{ status: 'agrees' }] });
    expect((await run('list')).code).toBe(3);
  });

  it('holds a ratio at the very edge of its interval against amounts exactly', async () => {
    // 102 is below 103; printed 1030002 may be 1030001 and 1000000 up to 1000001: 100 · 1030001 < 103 · 1000001, but not of 1030002.
    const rows = ['1,2023-01-18,BTC,1030002,1000000,102,,a,', '2,2023-02-18,BTC,1030003,1000000,102,,a,'];
    await run('import', write('claims.csv', [HEAD, ...rows]), '--entity', 'okx');
    expect((await list()).map(({ checks }) => checks[0]?.status)).toEqual(['agrees', 'contradicts']);
  });

  it('shows what a ratio implies where no liabilities are published, wide enough for every rounding', async () => {
    await run('import', write('claims.csv', [HEAD, '1,2023-01-18,BTC,1000,,102,,a,']), '--entity', 'okx');
    // 999 / 1.03 and 1001 / 1.01, rounded outwards.
    expect((await list())[0]?.impliedLiabilities).toMatchObject({ lo: '969', hi: '992' });
  });

  it('reads one metric a line with its qualifier, and never makes a ratio of it', async () => {
    const file = write('totals.csv', [
      'report_no,date,metric,value,qualifier',
      '1,2022-11-22,published_addresses,23000,more than',
      '3,2023-01,primary_assets_usd_billion,7.5,',
    ]);
    expect(await run('import', file, '--entity', 'okx', '--source', 'the page')).toMatchObject({ code: 0 });
    expect((await list())[0]?.source).toBe('the page');
    expect((await list()).map(({ figures }) => figures[0])).toMatchObject([
      { metric: 'published_addresses', text: 'more than 23000', span: { lo: '23000', loOpen: true, hi: null } },
      { metric: 'primary_assets_usd_billion', text: '7.5', span: { lo: '7.4', hi: '7.6' } },
    ]);
  });

  it('names the file where neither the list nor the operator names a source, and says a fault of many lines once', async () => {
    const rows = Array.from({ length: 12 }, (_, at) => `2023-01-${at + 10},metric,1,`);
    const file = write('press.csv', ['date,metric,value,qualifier', ...rows]);
    const nobody = await run('import', file);
    expect(nobody.code).toBe(2);
    expect(nobody.stderr).toContain('press.csv:2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more lines: no entity is named');
    expect(await run('import', file, '--entity', 'okx')).toMatchObject({ code: 0 });
    expect((await list())[0]?.source).toBe('press.csv');
  });

  it('tells every line that it cannot read, keeps the others, and ends with 5', async () => {
    const file = write('claims.csv', [
      HEAD,
      '1,2023-02-30,BTC,1,1,100,,a,',
      '1,2023-02-28,BTC,1,1,perhaps 100,,a,',
      '1,2023-02-28,BTC,-1,1,100,,a,',
      '1,2023-02-28,BTC,1,1,100,,a,b,c',
      '1,2023-02-28,BTC,,,,,a,only words',
      '1,2023-02-28,BTC,1,1,100,,a,good',
    ]);
    const done = await run('import', file, '--entity', 'okx', '--json');
    const { data, warnings } = JSON.parse(done.stdout);
    expect([done.code, data]).toEqual([5, { rows: 1, faults: 5, figures: 3, new: 3 }]);
    expect(warnings).toMatchObject([2, 3, 4, 5, 6].map((line) => expect.stringContaining(`claims.csv:${line}: `)));
    expect(await run('import', write('x.csv', ['coin,address', 'BTC,1']), '--entity', 'okx')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('looked for'),
    });
    const elsewhere = await runCli(registerLiabilities, [
      'liabilities',
      'import',
      file,
      '--entity',
      'okx',
      '--as-of',
      '2023-02-28T00:00:00Z',
    ]);
    expect(elsewhere).toMatchObject({ code: 2, stderr: expect.stringContaining('claims import') });
  });

  it('holds a claim of reserves against the list that was imported for that day', async () => {
    const store = open();
    const entity = 'okx' as EntityId;
    const sha256 = 'ab'.repeat(32) as Sha256;
    store.importReport({
      file: { sha256, name: 'list.csv', bytes: 1, format: 'okx-csv-11' },
      entity,
      asOfMs: Date.UTC(2023, 0, 17, 20),
      importedAtMs: 0,
      summaries: [],
      faults: [],
      rows: [],
    });
    store.close();
    await run('import', write('claims.csv', [HEAD, '1,2023-01-18,BTC,5,5,100,,a,']), '--entity', 'okx');
    // Nothing of BTC is in that list: it says nothing about BTC.
    expect((await list())[0]?.checks).toMatchObject([{ name: 'ratio' }]);
  });

  it('leaves a database whose check is clean', async () => {
    await run('import', write('claims.csv', [HEAD, '1,2023-01-18,BTC,5,5,100,,a,']), '--entity', 'okx');
    const store = open();
    expect(store.check().faults).toEqual([]);
    store.close();
  });

  const DATA = join(import.meta.dirname, '../../../shared/real-data');
  const present = existsSync(join(DATA, 'okx-published-ratios.csv'));
  it.skipIf(!present)(
    `reads the published figures of ../shared whole${present ? '' : ' (skipped: absent)'}`,
    async () => {
      const entity = parseEntityId('okx');
      expect(entity.ok).toBe(true);
      const imports = [
        ['okx-published-ratios.csv', '--entity', 'okx'],
        ['okx-published-totals.csv', '--entity', 'okx', '--source', 'okx press'],
        ['other-published-ratios.csv'],
      ] as const;
      const counts = [];
      for (const [name, ...flags] of imports) {
        const done = await run('import', join(DATA, name), ...flags, '--json');
        counts.push([done.code, JSON.parse(done.stdout).data.rows]);
      }
      expect(counts).toEqual([
        [0, 50],
        [0, 18],
        [0, 34],
      ]);
      const rows = await list();
      // Report 9's two totals of one day are one row.
      expect(rows.length).toBe(101);
      const wrong = rows.flatMap(({ checks }) => checks.filter(({ status }) => status !== 'agrees'));
      expect(wrong).toEqual([]);
      expect(rows.find(({ report, subject }) => report === '2' && subject === 'BTC')?.notes[0]).toContain(
        'sources disagree',
      );
    },
  );
});
