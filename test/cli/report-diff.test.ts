import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** A printed amount of at most twelve decimals as a whole number; what is not stated is nothing. */
const unitsOf = (text: string): bigint => {
  if (text === '' || text === '-') return 0n;
  const [whole = '', part = ''] = text.split('.');
  return BigInt(`${whole}${part.padEnd(12, '0')}`);
};

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

  it('finds each month every address that came or went and every amount that changed, as added up apart', async () => {
    // rows.csv is the same history, taken out of the files by somebody else: date,coin,address,height,balance,…
    const byMonth = new Map<string, Map<string, { address: string; units: bigint }>>();
    for (const line of readFileSync(`${REAL}/rows.csv`, 'utf8').split(/\r?\n/).slice(1)) {
      const [date, coin, text, , balance] = line.split(',');
      if (date === undefined || coin === undefined || text === undefined) continue;
      const address = text.startsWith('0x') ? text.toLowerCase() : text;
      const month = byMonth.get(date) ?? byMonth.set(date, new Map()).get(date);
      const known = month?.get(`${coin} ${address}`);
      month?.set(`${coin} ${address}`, { address, units: (known?.units ?? 0n) + unitsOf(balance ?? '') });
    }
    for (const [at, file] of FILES.entries()) {
      if (at === 0) continue;
      const [before, after] = [FILES[at - 1] as string, file].map((name) => byMonth.get(/\d{8}/.exec(name)?.[0] ?? ''));
      if (before === undefined || after === undefined) throw new Error(`${file}: not in rows.csv`);
      const found = await month(/\d{8}/.exec(file)?.[0] ?? '');
      const keysOf = (cells: typeof before, others: typeof before): readonly string[] =>
        [...cells].flatMap(([key, { address }]) => (others.has(key) ? [] : [address])).sort();
      expect(found.added.map(({ address }) => address).sort(), file).toEqual(keysOf(after, before));
      expect(found.removed.map(({ address }) => address).sort(), file).toEqual(keysOf(before, after));
      const changes = [...after].flatMap(([key, { address, units }]) => {
        const was = before.get(key)?.units ?? units;
        return was === units ? [] : [`${address} ${units - was}`];
      });
      expect(found.amounts.map(({ address, change }) => `${address} ${unitsOf(change)}`).sort(), file).toEqual(
        changes.sort(),
      );
    }
  });

  /** What moved and what was renamed, month by month: read off the files, the addresses as they print them. */
  it('names the moves, the receipts that came in their place, and the row whose label is wrong', async () => {
    type Move = Record<string, string>;
    const movesOf = async (after: string, asset: string): Promise<Move | undefined> =>
      ((await month(after)) as unknown as { moves: readonly Move[] }).moves.find((one) => one.asset === asset);

    // February 2023: half a billion USDT went from Ethereum, 400 million came at a TRON address that is new for USDT.
    const february = await month('20230201');
    expect(february.removed.find(({ amount }) => amount === '500000002')).toMatchObject({
      asset: 'USDT',
      address: '0x18709e89bd403f470088abdacebe86cc60dda12e',
      labels: ['USDT-ETH'],
    });
    expect(february.added.find(({ asset }) => asset === 'USDT')).toMatchObject({
      address: 'TDToUxX8sH4z6moQpK3ZLAN24eupu2ivA4',
      amount: '400000000.8',
      labels: ['USDT-TRC20'],
    });
    expect(await movesOf('20230201', 'USDT')).toMatchObject({ explained: '400000000.8', lostBy: 'claimed' });
    expect(february.amounts).toContainEqual(
      expect.objectContaining({ address: '143gLvWYUojXaWZRrxquRKpVNTkhmr415B', change: '-5700.000573' }),
    );

    // May and June 2023: 96,671 BETH are listed for one month, unsigned, and BETH on Heco stands in their place.
    const beth = { address: '0xa929022c9107643515f5c777ce9a910f0d1e490c', amount: '96671.20005', labels: ['BETH'] };
    expect((await month('20230501')).added).toContainEqual(expect.objectContaining({ ...beth, grade: 'listed' }));
    const june = await month('20230601');
    expect(june.removed).toContainEqual(expect.objectContaining(beth));
    expect(june).toMatchObject({ labelsAdded: ['BETH-Heco', 'ETH-BTTC'], labelsDropped: ['BETH'] });
    expect(await movesOf('20230601', 'ETH')).toMatchObject({ explained: '45365.1383952' });

    // July 2023: 7,507 wrapped BTC on TRON join the Bitcoin addresses. August: stETH, stUSDT and T-bills join.
    expect((await month('20230701')).added.filter(({ labels }) => labels[0] === 'BTC-TRC20')).toMatchObject([
      { address: 'TDToUxX8sH4z6moQpK3ZLAN24eupu2ivA4', asset: 'BTC', amount: '6500' },
      { address: 'TNaRAoLUyYEV2uF7GUrzSjRQTU8v5ZJ5VR', asset: 'BTC', amount: '1007' },
    ]);
    expect((await month('20230801')).labelsAdded).toEqual(['USDT-T-Bills', 'stETH', 'stUSDT-TRC20']);
    expect((await month('20231101')).labelsDropped).toEqual(['USDT-T-Bills']);

    // September 2023: 3,220 BTC and 115 million USDT come at addresses that are new.
    expect(await movesOf('20230901', 'BTC')).toMatchObject({ explained: '3220.600732', unexplained: '1437.25083237' });
    expect(await movesOf('20230901', 'USDT')).toMatchObject({ explained: '78976711.801756', unexplained: '0' });

    // January to April 2024: buy-backs in the totals alone come and go; HT leaves with 168 million, HTX comes.
    expect((await month('20240101')).labelsAdded).toEqual(['BTC-BUY-BACK']);
    expect((await month('20240301')).labelsDropped).toEqual(['BTC-BUY-BACK', 'ETH-BUY-BACK']);
    expect(await movesOf('20240201', 'HT')).toMatchObject({ lost: '168866702.23', explained: '0' });
    expect((await month('20240401')).added).toContainEqual(
      expect.objectContaining({ asset: 'HTX', address: 'TDToUxX8sH4z6moQpK3ZLAN24eupu2ivA4' }),
    );

    // May 2024: the totals rename USDT-ETH to USDT-ERC20 and name USDT on Optimism, whose row says ETH; July: it is gone.
    const may = await month('20240501');
    expect(may.labelsAdded).toEqual(['ETH-Optimism', 'USDT-ERC20', 'USDT-Optimism', 'jUSDT-TRC20']);
    const mislabelled = { asset: 'ETH', address: '0x18709e89bd403f470088abdacebe86cc60dda12e' };
    expect(may.added).toContainEqual(expect.objectContaining({ ...mislabelled, amount: '19614630.32' }));
    expect((await month('20240701')).removed).toContainEqual(
      expect.objectContaining({ ...mislabelled, amount: '21150056.22' }),
    );

    // October 2024: the row of baseETH, whose address lacked its 0x, goes; its total stays, and a row aETH of a signed address has its amount.
    const october = await month('20241001');
    expect(october.labelsAdded).toEqual(['aETH', 'jsTRX']);
    expect(october.removed.find(({ labels }) => labels[0] === 'baseETH')).toMatchObject({
      address: '7a8ba143f8866242782e5b3a5ad1410bb6722206',
      grade: 'invalid',
    });
    expect(october.added).toContainEqual(
      expect.objectContaining({ ...mislabelled, labels: ['aETH'], amount: '9636.78', grade: 'address-bound' }),
    );
    // December 2024: 188 million DOGE go with their addresses.
    expect(await movesOf('20241201', 'DOGE')).toMatchObject({ gained: '24038299.14', unexplained: '67434390.19' });
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
