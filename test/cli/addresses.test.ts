import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '../../src/cli/addresses.ts';
import type { Overlap } from '../../src/find-overlaps.ts';
import { runCli } from '../fakes/run-cli.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-addresses-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function overlaps(...lists: readonly string[]): Promise<readonly Overlap[]> {
  const run = await runCli(register, ['addresses', 'overlaps', ...lists, '--json']);
  if (run.stdout === '') throw new Error(run.stderr);
  const { data } = JSON.parse(run.stdout) as { readonly data: { readonly overlaps: readonly Overlap[] } };
  expect(run.code).toBe(data.overlaps.length > 0 ? 3 : 0);
  return data.overlaps;
}

const SIGNED =
  'BTC,1HckjUpRGcrrRAtFaaCAUaGjsPx9oYmLaZ,1,2,King will be back!,IJtEWgK2V8QxKUCWpVlfMTpVhwS2My/2Notvcw2lPBuHACHkxUESh8BoPL1vzQ4hkqYg/EZbQm9hpPKKcZJwY7E=';
const HTX = `coin,address,snapshot height,balance,message,signature\n${SIGNED}\nETH,0x18709e89bd403f470088abdacebe86cc60dda12e,1,3,-,-\n`;

describe('addresses overlaps', () => {
  it('finds an address of two publishers in any spelling and on any chain of its kind, and rows that were copied', async () => {
    const own = write('htx.csv', HTX);
    const other = write(
      'other.csv',
      'chain,address\nbase,0x18709E89BD403F470088ABDACEBE86CC60DDA12E\nethereum,0x18709e89bd403f470088abdacebe86cc60dda12e\nbitcoin,1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU\n',
    );
    const [found, ...more] = await overlaps(own, `Other=${other}`);
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      copied: false,
      claims: [
        { publisher: 'htx', chains: ['eip155:1'], assets: ['ETH'], rows: 1, proven: 0 },
        { publisher: 'Other', chains: ['eip155:1', 'eip155:8453'], rows: 2 },
      ],
    });
    expect(found?.claims[1]?.addressTexts).toHaveLength(2);
    expect(await overlaps(own, `htx=${own}`)).toEqual([]);
    const copy = write('copy.csv', HTX.split('\n').slice(0, 2).join('\n'));
    expect(await overlaps(own, `okx=${copy}`)).toMatchObject([
      { copied: true, claims: [{ proven: 1 }, { publisher: 'okx' }] },
    ]);
  });

  it('asks whose list it is where nothing says so', async () => {
    const run = await runCli(register, ['addresses', 'overlaps', write('bare.csv', 'chain,address\nbitcoin,1abc\n')]);
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('publisher=') });
  });

  const REAL = '../shared/real-data';
  it.skipIf(!existsSync(REAL))(
    `finds the one real double claim among all lists of ${REAL}, skipped where they are not there`,
    async () => {
      const lists = readdirSync(REAL)
        .filter((name) => name.endsWith('.json') && readFileSync(join(REAL, name), 'utf8').includes('"chains":'))
        .map((name) => `${name.replace('.json', '')}=${join(REAL, name)}`);
      expect(lists.length).toBeGreaterThan(15);
      const history = join(REAL, 'htx-por-history', 'huobi_por_20241201.csv');
      const expected = JSON.parse(readFileSync(join(REAL, 'overlaps.json'), 'utf8')) as {
        readonly addresses: readonly { readonly address: string }[];
      };
      const found = await overlaps(...lists.filter((list) => !list.startsWith('htx-huobi=')), `htx=${history}`);
      expect(found.map(({ address }) => address)).toEqual(expected.addresses.map(({ address }) => address));
      expect(found[0]?.claims.map(({ publisher }) => publisher).sort()).toEqual(['htx', 'usdd']);
      // HTX signed for it; the other list is unsigned.
      expect(found[0]?.claims.find(({ publisher }) => publisher === 'htx')).toMatchObject({ rows: 1, proven: 1 });
    },
  );
});

describe('addresses show', () => {
  it('shows all rows of an address, with the bytes that were signed and the list where the signature stood first', async () => {
    const places = [write('a.csv', HTX), write('b.csv', HTX.replace(',1,2,', ',2,5,'))];
    const args = ['addresses', 'show', '1HckjUpRGcrrRAtFaaCAUaGjsPx9oYmLaZ', '--in', ...places];
    const { code, stdout } = await runCli(register, [...args, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'reservewatch.address/1',
      data: [
        { file: { name: 'a.csv' }, line: 2, amount: '2', messageBytes: '4b696e672077696c6c206265206261636b21' },
        { file: { name: 'b.csv' }, amount: '5', signatureFirstIn: 'a.csv', verdict: { grade: 'address-bound' } },
      ],
    });
    expect((await runCli(register, args)).stdout).toContain('grade\taddress-bound by');
    const nowhere = ['addresses', 'show', '1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU', '--in', ...places];
    expect((await runCli(register, nowhere)).code).toBe(4);
  });

  it('says what the next list explains where an address went down', async () => {
    const [hot, fresh] = ['1HckjUpRGcrrRAtFaaCAUaGjsPx9oYmLaZ', '143gLvWYUojXaWZRrxquRKpVNTkhmr415B'];
    const head = 'coin,address,snapshot height,balance,message,signature';
    const places = [
      write('before.csv', [head, `BTC,${hot},1,10,-,-`].join('\n')),
      write('after.csv', [head, `BTC,${hot},2,4,-,-`, `BTC,${fresh},2,5,-,-`].join('\n')),
    ];
    const args = ['addresses', 'show', hot, '--in', ...places];
    const { data } = JSON.parse((await runCli(register, [...args, '--json'])).stdout);
    expect(data[0].loss).toMatchObject({
      asset: 'BTC',
      lost: '6',
      explained: '5',
      unexplained: '1',
      lostBy: 'claimed',
      explainedBy: data[1].file.sha256,
    });
    expect(data[1].loss).toBe(null);
    expect((await runCli(register, args)).stdout).toContain(
      'explained by\tthe new addresses of that file: 5 BTC (claimed); not explained 1',
    );
  });
});
