import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getAddress } from 'ethers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountOf, digest32, HEADER_11, sign } from '../../bench/evm-rows.ts';
import { register as registerAddresses } from '../../src/cli/addresses.ts';
import { register } from '../../src/cli/report.ts';
import { register as registerVerify } from '../../src/cli/verify.ts';
import type { IssuedBy } from '../../src/domain/attestation.ts';
import type { EntityId } from '../../src/domain/ids.ts';
import type { Entity } from '../../src/domain/registry.ts';
import { ok } from '../../src/domain/result.ts';
import { findDisputes, findKeptOverlaps } from '../../src/find-disputes.ts';
import { importReport } from '../../src/import-report.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { readableFile } from '../../src/lib/files.ts';
import { loadRegistry } from '../../src/load-registry.ts';
import { openStore } from '../../src/store/open-store.ts';
import { jsonLines, runCli } from '../fakes/run-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-disputed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function open() {
  const store = openStore(join(folder, 'test.db'), { clock: systemClock });
  if (!store.ok) throw new Error(store.error);
  return store.value;
}
const options = () => ({ openStore: async () => ok({ store: open(), archiveFolder: join(folder, 'reports') }) });
const report = (...args: readonly string[]) => runCli(register, ['report', ...args], options());
const addresses = (...args: readonly string[]) => runCli(registerAddresses, ['addresses', ...args], options());

function write(name: string, ...rows: readonly string[]): string {
  writeFileSync(join(folder, name), [HEADER_11, ...rows, ''].join('\n'));
  return join(folder, name);
}
const [one, two] = [accountOf(5), accountOf(6)];
const signed = (account: typeof one, message: string, network = 'ETH'): string =>
  `ETH,${network},100,${account.address},1.5,${message},${sign(account, digest32(message))},,,,`;
const bare = (account: typeof one, network = 'ETH'): string => `ETH,${network},100,${account.address},1.5,,,,,,`;
const OKX = 'I am an OKX address';

describe('report import', () => {
  it('warns of every address that the list disputes with another publisher, names it, and says which were copied', async () => {
    const first = await report('import', write('okx.csv', signed(one, OKX), bare(two)), '--entity', 'okx');
    expect(first.stderr).not.toContain('disputed');
    const copy = write('bitfinex.csv', signed(one, OKX, 'ethereum'), bare(two, 'ethereum'));
    const second = await report('import', copy, '--entity', 'bitfinex');
    expect(second.code).toBe(0);
    expect(second.stderr).toContain(
      `2 addresses of bitfinex are disputed with okx, whose list claims them with no weaker proof (${one.address}, ${two.address})`,
    );
    expect(second.stderr).toContain('1 carry the very signatures of okx: copied from it');
    expect(second.stderr).toContain(`1 address of okx is disputed with bitfinex`);

    const other = await report('import', copy, '--entity', 'bitfinex', '--issued-by', 'third-party');
    expect(other.stderr).toContain("It is a third party's list: it disputes nothing");
    expect(other.stderr).not.toContain('of okx is disputed');
    const json = await report('import', copy, '--entity', 'bitfinex', '--issued-by', 'third-party', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      data: {
        outcome: 'known',
        issuedBy: 'third-party',
        disputes: [
          {
            with: 'okx',
            addresses: 2,
            disputed: { addresses: 2, copied: 1, examples: [{ namespace: 'eip155', address: one.address }, {}] },
            raised: { addresses: 0, copied: 0, examples: [] },
          },
        ],
      },
      warnings: [expect.stringContaining('2 addresses of bitfinex are disputed with okx')],
    });
    const list = await report('list', '--json');
    expect(
      JSON.parse(list.stdout).data.map(({ entity, issuedBy }: Record<string, string>) => [entity, issuedBy]),
    ).toEqual([
      ['bitfinex', 'third-party'],
      ['okx', 'publisher'],
    ]);
    expect((await report('import', copy, '--entity', 'bitfinex', '--issued-by', 'nobody')).code).toBe(2);
  });
});

describe('report import of a list that is copied from one that nobody keeps', () => {
  it('says how many rows sign for somebody else, and for whom', async () => {
    const copy = write('bitfinex.csv', signed(one, OKX), signed(two, OKX));
    const alone = await report('import', copy, '--entity', 'bitfinex');
    expect(alone.stderr).toContain(
      '2 rows sign a message that does not name Bitfinex, and so prove nothing for it (2 name OKX: perhaps copied from its list)',
    );
    // Once the other is kept they are disputed and copied; its own rows stay proven.
    const own = await report('import', write('okx.csv', signed(one, OKX), signed(two, OKX), ''), '--entity', 'okx');
    expect(own.stderr).toContain('2 addresses of bitfinex are disputed with okx');
    expect(own.stderr).toContain('2 carry the very signatures of okx: copied from it');
    expect(own.stderr).not.toContain('of okx are disputed');
    expect(own.stderr).not.toContain('does not name');
    // The labels of the layout's publisher fill up what an entity without a book of its own does not say; what nobody knows is said.
    expect(alone.stderr).not.toContain('label book');
    const odd = await report('import', write('o.csv', signed(one, OKX, 'NOWHERE')), '--entity', 'okx');
    expect(odd.stderr).toContain(
      '1 row carries a coin or network name that its label book does not know ("ETH on NOWHERE"): their proofs are not checked',
    );
    const nobody = await report('import', write('k.csv', signed(one, 'hello')), '--entity', 'kraken');
    expect(nobody.stderr).toMatch(/1 row signs a message that does not name Kraken, and so prove nothing for it\n/);
  });
});

describe('verify', () => {
  it('says with --db what other publishers dispute of a list that is in use, and nothing without', async () => {
    await report('import', write('okx.csv', signed(one, OKX), bare(two)), '--entity', 'okx');
    const copy = write('bitfinex.csv', signed(one, OKX, 'ethereum'), bare(two, 'ethereum'));
    await report('import', copy, '--entity', 'bitfinex');
    const verify = (path: string, ...args: readonly string[]) =>
      runCli(registerVerify, ['verify', path, ...args], options());
    const json = JSON.parse((await verify(copy, '--entity', 'bitfinex', '--db', 'x', '--json')).stdout);
    expect(json.data.flags).toMatchObject({ disputed: 2, 'foreign-message': 1 });
    expect(json.warnings).toContainEqual(expect.stringContaining('2 addresses of bitfinex are disputed with okx'));
    const okx = await verify(join(folder, 'okx.csv'), '--entity', 'okx', '--db', 'x');
    expect(okx.stdout).toMatch(/disputed\s+1\b/);
    const without = JSON.parse((await verify(copy, '--entity', 'bitfinex', '--json')).stdout);
    expect(without.data.flags).not.toHaveProperty('disputed');
    // An older list is not in use any more: nobody disputes it.
    await report('import', write('newer.csv', bare(two, 'ethereum')), '--entity', 'bitfinex');
    const older = JSON.parse((await verify(copy, '--entity', 'bitfinex', '--db', 'x', '--json')).stdout);
    expect(older.data.flags).not.toHaveProperty('disputed');
  });

  it('flags disputed rows in the lines of --rows where --db keeps the list in use, and no others', async () => {
    await report('import', write('okx.csv', signed(one, OKX)), '--entity', 'okx');
    const rows = [bare(two, 'ethereum'), signed(one, 'I am a Bitfinex address', 'ethereum'), `x,"`];
    const copy = write('bitfinex.csv', ...rows, bare(one, 'ethereum'));
    await report('import', copy, '--entity', 'bitfinex', '--issued-by', 'publisher');
    const flagsOf = async (path: string, ...args: readonly string[]) => {
      const run = await runCli(registerVerify, ['verify', path, '--rows', '-', '--json', ...args], options());
      const lines = jsonLines(run.stdout) as { line: number; flags: readonly string[] }[];
      const { data } = JSON.parse(run.stderr.slice(run.stderr.indexOf('{"schema"'))) as {
        data: { flags: Record<string, number> };
      };
      const disputed = lines.filter(({ flags }) => flags.includes('disputed')).map(({ line }) => line);
      expect(data.flags['disputed'] ?? 0).toBe(disputed.length);
      return disputed;
    };
    const okx = join(folder, 'okx.csv');
    const found = [await flagsOf(copy, '--entity', 'bitfinex', '--db', 'x'), await flagsOf(okx, '--db', 'x')];
    expect(found).toEqual([[3, 5], [2]]);
    expect(await flagsOf(copy, '--entity', 'bitfinex')).toEqual([]);
    await report('import', write('newer.csv', bare(two, 'ethereum')), '--entity', 'bitfinex');
    expect([await flagsOf(copy, '--entity', 'bitfinex', '--db', 'x'), await flagsOf(okx, '--db', 'x')]).toEqual([
      [],
      [],
    ]);
  });

  it('says that no message was held to a name where nobody says whose list it is', async () => {
    const path = write('okx.csv', signed(one, 'I am a Kraken address'));
    const told = await runCli(registerVerify, ['verify', path], options());
    expect(told.stdout).toContain("no message was held to a name: add --entity okx if it is okx's.");
    const named = await runCli(registerVerify, ['verify', path, '--entity', 'okx'], options());
    expect(named.stdout).toContain('1 row signs a message that does not name OKX');
    expect(named.stdout).not.toContain('held to a name');
    const bareList = await runCli(registerVerify, ['verify', write('bare.csv', bare(two))], options());
    expect(bareList.stdout).not.toContain('held to a name');
  });
});

describe('addresses overlaps', () => {
  it('without a list compares the kept ones, and says who disputes what', async () => {
    await report('import', write('okx.csv', signed(one, OKX), bare(two)), '--entity', 'okx');
    expect(await addresses('overlaps')).toMatchObject({ code: 0, stdout: expect.stringContaining('no address is in') });
    await report(
      'import',
      write('bitfinex.csv', signed(one, OKX, 'ethereum'), bare(two, 'ethereum')),
      '--entity',
      'bitfinex',
    );
    const run = await addresses('overlaps', '--json');
    expect(run.code).toBe(3);
    const { data } = JSON.parse(run.stdout);
    const claims = data.map(({ claims: of }: { claims: readonly { publisher: string }[] }) =>
      [...of].sort((a, b) => (a.publisher < b.publisher ? -1 : 1)),
    );
    expect(claims).toMatchObject([
      [
        { publisher: 'bitfinex', proven: false, disputedWith: ['okx'], copiedFrom: ['okx'] },
        { publisher: 'okx', proven: true, disputedWith: [], copiedFrom: [] },
      ],
      [
        { publisher: 'bitfinex', proven: false, disputedWith: ['okx'], copiedFrom: [] },
        { publisher: 'okx', proven: false, disputedWith: ['bitfinex'], copiedFrom: [] },
      ],
    ]);
    expect((await addresses('overlaps', '--entity', 'okx')).stdout).toContain(two.address);
    expect((await addresses('overlaps', '--entity', 'kraken')).code).toBe(0);
    expect((await addresses('overlaps', '--entity', 'nobody')).code).toBe(2);
    const listed = await addresses('list', '--flag', 'disputed', '--json');
    expect(
      jsonLines<{ entity: string; address: string }>(listed.stdout)
        .map((line) => [line.entity, line.address])
        .sort(),
    ).toEqual([
      ['bitfinex', one.address],
      ['bitfinex', two.address],
      ['okx', two.address],
    ]);
    // One address of the kept lists, in a spelling that no list prints.
    const checksummed = getAddress(two.address);
    const kept = JSON.parse((await addresses('show', checksummed, '--json')).stdout);
    expect(kept.data.map((row: { publisher: string; verdict: { flags: string[] } }) => row.verdict.flags)).toEqual([
      ['disputed'],
      ['disputed'],
    ]);
    const explained = JSON.parse((await addresses('explain', checksummed, '--json')).stdout);
    expect(explained.data).toMatchObject([{ verdict: { flags: ['disputed'] } }, { verdict: { flags: ['disputed'] } }]);
    expect((await addresses('explain', one.address, '--entity', 'okx')).stdout).not.toContain('disputed');
    // The same of two files, and of one address in them.
    const files = [`okx=${join(folder, 'okx.csv')}`, `bitfinex=${join(folder, 'bitfinex.csv')}`];
    const inFiles = JSON.parse((await addresses('overlaps', ...files, '--json')).stdout);
    expect(inFiles.data.overlaps).toMatchObject([
      {
        copied: true,
        claims: [
          { publisher: 'okx', proven: 1, disputed: false },
          { publisher: 'bitfinex', disputed: true },
        ],
      },
      { copied: false, claims: [{ disputed: true }, { disputed: true }] },
    ]);
    const shown = JSON.parse((await addresses('show', one.address, '--in', ...files, '--json')).stdout);
    expect(shown.data).toMatchObject([
      { publisher: 'okx', claimedBy: ['bitfinex'], verdict: { flags: expect.not.arrayContaining(['disputed']) } },
      { publisher: 'bitfinex', claimedBy: ['okx'], verdict: { flags: expect.arrayContaining(['disputed']) } },
    ]);
  });
});

const REAL = '../shared/real-data';
describe.skipIf(!existsSync(REAL))(`the lists of ${REAL}, skipped where they are not there`, () => {
  it('imported, dispute the one address that two of them really claim, and no other', async () => {
    interface List {
      readonly entity?: string;
      readonly chains?: readonly { readonly chain: string; readonly addresses: readonly string[] }[];
    }
    const loaded = loadRegistry();
    if (!loaded.ok) throw new Error('the registry does not load');
    const files = new Map<EntityId, string>();
    for (const name of readdirSync(REAL).filter((file) => file.endsWith('.json'))) {
      const { entity, chains } = JSON.parse(readFileSync(join(REAL, name), 'utf8')) as List;
      if (entity === undefined || chains === undefined || name === 'htx-huobi.json') continue;
      const rows = chains.flatMap(({ chain, addresses: of }) => of.map((address) => `${chain},${address}`));
      const path = join(folder, `${name}.csv`);
      writeFileSync(path, ['chain,address', ...rows].join('\n'));
      files.set(name.replace('.json', '') as EntityId, path);
    }
    files.set('htx' as EntityId, join(REAL, 'htx-por-history', 'huobi_por_20241201.csv'));
    const made = [...files.keys()].map((id): Entity => ({ id, name: id, aliases: [id], labels: null }));
    const entities = new Map([...made.map((entity) => [entity.id, entity] as const), ...loaded.value.entities]);
    const registry = { ...loaded.value, entities };
    const store = open();
    try {
      const keep = async (id: EntityId, issuedBy: IssuedBy): Promise<void> => {
        const file = await readableFile(files.get(id) as string, id);
        if (!file.ok) throw new Error(file.error);
        const imported = await importReport(file.value, {
          store,
          archiveFolder: join(folder, 'reports'),
          registry,
          entity: entities.get(id) as Entity,
          asOfMs: null,
          clock: systemClock,
          issuedBy,
        });
        if (!imported.ok) throw new Error(imported.error);
      };
      for (const id of files.keys()) await keep(id, 'publisher');
      expect(store.reports().length).toBeGreaterThan(15);
      const [htx, usdd] = ['htx', 'usdd'] as [EntityId, EntityId];
      const parts = { store, registry };
      const expected = JSON.parse(readFileSync(join(REAL, 'overlaps.json'), 'utf8')) as {
        readonly addresses: readonly { readonly address: string }[];
      };
      const overlaps = findKeptOverlaps(parts, null);
      expect(overlaps.map(({ address }) => address)).toEqual(expected.addresses.map(({ address }) => address));
      // HTX signed for it in its own name; who else lists it shows no signature.
      expect(findDisputes(parts, htx)).toEqual([]);
      expect(findDisputes(parts, usdd)).toMatchObject([{ with: 'htx', namespace: 'tron', copied: false }]);
      // A list that an article printed disputes nothing, and stays in doubt itself.
      await keep(usdd, 'third-party');
      expect([findDisputes(parts, htx), findDisputes(parts, usdd).length]).toEqual([[], 1]);
      // Without HTX's signature both would be in doubt.
      const rows = readFileSync(files.get(htx) as string, 'utf8').split('\n');
      const unsigned = rows.map((row) => row.replace(/,huobi,[0-9a-f]{130}$/, ',-,-'));
      files.set(htx, join(folder, 'unsigned.csv'));
      writeFileSync(join(folder, 'unsigned.csv'), unsigned.join('\n'));
      await keep(htx, 'publisher');
      expect(findDisputes(parts, htx)).toEqual([]);
      await keep(usdd, 'publisher');
      expect(findDisputes(parts, htx)).toMatchObject([{ with: 'usdd', address: 'TZ1SsapyhKNWaVLca6P2qgVzkHTdk6nkXa' }]);
      expect(store.check().faults).toEqual([]);
    } finally {
      store.close();
    }
  });
});
if (!existsSync(REAL)) console.log(`skipped: the real double claim, because ${REAL} is missing`);
