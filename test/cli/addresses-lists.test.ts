import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '../../src/cli/addresses.ts';
import { register as registerReport } from '../../src/cli/report.ts';
import type { Attestation } from '../../src/domain/attestation.ts';
import type { EntityId } from '../../src/domain/ids.ts';
import type { Double } from '../../src/find-doubles.ts';
import type { Lookalikes } from '../../src/find-lookalikes.ts';
import type { ListedAccount } from '../../src/list-accounts.ts';
import { openStore } from '../../src/store/open-store.ts';
import { jsonLines, runCli } from '../fakes/run-cli.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-lists-'));
  const list = write('okx.csv', OKX);
  const run = await runCli(registerReport, ['report', 'import', list, '--entity', 'okx'], kept);
  if (run.stdout === '') throw new Error(run.stderr);
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const kept = {
  openStore: async () => {
    const store = openStore(join(folder, 'kept.db'), { clock: { now: () => 1_795_000_000_000 } });
    return store.ok ? { ok: true as const, value: { store: store.value, archiveFolder: join(folder, 'kept') } } : store;
  },
};

const HOT = '0x18709e89bd403f470088abdacebe86cc60dda12e';
const POD = '0x2222222222222222222222222222222222222222';
const OWNER = '0x3333333333333333333333333333333333333333';
const RICH = '0x4444444444444444444444444444444444444444';
const key = (digit: string): string => `0x${digit.repeat(96)}`;
/** One account in TON's bounceable and non-bounceable spelling and raw. */
const TON = '0:83dfd552e63729b472fcbcc8c45ebcc6691702558b68ec7527e1ba403a0f31a8';
const EQ = 'EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N';
const UQ = 'UQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqEBI';
/** The twelve columns of OKX's newer lists. */
const row = (coin: string, type: string, network: string, address: string, amount: string, eoa1 = '', eoa2 = '') =>
  `${coin},${type},${network},1,${address},${amount},,,,,${eoa1},${eoa2}`;
const OKX = [
  'coin,snapshot height,amount',
  'ETH,1,100',
  '',
  'coin,Type,Network,Snapshot Height,address,amount,message,signature1,signature2,redeem script,EOA1,EOA2',
  row('ETH', 'Non Staking', 'ETH', HOT, '10'),
  row('USDT', 'Non Staking', 'ETH', HOT, '7'),
  row('ETH', 'Non Staking', 'ETH', HOT.toUpperCase().replace('0X', '0x'), '9.5'),
  row('ETH', 'Eigenlayer Staking', 'ETH', key('a'), '32', OWNER, POD),
  row('ETH', 'Eigenlayer Staking', 'ETH', key('b'), '32.5', OWNER, POD.toUpperCase().replace('0X', '0x')),
  row('ETH', 'Native ETH Staking', 'ETH', key('c'), '32', RICH),
  row('ETH', 'Non Staking', 'ETH', POD, '1.25'),
  row('ETH', 'Non Staking', 'ETH', OWNER, '64.25'),
  row('ETH', 'Non Staking', 'ETH', RICH, '32'),
  row('TON', 'Non Staking', 'TON', EQ, '5'),
  row('TON', 'Non Staking', 'TON', UQ, '5'),
  row('TON', 'Non Staking', 'TON', TON, '6'),
  '',
].join('\n');

describe('addresses list', () => {
  const list = async (...flags: readonly string[]) => {
    const run = await runCli(register, ['addresses', 'list', '--entity', 'okx', ...flags, '--json'], kept);
    expect(run.stderr).toBe('');
    return jsonLines<ListedAccount & { readonly entity: string }>(run.stdout);
  };

  it('gives each account once, with its assets, claims, lines and spellings', async () => {
    const accounts = await list();
    expect(accounts.find(({ address }) => address === HOT)).toMatchObject({
      entity: 'okx',
      chain: 'eip155:1',
      addressTexts: [HOT.toUpperCase().replace('0X', '0x'), HOT],
      grades: ['listed'],
      assets: [
        { asset: 'ETH', claimed: '10', summed: '19.5', lines: [5, 7], last: null },
        { asset: 'USDT', claimed: '7', summed: '7', lines: [6] },
      ],
    });
    const ton = accounts.filter(({ network }) => network === 'ton');
    expect(ton).toMatchObject([{ address: EQ, assets: [{ claimed: '6', summed: '16', lines: [14, 15, 16] }] }]);
    expect(ton[0]?.addressTexts.toSorted()).toEqual([TON, EQ, UQ].toSorted());
  });

  it('counts what the poll counts: one cell for all spellings of an account', async () => {
    const opened = await kept.openStore();
    if (!opened.ok) throw new Error(opened.error);
    const { store } = opened.value;
    const [report] = store.reports('okx' as EntityId);
    const cells = store.trackedCells((report as Attestation).file.sha256, 'okx' as EntityId);
    expect(cells.filter(({ address }) => address === EQ)).toMatchObject([
      { claimed: '6', line: 14, repeatedAt: [15, 16] },
    ]);
    expect(cells.filter(({ address, asset }) => address === HOT && asset === 'ETH')).toMatchObject([{ claimed: '10' }]);
    const listed = (await list()).flatMap(({ address, assets }) => assets.map((one) => [address, one.claimed]));
    const readable = cells.map(({ address, claimed }) => [address, claimed]);
    expect(listed.filter(([address]) => address !== null).sort()).toEqual(readable.sort());
    store.close();
  });

  it('filters by asset, chain, grade and flag, and refuses what it does not know', async () => {
    const usdt = await list('--asset', 'usdt');
    expect(usdt).toMatchObject([{ address: HOT, assets: [{ asset: 'USDT' }] }]);
    expect(await list('--chain', 'ton')).toHaveLength(1);
    expect(await list('--chain', 'eip155:1', '--asset', 'TON')).toEqual([]);
    expect(await list('--grade', 'address-bound')).toEqual([]);
    expect(await list('--flag', 'message-variant')).toEqual([]);
    const wrong = await runCli(register, ['addresses', 'list', '--grade', 'listd'], kept);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "listed"') });
    expect((await runCli(register, ['addresses', 'list', '--chain', 'nowhere'], kept)).code).toBe(2);
  });

  it('prints a line an asset, under one head', async () => {
    const { stdout } = await runCli(register, ['addresses', 'list'], kept);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^entity\tchain\taddress\tasset/);
    expect(lines.filter((line) => line.startsWith('entity'))).toHaveLength(1);
    expect(lines).toContainEqual(expect.stringContaining(`okx\tethereum\t${POD}\tETH\t1.25`));
  });

  it('pages: more rows than a page come out whole, with one head', async () => {
    const many = Array.from(
      { length: 1234 },
      (_, at) => `ethereum,0x${createHash('sha256').update(`${at}`).digest('hex').slice(24)}`,
    );
    const path = write('many.csv', ['chain,address', ...many].join('\n'));
    expect((await runCli(registerReport, ['report', 'import', path, '--entity', 'htx'], kept)).code).toBe(0);
    const { stdout } = await runCli(register, ['addresses', 'list', '--entity', 'htx'], kept);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1235);
  });
});

describe('addresses inside', () => {
  const inside = async (...flags: readonly string[]) => {
    const run = await runCli(register, ['addresses', 'inside', ...flags, '--json'], kept);
    const { data } = JSON.parse(run.stdout) as { readonly data: readonly { readonly doubles: readonly Double[] }[] };
    const doubles = data.flatMap((one) => one.doubles);
    expect(run.code).toBe(doubles.length > 0 ? 3 : 0);
    return doubles;
  };

  it('finds spellings, pods and owners that could hold what their validators claim', async () => {
    for (const doubles of [
      await inside('--entity', 'okx'),
      await inside('--entity', 'okx', '--file', join(folder, 'okx.csv')),
    ]) {
      expect(doubles.map(({ kind, address }) => [kind, address])).toEqual([
        ['two-spellings', HOT],
        ['two-spellings', EQ],
        ['pod', POD],
        ['owner', RICH],
      ]);
      // Both pod rows, whatever the spelling; the owner of the pod's validators claims less than they do.
      expect(doubles[2]?.validators).toEqual({ rows: 2, claimed: '64.5', firstLine: 8 });
      expect(doubles[0]).toMatchObject({ counted: '10', summed: '19.5' });
    }
  });

  it('tells labels from repetitions and says nothing of a list without either', async () => {
    const address = '1HckjUpRGcrrRAtFaaCAUaGjsPx9oYmLaZ';
    const list = (...rows: readonly string[]): string =>
      write(
        'some.csv',
        ['coin,Network,Snapshot Height,address,amount,message,signature1,signature2,redeem script', ...rows, ''].join(
          '\n',
        ),
      );
    const path = list(`BTC,BTC,1,${address},2,,,,`, `BTC,BTC,1,${address},2,,,,`);
    expect(await inside('--entity', 'okx', '--file', path)).toMatchObject([
      { kind: 'repeated-row', lines: [2, 3], counted: '2', summed: '4' },
    ]);
    const labels = list(`USDT,ETH,1,${HOT},2,,,,`, `USDT-ERC20,ETH,1,${HOT},3,,,,`);
    const found = await inside('--entity', 'okx', '--file', labels);
    expect(found).toMatchObject([{ kind: 'two-labels', labels: ['USDT', 'USDT-ERC20'], counted: '3', summed: '5' }]);
    expect(await inside('--entity', 'okx', '--file', list(`BTC,BTC,1,${address},2,,,,`))).toEqual([]);
  });
});

describe('addresses lookalikes', () => {
  it('finds them in a file and among kept lists, with whose they are', async () => {
    const alike = `${HOT.slice(0, 8)}${'5'.repeat(26)}${HOT.slice(-8)}`;
    const path = write('alike.csv', `chain,address\nethereum,${HOT}\nbase,${HOT}\nbase,${alike}\n`);
    const run = await runCli(register, ['addresses', 'lookalikes', '--file', path, '--json'], kept);
    expect(run.code).toBe(3);
    const { data } = JSON.parse(run.stdout) as { readonly data: { readonly lookalikes: readonly Lookalikes[] } };
    expect(data.lookalikes).toMatchObject([
      { place: 'eip155', first: 6, last: 8, addresses: [{ address: HOT }, { address: alike }] },
    ]);
    const text = await runCli(register, ['addresses', 'lookalikes', '--file', path], kept);
    expect(text.stdout).toContain(alike);
    const clean = await runCli(register, ['addresses', 'lookalikes', '--entity', 'okx'], kept);
    expect(clean).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('no two addresses look alike beyond chance'),
    });
  });
});

describe('report import', () => {
  const importing = async (name: string, text: string) => {
    const run = await runCli(
      registerReport,
      ['report', 'import', write(name, text), '--entity', 'htx', '--json'],
      kept,
    );
    return (JSON.parse(run.stdout) as { readonly warnings: readonly string[] }).warnings;
  };

  it('warns of a new address that looks like a listed one, and of what the list names twice', async () => {
    // Another publisher's kept list has HOT.
    const alike = `${HOT.slice(0, 8)}${'6'.repeat(26)}${HOT.slice(-8)}`;
    const warnings = await importing('new.csv', `chain,address\nethereum,${alike}\n`);
    expect(warnings).toEqual([expect.stringMatching(new RegExp(`${alike} and ${HOT} share their first 6 and last 8`))]);
    // The same pair again in the next list is no news.
    expect(await importing('next.csv', `chain,address\nethereum,${alike}\nethereum,${OTHER}\n`)).toEqual([]);
    const twice = await importing('twice.csv', `chain,address\nethereum,${OWNER}\nethereum,${upperCase(OWNER)}\n`);
    expect(twice).toContainEqual(expect.stringContaining('1 accounts are listed in several rows'));
  });
});

const OTHER = '0x5555555555555555555555555555555555555555';
const upperCase = (address: string): string => `0x${address.slice(2).toUpperCase()}`;
