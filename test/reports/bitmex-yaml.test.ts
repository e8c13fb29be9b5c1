import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hex } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { encodeAddress } from '../../chains/bitcoin/address.ts';
import { bitcoinParams } from '../../chains/bitcoin/params.ts';
import * as sign from '../../demo/sign-utxo.ts';
import { register } from '../../src/cli/verify.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { openReport } from '../../src/read-report.ts';
import { runCli } from '../fakes/run-cli.ts';
import { utxoNetwork } from '../fakes/utxo-networks.ts';
import { faultsIn, fileOf, readItems, rowsIn } from '../fixtures/read-items.ts';

const params = bitcoinParams(utxoNetwork('bitcoin'));
if (!params.ok) throw new Error(params.error);

const FOUNDERS = ['a', 'b', 'c'].map((seed) => sign.publicKey(sign.keyFromLabel(`founder ${seed}`), false));

/** A bare 3-of-4 of the founders and one more key, as hex. */
function scriptOf(vanity: string): string {
  const keys = [...FOUNDERS, sign.publicKey(sign.keyFromLabel(`vanity ${vanity}`), false)];
  return hex.encode(Uint8Array.of(0x53, ...keys.flatMap((key) => [key.length, ...key]), 0x54, 0xae));
}

interface Entry {
  readonly addr: string;
  readonly addr_type: string;
  readonly balance: number | string;
  readonly script?: string;
}

const HEAD = { height: '724000', chain: 'main' };
const keysText = (indent = ''): string => FOUNDERS.map((key) => `${indent}- ${hex.encode(key)}`).join('\n');
const entryText = (entry: object, indent = ''): string =>
  Object.entries(entry)
    .map(([name, value], at) => `${indent}${at === 0 ? '- ' : '  '}${name}: ${value}`)
    .join('\n');

const ENTRIES: readonly Entry[] = ['x', 'y'].map((vanity, at) => ({
  addr: encodeAddress(sign.p2sh(hex.decode(scriptOf(vanity))), params.value),
  addr_type: 'sh',
  balance: at === 0 ? 100_000_001 : 7,
  script: scriptOf(vanity),
}));
const DEAD: Entry = { addr: '1BitcoinEaterAddressDontSendf59kuE', addr_type: 'unspendable', balance: 50 };
const HELD: Entry = { addr: '1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU', addr_type: 'deposit', balance: 2_000 };

const TOTAL = 100_000_001 + 7 + 50 + 2_000;
const HEADER = `chain: ${HEAD.chain}\nheight: ${HEAD.height}\nclaim:\n  m: 3\n  n: 4\ntotal: ${TOTAL}\nkeys:\n${keysText()}\n`;
const RECORDS = `address:\n${[...ENTRIES, DEAD].map((entry) => entryText(entry)).join('\n')}\ncustodial:\n${entryText(HELD)}\n`;
const FILE = HEADER + RECORDS;

const read = async (text: string) => {
  const found = await readItems(text);
  if (typeof found === 'string') throw new Error(found);
  return { ...found, rows: rowsIn(found.items), faults: faultsIn(found.items) };
};

describe('the BitMEX layout', () => {
  it('reads a file as BitMEX publishes it', async () => {
    const { format, rows, faults, items } = await read(FILE);
    expect({ format, faults }).toEqual({ format: 'bitmex-yaml', faults: [] });
    expect(rows).toMatchObject([
      {
        line: 12,
        label: 'BTC',
        network: 'bitcoin',
        height: '724000',
        addressText: ENTRIES[0]?.addr,
        amount: '1.00000001',
        rowType: 'script sh',
        scriptOrPubkey: ENTRIES[0]?.script,
        owner1: FOUNDERS.map((key) => hex.encode(key)).join(' '),
        owner2: '3 of 4',
        message: null,
      },
      { line: 16, amount: '0.00000007' },
      { line: 20, amount: '0.0000005', rowType: 'unspendable', owner1: null },
      { line: 24, amount: '0.00002', rowType: 'third-party custody', scriptOrPubkey: null },
    ]);
    expect(items.filter(({ kind }) => kind === 'summary')).toMatchObject([
      { summary: { line: 6, label: 'BTC', amount: '1.00002058' } },
    ]);
  });

  it('is the same however yaml writes it', async () => {
    const { rows } = await read(FILE);
    const without = (list: typeof rows) => list.map(({ line: _, ...row }) => row);
    const flow = (entry: object) =>
      `- {${Object.entries(entry)
        .map(([name, value]) => `${name}: ${value}`)
        .join(', ')}}`;
    const variants = [
      RECORDS + HEADER,
      `---\n# a comment\n${FILE.replaceAll('\n', '\r\n')}`,
      `\ufeff${HEADER}address:\n${[...ENTRIES, DEAD].map(flow).join('\n')}\ncustodial:\n${flow(HELD)}\n`,
      `${HEADER.replace(/claim:\n {2}m: 3\n {2}n: 4/, 'claim: {m: 3, n: 4}')}${RECORDS}`,
      FILE.replaceAll(/addr: (\S+)/g, `addr: '$1'`).replaceAll(/script: (\S+)/g, 'script: "$1" # comment'),
      HEADER + RECORDS.replaceAll(/^(- | {2})/gm, '  $1'),
      FILE.replaceAll(/^( *)- addr: (.*)\n( *)addr_type: (.*)$/gm, '$1- addr_type: $4\n$3addr: $2'),
    ];
    for (const text of variants) {
      const found = await read(text);
      expect(found.faults).toEqual([]);
      expect(without(found.rows)).toEqual(without(rows));
    }
  });

  it.each([
    ['balance: 7', 'balance: -7', /balance "-7" is no number of satoshis/],
    ['balance: 7', 'balance: 0x7', /no number of satoshis/],
    ['balance: 7', 'balance: 007', /no number of satoshis/],
    ['balance: 7', 'balance: 7.0', /no number of satoshis/],
    ['balance: 7', 'balance: 7_0', /no number of satoshis/],
    ['balance: 7', 'balance: *total', /begins what is not read/],
    ['balance: 7', 'balance: &x 7', /begins what is not read/],
    ['balance: 7', 'balance: !!int 7', /begins what is not read/],
    ['balance: 7', 'balance: [[7]]', /begins what is not read/],
    ['balance: 7', 'balance: {a: 7}', /no field of a record/],
    ['balance: 7', 'balance:\n    7', /no field of a record/],
    ['balance: 7', '\tbalance: 7', /something else than spaces/],
    ['balance: 7', 'balance: 7\n  balance: 9', /balance stands twice/],
    ['balance: 7', 'balance: 7\n  __proto__: 9', /no field of a record/],
    ['balance: 7', 'balance: 7\n  constructor: 9', /no field of a record/],
    ['balance: 7', 'balance:', /no field of a record/],
    ['balance: 7', 'balance: ~', /balance is missing/],
    ['balance: 7', 'balance: "7', /never closes/],
    ['balance: 7', ' balance: 7', /no field of a record/],
  ])('%s written as %j is a fault of that record alone', async (from, to, reason) => {
    const { rows, faults } = await read(FILE.replace(`${from}\n`, `${to}\n`));
    expect(rows).toHaveLength(3);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^16: /);
    expect(faults[0]).toMatch(reason);
  });

  it('says which line is outside the layout, and reads nothing of a block that stands twice', async () => {
    const { rows, faults } = await read(`${FILE}surprise: 1\nmore\naddress:\n${entryText(HELD)}\n...\n`);
    expect(rows).toHaveLength(4);
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['27', '28', '29', '30', '31', '32', '33']);
    expect(faults[2]).toMatch(/address stands twice/);
  });

  it('lets records wait for their keys, but not without bound', async () => {
    const many = Array.from({ length: 50 }, (_, at) => ({ ...(ENTRIES[0] as Entry), balance: at }));
    const text = `address:\n${many.map((entry) => entryText(entry)).join('\n')}\n${HEADER}`;
    const report = await openReport(fileOf(text), { ...LIMITS, maxDocument: 5_000 });
    if (!report.ok) throw new Error(report.error);
    const rows = [];
    for await (const items of report.value.read().items) rows.push(...rowsIn(items));
    expect(rows.map(({ amount }) => amount)).toHaveLength(50);
    expect(rows[0]?.owner1).toBeNull();
    expect(rows.at(-1)?.owner1).not.toBeNull();
  });

  it('is not what it is only named like', async () => {
    for (const text of [
      '{"address": [], "chain": "main"}',
      'address: here\n',
      'chain: a\n',
      '- addr: x\n',
      'addr: 1\naddr_type: 2\n',
    ]) {
      expect(await readItems(text)).toMatch(/no known layout/);
    }
  });

  it('verifies: scripts are key-only, nothing is proven, the total is compared, the unspendable is told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reservewatch-bitmex-'));
    try {
      const run = async (text: string) => {
        writeFileSync(join(folder, 'reserves.yaml'), text);
        const { stdout, code } = await runCli(register, ['verify', join(folder, 'reserves.yaml'), '--json']);
        return { ...(JSON.parse(stdout) as { data: Record<string, unknown>; warnings: string[] }), code };
      };
      const good = await run(FILE);
      expect(good.data).toMatchObject({
        rows: { counted: 4, faults: 0 },
        grades: { 'key-only': 2, listed: 2, 'address-bound': 0, invalid: 0, undecided: 0 },
        assets: [{ asset: 'BTC', claimed: '1.00002058', summary: '1.00002058', equal: true }],
      });
      expect(good.code).toBe(0);
      expect(good.warnings.join('\n')).toMatch(/1 rows with 0.0000005 "BTC" are unspendable/);
      expect(good.warnings.join('\n')).toMatch(/1 rows with 0.00002 "BTC" are held by somebody else/);
      const bad = await run(FILE.replace(`total: ${TOTAL}`, `total: ${TOTAL + 1}`).replace('54ae', '53ae'));
      expect(bad.data).toMatchObject({ grades: { 'key-only': 1, invalid: 1 }, assets: [{ equal: false }] });
      expect(bad.code).toBe(3);
      expect((await run(FILE.replace('chain: main', 'chain: test'))).data).toMatchObject({ grades: { listed: 4 } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
