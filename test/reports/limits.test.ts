import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { register as registerReport } from '../../src/cli/report.ts';
import { register as registerVerify } from '../../src/cli/verify.ts';
import { LIMITS, type Limits } from '../../src/domain/limits.ts';
import { ok } from '../../src/domain/result.ts';
import { parseByteSize } from '../../src/lib/byte-size.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openReport } from '../../src/read-report.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runCli } from '../fakes/run-cli.ts';
import { makeZip } from '../fixtures/make-zip.ts';

const KIB = 1024;
const ADDRESS = '1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU';

/** Rows and faults of a text, or why it cannot be read. */
async function read(content: string, limits: Partial<Limits> = {}) {
  const bytes = Buffer.from(content);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += 64 * KIB) yield bytes.subarray(at, at + 64 * KIB);
  }
  const report = await openReport({ name: 'list', size: bytes.length, open: chunks }, { ...LIMITS, ...limits });
  if (!report.ok) return report.error;
  const reading = report.value.read();
  const rows: number[] = [];
  const faults: string[] = [];
  for await (const items of reading.items) {
    for (const item of items) {
      if (item.kind === 'row') rows.push(item.row.line);
      if (item.kind === 'fault') faults.push(`${item.fault.line}: ${item.fault.reason}`);
    }
  }
  const file = reading.file();
  return { rows, faults, stopped: file.ok ? null : file.error };
}

/** One layout each, with a field of that text in the row of line 3 (or the second entry). */
const LAYOUTS: Readonly<Record<string, { readonly content: (text: string) => string; readonly column: string }>> = {
  'okx-csv': {
    content: (text) =>
      `coin,Network,Snapshot Height,address,amount,message,signature1,signature2,redeem script\nBTC,BTC,1,${ADDRESS},1,m,,,\nBTC,BTC,1,${ADDRESS},1,${text},,,\nBTC,BTC,1,${ADDRESS},1,m,,,\n`,
    column: 'cell 6 (message)',
  },
  'htx-csv': {
    content: (text) =>
      `coin,address,snapshot height,balance,message,signature\nBTC,${ADDRESS},1,1,-,-\nBTC,${ADDRESS},1,1,${text},-\nBTC,${ADDRESS},1,1,-,-\n`,
    column: 'cell 5 (message)',
  },
  'address-list': {
    content: (text) => `chain,address,asset\nbitcoin,${ADDRESS},\nbitcoin,${text},\nbitcoin,${ADDRESS},\n`,
    column: 'cell 2 (address)',
  },
  'binance-csv': {
    content: (text) =>
      `coin,network,address,balance,Height,custodian\nBTC,BTC,${ADDRESS},1,1,\nBTC,BTC,${ADDRESS},1,1,${text}\nBTC,BTC,${ADDRESS},1,1,\n`,
    column: 'cell 6 (custodian)',
  },
  'reservewatch-json': {
    content: (text) =>
      JSON.stringify({
        schema: 'reservewatch.addresses/1',
        addresses: ['m', text, 'm'].map((message) => ({ chain: 'bitcoin', address: ADDRESS, message })),
      }),
    column: 'message',
  },
};

describe('a field larger than its cap', () => {
  it.each(Object.keys(LAYOUTS))(
    '%s: is a fault of its record alone, which names the field, the cap and the flag',
    async (name) => {
      const { content, column } = LAYOUTS[name] as (typeof LAYOUTS)[string];
      const found = await read(content('x'.repeat(64 * KIB + 1)));
      if (typeof found === 'string') throw new Error(found);
      expect(found.rows).toHaveLength(2);
      expect(found.faults).toHaveLength(1);
      expect(found.faults[0]).toContain(column);
      expect(found.faults[0]).toContain('65536 bytes (--max-field raises this cap)');
      expect(await read(content('x'.repeat(64 * KIB)))).toMatchObject({ faults: [], stopped: null });
      expect(await read(content('x'.repeat(64 * KIB + 1)), { maxField: 65 * KIB })).toMatchObject({ faults: [] });
    },
  );

  it('is measured in bytes', async () => {
    const { content } = LAYOUTS['address-list'] as (typeof LAYOUTS)[string];
    expect(await read(content('é'.repeat(32 * KIB)))).toMatchObject({ faults: [] });
    expect(await read(content('é'.repeat(32 * KIB + 1)))).toMatchObject({ rows: [2, 4] });
  });
});

describe('a record larger than its cap', () => {
  it('is a fault of its line alone', async () => {
    const { content } = LAYOUTS['address-list'] as (typeof LAYOUTS)[string];
    for (const length of [1024 * KIB, 3 * 1024 * KIB]) {
      expect(await read(content('x'.repeat(length)))).toEqual({
        rows: [2, 4],
        faults: ['3: line is longer than 1048576 bytes (--max-record raises this cap)'],
        stopped: null,
      });
    }
    expect(await read(content('x'.repeat(1024 * KIB)), { maxRecord: 2048 * KIB, maxField: 2048 * KIB })).toMatchObject({
      rows: [2, 3, 4],
      faults: [],
    });
  });

  it('of a JSON document is not its line: all entries may stand in one', async () => {
    const addresses = Array.from({ length: 40 }, () => ({
      chain: 'bitcoin',
      address: ADDRESS,
      message: 'x'.repeat(60_000),
    }));
    const content = JSON.stringify({ schema: 'reservewatch.addresses/1', addresses });
    expect(content.length).toBeGreaterThan(LIMITS.maxRecord);
    expect(await read(content)).toMatchObject({ faults: [], stopped: null, rows: addresses.map((_, at) => at + 1) });
    const capped = await read(content, { maxDocument: 2_000_000 });
    expect(capped).toMatchObject({ rows: [], faults: [expect.stringContaining('(--max-document raises this cap)')] });
  });
});

describe('a file larger than its cap', () => {
  it('is refused while it is read, by name', async () => {
    const { content } = LAYOUTS['address-list'] as (typeof LAYOUTS)[string];
    expect(await read(content('x'), { maxBytes: 100 })).toMatchObject({
      stopped: 'the file is larger than 100 bytes (--max-bytes raises this cap)',
    });
  });
});

describe('the flags', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'reservewatch-limits-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const put = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const list = (text: string): string => (LAYOUTS['address-list'] as (typeof LAYOUTS)[string]).content(text);

  it('raise and lower each cap of verify, report import and report diff', async () => {
    const openTestStore = async () => {
      const store = openStore(join(folder, 'test.db'), { clock: systemClock });
      return store.ok ? ok({ store: store.value, archiveFolder: join(folder, 'reports') }) : store;
    };
    const long = put('long.csv', list('x'.repeat(70_000)));
    const packed = put('zeros.gz', gzipSync(list('x'.repeat(900_000))));
    const bomb = put('bomb.gz', gzipSync(`${list('x')}${','.repeat(900_000)}\n${','.repeat(900_000)}\n`));
    const commands: readonly [Parameters<typeof runCli>[0], readonly string[], (path: string) => readonly string[]][] =
      [
        [registerVerify, ['verify'], (path) => [path]],
        [registerReport, ['report', 'import', '--entity', 'okx'], (path) => [path]],
        [registerReport, ['report', 'diff'], (path) => [path, path]],
      ];
    for (const [register, command, files] of commands) {
      const run = (path: string, ...flags: string[]) =>
        runCli(register, [...command, ...files(path), ...flags], { openStore: openTestStore });
      expect((await run(long, '--max-bytes', '60KiB')).stderr).toMatch(/--max-bytes raises this cap/);
      expect((await run(packed, '--max-bytes', '60KiB')).stderr).toMatch(/zeros.gz.*--max-bytes raises this cap/);
      expect((await run(bomb)).stderr).toMatch(/more than 100 times.*--max-ratio raises this cap/);
      expect((await run(bomb, '--max-ratio', '5000')).stderr).not.toMatch(/raises this cap/);
      for (const bad of ['0', '-1', '1.5MiB', '1GB', 'x', '99999999999999999999', '9999999GiB']) {
        expect(await run(long, '--max-bytes', bad)).toMatchObject({
          code: 2,
          stderr: expect.stringContaining('--max-bytes'),
        });
      }
      expect((await run(long, '--max-record', '1GiB')).stderr).toMatch(/--max-record.*more than 256MiB/);
      expect((await run(long, '--max-ratio', '0')).code).toBe(2);
    }
    const verify = (...flags: string[]) => runCli(registerVerify, ['verify', long, '--json', ...flags]);
    const faultsOf = async (...flags: string[]) =>
      (JSON.parse((await verify(...flags)).stdout) as { data: { rows: { faults: number } } }).data.rows.faults;
    expect(await faultsOf()).toBe(1);
    expect(await faultsOf('--max-field', '70kib')).toBe(0);
    expect(await faultsOf('--max-field', '70kib', '--max-record', '64KiB')).toBe(1);
  });

  it('take one file out of an archive that holds several', async () => {
    const zip = put(
      'two.zip',
      makeZip([
        { name: 'a.csv', content: list('x') },
        { name: 'b/c.csv', content: `${list('x')}bitcoin,${ADDRESS},\n` },
      ]),
    );
    expect((await runCli(registerVerify, ['verify', zip])).stderr).toMatch(/several files.*--entry/);
    expect((await runCli(registerVerify, ['verify', zip, '--entry', 'd'])).stderr).toMatch(/holds no file "d"/);
    const one = await runCli(registerVerify, ['verify', zip, '--entry', 'b/c.csv', '--json']);
    expect(JSON.parse(one.stdout)).toMatchObject({ data: { file: { name: 'c.csv' }, rows: { counted: 4 } } });
  });
});

describe('parseByteSize', () => {
  it.each([
    ['1', 1],
    ['64KiB', 65_536],
    ['2 gib', 2_147_483_648],
    ['10B', 10],
  ])('reads %s', (text, bytes) => expect(parseByteSize(text)).toEqual({ ok: true, value: bytes }));
});
