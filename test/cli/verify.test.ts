import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { accountOf, digest32, HEADER_11, MESSAGE, sign, textDigest } from '../../bench/evm-rows.ts';
import { register } from '../../src/cli/verify.ts';
import { sha256Hex } from '../../src/lib/hash.ts';
import { jsonLines, runCli } from '../fakes/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reservewatch-verify-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEADER_9 = 'coin,Network,Snapshot Height,address,amount,message,signature1,signature2,redeem script';
const digest = digest32(MESSAGE);
const [a, b, c] = [accountOf(1), accountOf(2), accountOf(3)];
const row = (coin: string, address: string, amount: string, signature: string, rest = ',,,') =>
  `${coin},ETH,100,${address},${amount},${MESSAGE},${signature},${rest}`;

interface Result {
  readonly schema: string;
  readonly data: {
    readonly file: { readonly name: string; readonly sha256: string; readonly format: string; readonly bytes: number };
    readonly entity: string | null;
    readonly rows: { readonly total: number; readonly counted: number; readonly faults: number };
    readonly grades: Record<string, number>;
    readonly flags: Record<string, number>;
    readonly assets: readonly {
      readonly asset: string;
      readonly claimed: string;
      readonly summary: string | null;
      readonly equal: boolean | null;
    }[];
    readonly faults: readonly { readonly line: number; readonly reason: string }[];
    readonly backend: { readonly secp256k1: string; readonly curveOperations: number };
  };
  readonly warnings: readonly string[];
}

async function verify(text: string, ...flags: readonly string[]) {
  const path = join(folder, 'list.csv');
  writeFileSync(path, text);
  const run = await runCli(register, ['verify', path, '--json', ...flags]);
  return { ...run, path, result: run.stdout === '' ? null : (JSON.parse(run.stdout) as Result) };
}

describe('verify', () => {
  it('grades rows, adds up and compares, in the published JSON shape', async () => {
    const text = [
      'coin,amount',
      'ETH, 3.5',
      'USDT,10',
      '',
      HEADER_11,
      row('ETH', a.address, '1.25', sign(a, digest)),
      row('ETH', b.address, '2.25', sign(b, textDigest(MESSAGE))),
      row('USDT-ERC20', a.address, '10', sign(a, digest)),
    ].join('\r\n');
    const { result, code } = await verify(text, '--entity', 'okx');
    expect(code).toBe(0);
    expect(result).toEqual({
      schema: 'reservewatch.verify/1',
      data: {
        file: { name: 'list.csv', sha256: sha256Hex(text), format: 'okx-csv-11', bytes: Buffer.byteLength(text) },
        entity: 'okx',
        rows: { total: 3, counted: 3, faults: 0 },
        grades: {
          'address-bound': 3,
          'owner-confirmed': 0,
          'owner-bound': 0,
          'key-only': 0,
          partial: 0,
          listed: 0,
          undecided: 0,
          invalid: 0,
        },
        flags: { 'message-variant:digest32': 2, 'static-message': 3 },
        assets: [
          { asset: 'ETH', claimed: '3.5', summary: '3.5', equal: true },
          { asset: 'USDT', claimed: '10', summary: '10', equal: true },
        ],
        trust: [
          expect.objectContaining({
            asset: 'ETH',
            claimed: '3.5',
            grades: expect.objectContaining({
              'address-bound': { amount: '3.5', ppm: 1_000_000 },
              listed: { amount: '0', ppm: 0 },
            }),
            dated: { amount: '0', ppm: 0 },
            named: { amount: '3.5', ppm: 1_000_000 },
          }),
          expect.objectContaining({ asset: 'USDT', claimed: '10' }),
        ],
        faults: [],
        // Two signatures, each looked at under two hashes: the text one makes the next row try that hash first.
        backend: { secp256k1: 'native', threads: 1, curveOperations: 4 },
      },
      warnings: [],
    });
  });

  it('recovers a signature once, however many rows carry it', async () => {
    const account = accountOf(77);
    const rows = ['ETH', 'USDT-ERC20', 'USDC-ERC20', 'ETH'].map((coin) =>
      row(coin, account.address, '1', sign(account, digest)),
    );
    const { result } = await verify([HEADER_11, ...rows].join('\n'));
    expect(result?.data.backend.curveOperations).toBe(1);
    expect(result?.data.flags).not.toHaveProperty('repeated-signature');
  });

  it('writes every row and fault in file order', async () => {
    const text = [
      HEADER_9,
      row('ETH', a.address, '1.50', sign(a, digest), ','),
      'ETH,ETH,100,0x12,x,m,s,,',
      row('ETH', b.address, '2', sign(c, digest), ','),
      row('ETH', c.address, '2', '-', ','),
      `NOPE,NOWHERE,-,abc,1,m,s,,`,
    ].join('\n');
    const out = join(folder, 'rows.ndjson');
    const { result, code } = await verify(text, '--rows', out);
    expect(code).toBe(3);
    expect(jsonLines(readFileSync(out, 'utf8'))).toEqual([
      {
        line: 2,
        asset: 'ETH',
        network: 'ethereum',
        chain: 'eip155:1',
        address: a.address,
        addressText: a.address,
        amount: '1.5',
        height: '100',
        scheme: 'evm-digest32',
        grade: 'address-bound',
        reason: null,
        flags: ['message-variant:digest32', 'static-message'],
      },
      expect.objectContaining({ line: 3, grade: null, reason: expect.stringContaining('amount "x"') }),
      expect.objectContaining({ line: 4, grade: 'invalid' }),
      expect.objectContaining({ line: 5, grade: 'listed' }),
      expect.objectContaining({
        line: 6,
        asset: 'NOPE',
        network: 'NOWHERE',
        chain: null,
        address: null,
        grade: 'undecided',
      }),
    ]);
    expect(result?.data.rows).toEqual({ total: 5, counted: 4, faults: 1 });
    expect(result?.data.faults).toEqual([{ line: 3, reason: expect.any(String) }]);
    expect(result?.warnings.join()).toContain('"NOPE"');
  });

  it('puts rows on stdout and the result on stderr with --rows -', async () => {
    const { stdout, stderr } = await runCli(register, [
      'verify',
      (await verify(`${HEADER_9}\n${row('ETH', a.address, '1', '', ',')}`)).path,
      '--rows',
      '-',
      '--json',
    ]);
    expect(jsonLines(stdout)).toHaveLength(1);
    expect(JSON.parse(stderr)).toMatchObject({ schema: 'reservewatch.verify/1' });
  });

  it('flags a signature at a second address on both rows, whatever the spelling, and not on token rows', async () => {
    const twice = sign(a, digest);
    const text = [
      HEADER_9,
      row('ETH', a.address, '1', twice, ','),
      row('ETH', b.address, '1', twice.toUpperCase().slice(2), ','),
      row('ETH', c.address, '1', sign(c, digest), ','),
      row('USDT-ERC20', c.address.toUpperCase().replace('0X', '0x'), '1', sign(c, digest), ','),
    ].join('\n');
    const out = join(folder, 'rows.ndjson');
    const withRows = await verify(text, '--rows', out);
    expect(withRows.result?.data.flags['repeated-signature']).toBe(2);
    expect((await verify(text)).result?.data.flags).toEqual(withRows.result?.data.flags);
    const flagged = jsonLines<{ flags: string[] }>(readFileSync(out, 'utf8')).map(({ flags }) =>
      flags.includes('repeated-signature'),
    );
    expect(flagged).toEqual([true, true, false, false]);
  });

  it('calls a message foreign only for an entity that it does not name', async () => {
    const text = [HEADER_9, row('ETH', a.address, '1', sign(a, digest), ',')].join('\n');
    expect((await verify(text, '--entity', 'htx', '--labels', 'okx')).result?.data.flags['foreign-message']).toBe(1);
    expect((await verify(text, '--entity', 'okx')).result?.data.flags['foreign-message']).toBeUndefined();
    expect((await verify(text)).result?.data.flags['foreign-message']).toBeUndefined();
  });

  it('ends with 3 where a total differs, and says which', async () => {
    const text = ['coin,amount', 'ETH,2', HEADER_9, row('ETH', a.address, '1', sign(a, digest), ',')].join('\n');
    const { result, code } = await verify(text);
    expect(code).toBe(3);
    expect(result?.data.assets).toEqual([{ asset: 'ETH', claimed: '1', summary: '2', equal: false }]);
    expect(result?.warnings.join()).toContain('line 2');
  });

  it('ends with 4 where nothing could be verified', async () => {
    expect((await verify(`${HEADER_9}\n`)).code).toBe(4);
    expect((await verify(`${HEADER_9}\nnonsense\n`)).code).toBe(4);
  });

  it.each([
    ['hello', 'no known layout'],
    ['', 'empty'],
  ])('refuses %j with 2', async (text, reason) => {
    const { code, stderr, stdout } = await verify(text);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(reason);
  });

  it('refuses what it does not know, with the nearest name', async () => {
    const text = `${HEADER_9}\n`;
    expect(await verify(text, '--entity', 'okxx')).toMatchObject({ code: 2, stderr: expect.stringContaining('okx') });
    expect(await verify(text, '--labels', 'nobody')).toMatchObject({ code: 2 });
    expect(await verify(text, '--rows', '/does/not/exist/rows')).toMatchObject({ code: 2 });
    expect(await runCli(register, ['verify', '/does/not/exist'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('/does/not/exist: the file does not exist'),
    });
    expect((await runCli(register, ['verify', folder])).stderr).toContain('a folder');
  });

  it('tells people what is proven and what is not, control characters escaped', async () => {
    const path = (await verify([HEADER_9, row('ETH', a.address, '1', sign(a, digest), ','), 'a\u001b[31mb'].join('\n')))
      .path;
    const { stdout, code } = await runCli(register, ['verify', path]);
    expect(code).toBe(4);
    expect(stdout).toContain('address-bound\t1\t');
    expect(stdout).toContain('line 3: row has 1 cells');
    expect(stdout).toContain('Not proven:');
    expect(stdout).not.toContain('\u001b');
  });

  it('says which rows do not hold and why, which list a cell twice, and counts those that it does not name', async () => {
    const bad = (coin: string) => row(coin, b.address, '1', sign(a, digest));
    const twice = row('ETH', a.address, '1', sign(a, digest));
    const text = [HEADER_11, twice, bad('ETH'), twice, ...Array.from({ length: 10 }, () => bad('USDT-ERC20'))].join(
      '\n',
    );
    const { result, code, path } = await verify(text);
    expect(code).toBe(3);
    expect(result?.warnings).toContain('line 3 is invalid: signature1 was not made by the address for this message');
    expect(result?.warnings).toContain('1 more rows are invalid, partial or undecided; --rows writes all');
    expect(result?.warnings.filter((warning) => warning.startsWith('line '))).toHaveLength(10);
    expect(result?.warnings).toContainEqual(expect.stringMatching(/^10 rows list an account and asset .*line 4, 6, 7/));
    const inText = await runCli(register, ['verify', path]);
    expect(inText.stdout).toContain('warning: line 3 is invalid: signature1 was not made');
  });
});
