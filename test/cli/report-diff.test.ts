import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '../../src/cli/report.ts';
import type { ReportDiff } from '../../src/diff-reports.ts';
import { ok } from '../../src/domain/result.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { sha256Hex } from '../../src/lib/hash.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runCli } from '../fakes/run-cli.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-diff-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const HEAD = 'coin,snapshot height,balance\nBTC(ALL),-,1\n\ncoin,address,snapshot height,balance,message,signature';
const A = [
  HEAD,
  'BTC,1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU,1,1.5,-,-',
  'BTC,1HckjUpRGcrrRAtFaaCAUaGjsPx9oYmLaZ,1,2,-,-',
  'USDT-ETH,0x18709E89BD403F470088ABDACEBE86CC60DDA12E,1,7,-,-',
  'HT-ETH,0x18709e89bd403f470088abdacebe86cc60dda12e,1,3,-,-',
].join('\n');
const B = [
  HEAD,
  'BTC,1HckjUpRGcrrRAtFaaCAUaGjsPx9oYmLaZ,2,1.25,King will be back!,IJtEWgK2V8QxKUCWpVlfMTpVhwS2My/2Notvcw2lPBuHACHkxUESh8BoPL1vzQ4hkqYg/EZbQm9hpPKKcZJwY7E=',
  'BTC,143gLvWYUojXaWZRrxquRKpVNTkhmr415B,2,0.25,-,-',
  'USDT-ERC20,0x18709e89bd403f470088abdacebe86cc60dda12e,2,7,-,-',
  'TRX,TZ1SsapyhKNWaVLca6P2qgVzkHTdk6nkXa,2,5,-,-',
].join('\n');

type Diff = ReportDiff & { readonly before: { readonly name: string }; readonly after: { readonly name: string } };

async function diff(...args: readonly string[]): Promise<Diff> {
  const run = await runCli(register, ['report', 'diff', ...args, '--json'], { openStore: open });
  if (run.stdout === '') throw new Error(run.stderr);
  return (JSON.parse(run.stdout) as { readonly data: Diff }).data;
}

const open = async () => {
  const store = openStore(join(folder, 'test.db'), { clock: systemClock });
  return store.ok ? ok({ store: store.value, archiveFolder: join(folder, 'reports') }) : store;
};

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe('moves', () => {
  const list = (...rows: readonly string[]): string => [HEAD, ...rows.map((row) => `BTC,${row},-,-`)].join('\n');
  const [HOT, COLD, NEW] = [
    '1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU',
    '1HckjUpRGcrrRAtFaaCAUaGjsPx9oYmLaZ',
    '143gLvWYUojXaWZRrxquRKpVNTkhmr415B',
  ];
  const moves = async (a: string, b: string) => {
    const data = await diff(write('moves-a.csv', a), write('moves-b.csv', b));
    return (data as unknown as { readonly moves: readonly unknown[] }).moves;
  };

  it('are explained by the newer list up to what it newly lists, on its claims where nothing was read', async () => {
    const after = list(`${HOT},1,40`, `${COLD},1,15`, `${NEW},1,50.5`);
    expect(await moves(list(`${HOT},1,100`, `${COLD},1,10`), after)).toEqual([
      {
        asset: 'BTC',
        lost: '60',
        raised: '5',
        gained: '50.5',
        explained: '50.5',
        unexplained: '4.5',
        unknown: 0,
        lostBy: 'claimed',
        gainedBy: 'claimed',
        explainedBy: sha256Hex(after),
      },
    ]);
  });

  it('are none where nothing was lost and nothing is new, and count what nobody states as unknown', async () => {
    expect(await moves(list(`${HOT},1,1`), list(`${HOT},1,2`))).toEqual([]);
    const [one] = await moves(['chain,address', `bitcoin,${HOT}`].join('\n'), list(`${COLD},1,2`));
    expect(one).toMatchObject({ lost: '0', gained: '2', explained: '0', unknown: 1, explainedBy: null });
  });
});

describe('report diff', () => {
  it('tells what changed, address by address; another spelling of an address is no change', async () => {
    const result = await diff(write('a.csv', A), write('b.csv', B));
    expect(result.scope).toEqual({ assetsAdded: ['TRX'], assetsDropped: ['HT'] });
    expect(result.totals).toEqual([
      { asset: 'BTC', before: '3.5', after: '1.5', change: '-2' },
      { asset: 'HT', before: '3', after: null, change: '-3' },
      { asset: 'TRX', before: null, after: '5', change: '5' },
    ]);
    expect(result.added.map(({ address }) => address)).toEqual([
      '143gLvWYUojXaWZRrxquRKpVNTkhmr415B',
      'TZ1SsapyhKNWaVLca6P2qgVzkHTdk6nkXa',
    ]);
    expect(result.removed.map(({ asset, address }) => `${asset} ${address}`)).toEqual([
      'BTC 1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU',
      'HT 0x18709e89bd403f470088abdacebe86cc60dda12e',
    ]);
    expect(result.amounts).toMatchObject([{ asset: 'BTC', before: '2', after: '1.25', change: '-0.75' }]);
    expect(result.grades).toMatchObject([{ before: 'listed', after: 'address-bound' }]);
    expect(result.labels).toMatchObject([{ asset: 'USDT', before: ['USDT-ETH'], after: ['USDT-ERC20'] }]);
    expect(result).toMatchObject({
      labelsAdded: ['TRX', 'USDT-ERC20'],
      labelsDropped: ['HT-ETH', 'USDT-ETH'],
      unchanged: 0,
    });
    expect(await diff(join(folder, 'a.csv'), join(folder, 'a.csv'))).toMatchObject({ totals: [], unchanged: 4 });
  });

  it('takes kept reports by the beginning of their hash, and says what it does not find', async () => {
    for (const text of [A, B]) {
      await runCli(register, ['report', 'import', write('list.csv', text), '--entity', 'htx'], { openStore: open });
    }
    const kept = await diff(sha256Hex(A).slice(0, 12), sha256Hex(B).slice(0, 12));
    const { before, after, ...rest } = await diff(join(folder, 'a.csv'), join(folder, 'b.csv'));
    expect(before.name).toBe('a.csv');
    expect(after.name).toBe('b.csv');
    expect(kept).toMatchObject(rest);
    const run = await runCli(register, ['report', 'diff', '000000', '000000'], { openStore: open });
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('no kept report begins with it') });
  });

  it('prints text', async () => {
    const run = await runCli(register, ['report', 'diff', write('a.csv', A), write('b.csv', B)]);
    expect(run.stdout).toContain('asset dropped\nHT\n');
    expect(run.stdout).toContain('BTC\t3.5\t1.5\t-2\n');
  });
});

const REAL = '../shared/real-data/htx-por-history';
const FILES = existsSync(REAL) ? readdirSync(REAL).filter((name) => name.startsWith('huobi_por_')) : [];

describe.skipIf(FILES.length === 0)(`month by month over ${REAL}, skipped where it is not there`, () => {
  const month = (after: string): Promise<Diff> => {
    const at = FILES.findIndex((name) => name.includes(after));
    return diff(`${REAL}/${FILES[at - 1]}`, `${REAL}/${FILES[at]}`);
  };

  it('finds the names that HTX changed and the assets that it took in and left out', async () => {
    // HT gave way to HTX; USDT on Ethereum is USDT-ERC20 in the totals from May 2024 on and USDT-ETH in the rows.
    expect((await month('20240201')).scope).toEqual({ assetsAdded: [], assetsDropped: ['HT'] });
    expect((await month('20240401')).scope).toEqual({ assetsAdded: ['HTX'], assetsDropped: [] });
    expect((await month('20240501')).labelsAdded).toContain('USDT-ERC20');
    expect((await month('20240801')).scope.assetsAdded).toEqual(['DOGE', 'SOL', 'XRP']);
    expect((await month('20230501')).labelsAdded).toContain('BETH');
  });

  it('finds the addresses that went, the rows that got a signature, and the many addresses that changed in late 2024', async () => {
    // 27 addresses left the list in October 2023; in late 2024 a tenth to a third go or come every month.
    expect((await month('20231001')).removed).toHaveLength(27);
    for (const after of ['20241001', '20241101', '20241201']) {
      const { added, removed, amounts, unchanged } = await month(after);
      const all = removed.length + amounts.length + unchanged;
      expect((added.length + removed.length) / all).toBeGreaterThan(0.1);
    }
    // December 2022 to February 2023: rows that had no signature got one.
    const signed = (await month('20230201')).grades;
    expect(signed.length).toBeGreaterThan(20);
    expect(new Set(signed.map(({ before, after }) => `${before} ${after}`))).toEqual(new Set(['listed address-bound']));
  });
});
