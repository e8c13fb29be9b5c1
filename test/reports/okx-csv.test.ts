import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportItem } from '../../src/domain/attestation.ts';
import { openReport } from '../../src/read-report.ts';

async function read(text: string | Uint8Array): Promise<{ format: string; items: ReportItem[] } | string> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const source = {
    name: 'test.csv',
    size: bytes.length,
    async *open() {
      for (let at = 0; at < bytes.length; at += 37) yield bytes.subarray(at, at + 37);
    },
  };
  const report = await openReport(source);
  if (!report.ok) return report.error;
  const reading = report.value.read();
  const items: ReportItem[] = [];
  for await (const batch of reading.items) items.push(...batch);
  const file = reading.file();
  if (!file.ok) return file.error;
  expect(file.value.bytes).toBe(bytes.length);
  return { format: file.value.format, items };
}

const short = (result: Awaited<ReturnType<typeof read>>): unknown =>
  typeof result === 'string'
    ? result
    : result.items.map((item) => {
        if (item.kind === 'fault') return `${item.fault.line} fault: ${item.fault.reason}`;
        if (item.kind === 'summary')
          return `${item.summary.line} total ${item.summary.label} ${item.summary.height} ${item.summary.amount}`;
        const row = item.row;
        return `${row.line} ${row.label} ${row.network} ${row.height} ${row.addressText} ${row.amount} ${row.signature1}`;
      });

const H9 = 'coin,Network,Snapshot Height,address,amount,message,signature1,signature2,redeem script';
const H11 =
  'coin,Network,Snapshot Height,address,balance,message,signature1,signature2,redeem script/ public key, eoa1, eoa2';
const H12 =
  'coin,Type,Network,Snapshot Height,address,amount,message,signature1,signature2,redeem script/ public key,EOA1,EOA2';

describe('okx-csv', () => {
  it('reads totals and rows of the 9-column form', async () => {
    const text = `coin,snapshot height,amount\nBTC(ALL),-, 3.50\nBTC,100,3.5\n\n${H9}\nBTC,BTC,100,1abc,3.50,I am,sig,,\n`;
    const result = await read(text);
    expect(result).toMatchObject({ format: 'okx-csv-9' });
    expect(short(result)).toEqual(['2 total BTC(ALL) null 3.5', '3 total BTC 100 3.5', '6 BTC BTC 100 1abc 3.5 sig']);
  });

  it('reads every cell of the 11-column form, ragged rows included', async () => {
    const text = `${H11}\r\nETH,ETH,5,0xa,1,msg,s1,s2,,0xe1,0xe2\r\nETH,ETH,5,0xb,2,msg,s1,-,null\r\nETH,ETH,5,0xc,2,\\N,s1,,,,,\r\n`;
    const result = await read(text);
    if (typeof result === 'string') throw new Error(result);
    expect(result.format).toBe('okx-csv-11');
    expect(result.items.map((item) => (item.kind === 'row' ? item.row : item))).toMatchObject([
      {
        line: 2,
        message: 'msg',
        signature2: 's2',
        scriptOrPubkey: null,
        owner1: '0xe1',
        owner2: '0xe2',
        rowType: null,
      },
      { line: 3, signature2: null, scriptOrPubkey: null, owner1: null, owner2: null },
      { line: 4, message: null, signature1: 's1' },
    ]);
  });

  it('shifts the columns after Type in the 12-column form', async () => {
    const text = `${H12}\nETH,Native ETH Staking,ETH,9,0xabab,32,msg,s1,,,0xe1,\nETH,Non Staking,ETH,9,0xcd,1,,,\n`;
    const result = await read(text);
    if (typeof result === 'string') throw new Error(result);
    expect(result.format).toBe('okx-csv-12');
    expect(result.items.map((item) => (item.kind === 'row' ? item.row : item))).toMatchObject([
      { rowType: 'Native ETH Staking', network: 'ETH', height: '9', amount: '32', owner1: '0xe1', owner2: null },
      { rowType: 'Non Staking', addressText: '0xcd', signature1: null },
    ]);
  });

  it('does not need the blank line, takes ,,, for one, drops a BOM, and keeps quoted text exactly', async () => {
    const text = `\ufeffcoin,amount\nBTC,1\n,,,\n"coin",${H9.slice(5)}\nBTC,BTC,,a,1," I am, here ","[x,y]",{"a":"b,c"},"{""k"":1}"\n`;
    const result = await read(text);
    if (typeof result === 'string') throw new Error(result);
    expect(result.items.map((item) => (item.kind === 'row' ? item.row : item))).toMatchObject([
      { kind: 'summary' },
      {
        line: 5,
        height: null,
        message: ' I am, here ',
        signature1: '[x,y]',
        signature2: '{"a":"b,c"}',
        scriptOrPubkey: '{"k":1}',
      },
    ]);
  });

  it('turns every line it does not understand into a fault with line, field and reason', async () => {
    const lines = [
      'a title',
      'coin,amount',
      'BTC,1e3',
      'BTC,1',
      'BTC,2',
      'ETH,1,2',
      'BTC,BTC,100,1abc,3.50,I am,sig,,',
      H9,
      'BTC,BTC,1,a,"1,000",m,s,,',
      'BTC,BTC,1,a',
      ',BTC,1,a,1,m,s,,',
      'BTC,BTC,1,-,1,m,s,,',
      'BTC,BTC,1,a,null,m,s,,',
      'BTC,BTC,1,a,-1,m,s,,',
      'BTC,BTC,1,a,1,m,s,,,x',
      'BTC,BTC,1,a,1,[m,s,,',
      'BTC,BTC,1,a\u202e,９,m,s,,',
    ];
    expect(short(await read(lines.join('\n')))).toEqual([
      '1 fault: "a title" stands before any header that starts with coin',
      '3 fault: amount "1e3" is not a plain decimal number (digits, then optionally . and digits)',
      '4 total BTC null 1',
      '5 fault: total of "BTC" was given already in line 4',
      '6 fault: cell 3 "2" is beyond the columns of the totals',
      '7 fault: looks like an address row (9 cells), but no row header with coin and address came before it',
      '9 fault: amount "1,000" is not a plain decimal number (digits, then optionally . and digits)',
      '10 fault: row has 4 cells, at least 9 are needed',
      '11 fault: coin is missing',
      '12 fault: address is missing',
      '13 fault: amount is missing',
      '14 fault: amount "-1" is not a plain decimal number (digits, then optionally . and digits)',
      '15 fault: cell 10 "x" is beyond the header\'s columns',
      '16 fault: cell 6 lacks a closing ]',
      '17 fault: amount "９" is not a plain decimal number (digits, then optionally . and digits)',
    ]);
  });

  it('names the column as the header does', async () => {
    expect(short(await read(`${H11}\nETH,ETH,5,0xa,x,msg,s1,s2,`))).toEqual([
      '2 fault: balance: amount "x" is not a plain decimal number (digits, then optionally . and digits)',
    ]);
  });

  it('marks a line that is no text and reads on', async () => {
    const bytes = Buffer.concat([Buffer.from(`${H9}\n`), Buffer.from([0xff, 0x0a]), Buffer.from('B,B,1,a,1,m,s,,')]);
    expect(short(await read(bytes))).toEqual(['2 fault: line is not valid UTF-8', '3 B B 1 a 1 s']);
  });

  it('reads repeated headers, and loses rows to faults after an unusable one', async () => {
    const row = 'B,B,1,a,1,m,s,,';
    expect(short(await read([H9, row, H9, row, `${H9},amount`, row, H9, row].join('\n')))).toEqual([
      '2 B B 1 a 1 s',
      '4 B B 1 a 1 s',
      '5 fault: header column 10 "amount" stands twice',
      '6 fault: follows the unusable header of line 5',
      '8 B B 1 a 1 s',
    ]);
  });

  it('reads a file that has totals only', async () => {
    expect(short(await read('coin,amount\nBTC,1\n'))).toEqual(['2 total BTC null 1']);
  });

  it.each([
    [`${H9},amount\n`, 'line 1: header column 10 "amount" stands twice'],
    [`${H9},__proto__\n`, /^line 1: header column 10 "__proto__" is not known/],
    ['coin,network,address,amount,message\n', 'line 1: header has no column for signature1'],
    ['hello\n', /^no known layout of a published list was recognised. Looked for .*okx-csv: /],
    ['coin,address,snapshot height,balance,message\n', /^no known layout/],
    ['coin,snapshot height,balance\nBTC,-,1\n\ncoin,address,snapshot height,balance,message\n', /^no known layout/],
    ['', 'the file is empty'],
    ['PK\u0003\u0004', /ZIP archive/],
  ])('refuses %j as a whole', async (text, expected) => {
    const result = await read(text);
    expect(typeof result).toBe('string');
    expect(result).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  const real = '../shared/real-data/okx-csv-header-block-202404.csv';
  it('reads the head of a file as it was really published', async (ctx) => {
    if (!existsSync(real)) return ctx.skip(`${real} is not there`);
    const result = await read(readFileSync(real));
    if (typeof result === 'string') throw new Error(result);
    expect(result.format).toBe('okx-csv-9');
    expect(result.items.filter((item) => item.kind === 'summary')).toHaveLength(22);
    expect(result.items.at(-1)).toMatchObject({
      kind: 'row',
      row: { line: 25, label: 'ETH', height: '19640875', amount: '38.523136559819770369' },
    });
  });

  it('accounts for every line of any mutated file: rows, totals, faults and blanks, and adds up the same', async () => {
    const cell = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom('BTC', 'ETH', 'x', '', '-', 'null', ' 7 ', '"q"', '"a,b"', '[1,2]', '{"a":1,"b":2}'),
      },
      { weight: 1, arbitrary: fc.constantFrom('[', '{"', '"', '1e9', '０', '\\N', '"" ""') },
    );
    const amount = fc.oneof(
      { weight: 5, arbitrary: fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 18 })) },
      { weight: 1, arbitrary: fc.constant(null) },
    );
    const row = fc.record({
      before: fc.tuple(cell, cell, cell),
      address: cell,
      amount,
      after: fc.array(cell, { maxLength: 6 }),
    });
    const end = fc.constantFrom('\n', '\r\n');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(row, fc.constant('blank' as const)), { maxLength: 12 }),
        end,
        async (lines, eol) => {
          const printed = lines.map((line) => {
            if (line === 'blank') return ',,,';
            return [
              ...line.before,
              line.address,
              line.amount === null ? 'much' : decimal(...line.amount),
              ...line.after,
            ].join(',');
          });
          const result = await read([H12.replace('Type,', ''), ...printed].join(eol));
          if (typeof result === 'string') throw new Error(result);
          const seen = new Map(result.items.map((item) => [lineOf(item), item]));
          expect(seen.size).toBe(result.items.length);
          let sum = 0n;
          let expected = 0n;
          for (const [index, line] of lines.entries()) {
            const item = seen.get(index + 2);
            if (line === 'blank') {
              expect(item).toBeUndefined();
              continue;
            }
            if (item === undefined) throw new Error(`line ${index + 2} vanished: ${printed[index]}`);
            // A stray quote or bracket may pair up with the next one and swallow commas: then only the line itself counts.
            if (item.kind !== 'row' || [...line.before, line.address].some((text) => STRAY.includes(text))) continue;
            sum += scaled(item.row.amount);
            expected += line.amount === null ? -1n : line.amount[0] * 10n ** BigInt(18 - line.amount[1]);
          }
          expect(sum).toBe(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

const STRAY = ['[', '{"', '"'];

const lineOf = (item: ReportItem): number =>
  item.kind === 'row' ? item.row.line : item.kind === 'fault' ? item.fault.line : item.summary.line;

function decimal(unscaled: bigint, scale: number): string {
  const digits = unscaled.toString().padStart(scale + 1, '0');
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function scaled(text: string): bigint {
  const [whole, fraction = ''] = text.split('.');
  return BigInt(`${whole}${fraction.padEnd(18, '0')}`);
}
