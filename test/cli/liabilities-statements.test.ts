import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { register } from '../../src/cli/liabilities.ts';
import type { EntityId } from '../../src/domain/ids.ts';
import { ok } from '../../src/domain/result.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { sha256Hex } from '../../src/lib/hash.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runCli } from '../fakes/run-cli.ts';
import { SKIP_REASON, samplePath, samplesPresent } from '../liabilities/merkle/call.ts';
import { bitmexFile, okxV1File } from '../liabilities/merkle/generate.ts';

const OKX = 'okx' as EntityId;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-statements-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function open() {
  const store = openStore(join(folder, 'test.db'), { clock: systemClock });
  if (!store.ok) throw new Error(store.error);
  return store.value;
}
const run = (...args: readonly string[]) =>
  runCli(register, ['liabilities', ...args], { openStore: async () => ok({ store: open(), archiveFolder: folder }) });
const kept = (kind: 'liability' | 'custody' = 'liability') => {
  const store = open();
  const statements = store.statements(OKX, kind);
  expect(store.check().faults).toEqual([]);
  store.close();
  return statements;
};
function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const DATED = ['--as-of', '2026-11-01T00:00:00+08:00', '--source', 'https://okx.example/por'];

describe('liabilities add', () => {
  it('keeps an amount with its date as written, document, scope and auditor', async () => {
    const document = write('report.pdf', 'the report');
    const more = ['--precision', 'day', '--scope', 'spot accounts', '--auditor', 'Example LLP', '--document', document];
    expect(await run('add', 'okx', 'USDT', '1000.50', ...DATED, ...more)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('okx USDT liability 1000.5 as of 2026-11-01T00:00:00+08:00 (to the day)'),
    });
    expect(kept()).toMatchObject([
      {
        amount: { unscaled: 10005n, scale: 1 },
        asOfMs: Date.UTC(2026, 9, 31, 16),
        asOfText: '2026-11-01T00:00:00+08:00',
        asOfPrecision: 'day',
        documentSha256: sha256Hex('the report'),
        grade: 'auditor',
        binding: 'none',
        scope: 'spot accounts',
        auditor: 'Example LLP',
      },
    ]);
  });

  it('does not call an auditor proven without the document', async () => {
    const added = await run('add', 'okx', 'BTC', '1', ...DATED, '--auditor', 'Example LLP');
    expect([added.code, added.stderr]).toEqual([0, expect.stringContaining('its grade is stated')]);
    expect(kept()[0]?.grade).toBe('stated');
  });

  it('keeps a percentage as text with its rounding, beside an amount and never as one', async () => {
    expect((await run('add', 'okx', 'ETH', '--published-percent', '102 %', ...DATED)).code).toBe(0);
    expect((await run('add', 'okx', 'ETH', '5', ...DATED)).code).toBe(0);
    expect(kept().map(({ amount, published, grade }) => [amount?.unscaled ?? null, published ?? null, grade])).toEqual([
      [5n, null, 'stated'],
      [null, { text: '102 %', rounding: 'unknown' }, 'percentage'],
    ]);
    const nearest = ['--published-percent', '102 %', '--rounding', 'nearest', '--json'];
    const { stdout } = await run('add', 'okx', 'ETH', ...nearest, ...DATED);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'reservewatch.statements/1',
      data: [{ amount: null, percent: { text: '102 %', rounding: 'nearest', span: { lo: '101.5', hi: '102.5' } } }],
    });
    // The percentage was corrected; the amount of the same source stands.
    expect(kept()).toHaveLength(2);
  });

  it.each([
    [['add', 'okx', 'USDT', ...DATED], /give an amount or --published-percent/],
    [['add', 'okx', 'USDT', '1', '--published-percent', '102 %', ...DATED], /one of the two/],
    [['add', 'okx', 'USDT', '1e3', ...DATED], /not a plain decimal/],
    [['add', 'okx', 'BTC', '0.0000000000000000000001', ...DATED], /has 22 decimals/],
    [['add', 'okx', 'USDTT', '1', ...DATED], /unknown asset "USDTT"/],
    [['add', 'okxx', 'USDT', '1', ...DATED], /entity "okxx" is not known/],
    [['add', 'okx', 'USDT', '1', '--as-of', '2026-11-01', '--source', 'x'], /--as-of: .*offset/],
    [['add', 'okx', 'USDT', '1', '--as-of', '2999-01-01T00:00:00Z', '--source', 'x'], /lies in the future/],
    [['add', 'okx', 'USDT', '1', '--as-of', '2026-11-01T00:00:00Z', '--source', ' '], /--source must have/],
    [['add', 'okx', 'USDT', '--published-percent', '102', ...DATED], /must be a percentage/],
    [['add', 'okx', 'USDT', '--published-percent', '102 %', '--rounding', 'up', ...DATED], /--rounding "up"/],
    [['add', 'okx', 'USDT', '--published-percent', '102 %', '--kind', 'custody', ...DATED], /custody needs an amount/],
    [['add', 'okx', 'USDT', '1', '--kind', 'debt', ...DATED], /--kind "debt"/],
    [['add', 'okx', 'USDT', '1', '--precision', 'week', ...DATED], /--precision "week"/],
    [['add', 'okx', 'USDT', '1', '--document', '/nowhere/at/all', ...DATED], /--document .*does not exist/],
  ])('%j is refused and nothing is kept', async (args, reason) => {
    const refused = await run(...args);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(reason);
    expect(kept()).toEqual([]);
  });
});

describe('liabilities list', () => {
  it('says which statement decides and which contradict each other', async () => {
    await run('add', 'okx', 'USDT', '100', ...DATED);
    await run('add', 'okx', 'USDT', '110', '--as-of', '2026-11-01T00:00:00+08:00', '--source', 'another page');
    await run('add', 'okx', 'USDT', '200', '--as-of', '2026-10-01T00:00:00Z', '--source', 'older');
    await run('add', 'okx', 'USDT', '7', '--kind', 'custody', ...DATED);
    const { stdout, code } = await run('list', '--entity', 'okx', '--json');
    const { data } = JSON.parse(stdout) as { data: Record<string, unknown>[] };
    expect(code).toBe(0);
    expect(data.map((one) => [one['kind'], one['amount'], one['inForce'], one['conflict']])).toEqual([
      ['liability', '110', true, true],
      ['liability', '100', false, true],
      ['liability', '200', false, false],
      ['custody', '7', true, false],
    ]);
    expect((await run('list', '--asset', 'BTC')).stderr).toContain('no statement is kept');
  });
});

const IMPORT = ['--entity', 'okx', '--as-of', '2026-11-01T00:00:00Z'];

describe('liabilities import', () => {
  it('keeps what a rebuilt tree binds, with its grade, binding and hash', async () => {
    const tree = bitmexFile([150_000_000n, 25n]);
    const imported = await run('import', write('tree.csv', tree), ...IMPORT);
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    expect(kept()).toMatchObject([
      {
        asset: 'BTC',
        amount: { unscaled: 150_000_025n, scale: 8 },
        grade: 'sum-tree',
        binding: 'per-asset-total',
        source: 'tree.csv',
        documentSha256: sha256Hex(tree),
      },
    ]);
  });

  it('keeps nothing of a call with an invalid proof', async () => {
    const good = write('good.csv', bitmexFile([150_000_000n, 25n]));
    const bad = write('bad.csv', bitmexFile([150_000_000n, 25n]).replace('150000025', '150000024'));
    expect(await run('import', good, bad, ...IMPORT)).toMatchObject({ code: 3, stdout: '' });
    expect(kept()).toEqual([]);
  });

  it('keeps nothing of a path, which binds no total, nor of a file that is no proof', async () => {
    const path = await run('import', write('path.json', JSON.stringify(okxV1File())), ...IMPORT);
    expect([path.code, path.stderr]).toEqual([4, expect.stringContaining('1 valid proof binds no total')]);
    expect((await run('import', write('note.txt', 'hello'), ...IMPORT)).code).toBe(4);
    expect(kept()).toEqual([]);
  });

  it.skipIf(!samplesPresent)(
    `makes no amount of numbers without a unit (${SKIP_REASON})`,
    async () => {
      const sum = samplePath('okx-zkstark-v1/sum_proof_data');
      const unknown = await run('import', sum, ...IMPORT);
      expect(unknown.code).toBe(4);
      expect(unknown.stderr).toContain('the files do not state the unit of 1154179934: all coins are added up');
      expect(unknown.stderr).toContain('--decimals BTC=<n>');
      expect(unknown.stderr).toContain('only a combined total is proven');
      expect(kept()).toEqual([]);
      expect((await run('import', sum, ...IMPORT, '--decimals', 'BTC=8')).code).toBe(5);
      expect(kept().map(({ asset, grade }) => [asset, grade])).toEqual([['BTC', 'zk-global']]);
      expect((await run('import', sum, ...IMPORT, '--decimals', '8')).code).toBe(0);
      expect(
        kept()
          .map(({ asset }) => asset)
          .sort(),
      ).toEqual(['BTC', 'ETH']);
    },
    120_000,
  );
});
