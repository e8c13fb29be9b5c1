import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addDecimals, formatDecimal, parseDecimal } from '../../src/domain/amount.ts';
import { addressesSchema } from '../../src/reports/reservewatch-json.ts';
import { faultsIn, readItems, rowsIn } from '../fixtures/read-items.ts';

async function read(text: string) {
  const result = await readItems(text);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

describe('okx-audit-csv', () => {
  it('reads both variants, keys and messages with commas included', async () => {
    const plain = await read(
      'digitalAsset,network,address,signedMessage,signedMessage2,message,publicKey,owner1,owner2\nSTARK,STARK,0x1,s1,null,"hi, all",{"publicKey1":"a,b"},null,null\n',
    );
    expect(plain.format).toBe('okx-audit-csv');
    expect(rowsIn(plain.items)).toMatchObject([
      {
        line: 2,
        label: 'STARK',
        network: 'STARK',
        signature1: 's1',
        signature2: null,
        message: 'hi, all',
        owner1: null,
      },
    ]);
    expect(rowsIn(plain.items)[0]).toMatchObject({
      scriptOrPubkey: '{"publicKey1":"a,b"}',
      amount: '0',
      unstated: true,
    });
    const shifted = await read(
      'digitalAsset,chain,network,address,signedMessage,signedMessage2,message,publicKey,owner1,owner2,status\nETC,ETC,OKC,0x1,s1,s2,m,null,0xe1,0xe2,ok\n',
    );
    expect(rowsIn(shifted.items)).toMatchObject([
      { label: 'ETC', network: 'OKC', addressText: '0x1', signature2: 's2', owner1: '0xe1', owner2: '0xe2' },
    ]);
  });
});

describe('address-list', () => {
  it('reads a list with and without assets; without one the chain stands for its own coin', async () => {
    const bare = await read('\ufeffchain,address\r\nbitcoin,1abc\r\n,x\r\nbitcoin\r\n');
    expect(rowsIn(bare.items)).toMatchObject([{ line: 2, label: 'bitcoin', network: 'bitcoin', addressText: '1abc' }]);
    expect(faultsIn(bare.items)).toEqual(['3: chain is missing', '4: address is missing']);
    const full = await read('chain,address,asset\nethereum,0xa,USDT\n');
    expect(rowsIn(full.items)).toMatchObject([{ label: 'USDT', network: 'ethereum' }]);
  });

  it('refuses a header that it does not know, and one with a column twice', async () => {
    expect(await readItems('chain,address,constructor\n')).toMatch(/^no known layout.*address-list: the header/);
    expect(await readItems('chain,address,asset,asset\n')).toBe('line 1: header column 4 "asset" stands twice');
  });
});

describe('binance-csv', () => {
  it('reads wallets, and says who holds what somebody else holds', async () => {
    const text =
      'coin,network,address,balance,Height,Third party custodian name\nBTC,BTC,1a,1.50,7,\nBTC,BTC,1b,2,7,Ceffu\nBTC,BTC,1c,-1,7,\n';
    const { format, items } = await read(text);
    expect(format).toBe('binance-csv');
    expect(rowsIn(items)).toMatchObject([
      { amount: '1.5', height: '7', rowType: null },
      { amount: '2', rowType: 'third-party custody: Ceffu' },
    ]);
    expect(faultsIn(items)).toHaveLength(1);
    expect((await read('coin,network,address,balance,Height\nBTC,BTC,1a,1,7\n')).format).toBe('binance-csv');
  });
});

describe('bybit-csv', () => {
  it('gives every address of a cell its own entry and claims the amount once', async () => {
    const text = 'Coin,Height,Amount,Address\nETH(ALL),-,5,\nETH-BASE,9,5.0,0xa 0xb  0xc\nBTC,1,x,1a\nSOL,1,2,\n';
    const { format, items } = await read(text);
    expect(format).toBe('bybit-csv');
    expect(items[0]).toMatchObject({ kind: 'summary', summary: { line: 1, label: 'ETH(ALL)', amount: '5' } });
    expect(rowsIn(items)).toMatchObject([
      { line: 2, label: 'ETH', network: 'BASE', height: '9', addressText: '0xa', amount: '5' },
      { line: 3, addressText: '0xb', amount: '0', unstated: true },
      { line: 4, addressText: '0xc', amount: '0', unstated: true },
    ]);
    expect(rowsIn(items)[0]?.unstated).toBe(undefined);
    expect(faultsIn(items)).toEqual([
      '5: line 4: amount "x" is not a plain decimal number (digits, then optionally . and digits)',
      '6: line 5: address is missing',
    ]);
  });
});

describe('coinbase-json', () => {
  const real = '../shared/real-data/format-coinbase-cbbtc-sample.json';
  it.skipIf(!existsSync(real))(`reads ${real}, skipped where it is not there`, async () => {
    const { format, items } = await read(readFileSync(real, 'utf8'));
    expect(format).toBe('coinbase-json');
    expect(rowsIn(items)).toMatchObject([
      { line: 1, label: 'BTC', network: 'bitcoin', amount: '690.00001207' },
      { line: 2, addressText: '1xT8bWnZzS339nQLnrdqBW6yz8Nt5KjLC' },
      { line: 3 },
      { line: 4 },
    ]);
    expect(items[4]).toMatchObject({ summary: { line: 5, label: 'BTC', amount: '26765.13145192' } });
  });

  it('keeps amounts that are numbers exact, and names what is missing', async () => {
    const text =
      '{"reserveAddresses":[{"address":"1a","balance":{"amount":90071992547409931.10,"currency":{"name":"BTC"}}},{"address":1},{"address":"1b","balance":{"amount":"1"}}],"reservesTotal":{}}';
    const { items } = await read(text);
    expect(rowsIn(items)).toMatchObject([{ amount: '90071992547409931.1', network: null }]);
    expect(faultsIn(items)).toEqual([
      '2: reserveAddresses[1]: address is missing',
      '3: reserveAddresses[2]: balance: currency.name is missing',
      '4: reservesTotal: amount is missing',
    ]);
  });
});

describe('reservewatch-json', () => {
  const document = (more: object) => JSON.stringify({ schema: 'reservewatch.addresses/1', ...more }, null, 2);

  it('reads all that a row can say', async () => {
    const entry = { chain: 'ethereum', address: '0xa', asset: 'USDT', amount: '1.50', message: ' m ', signature1: 's' };
    const { items } = await read(
      document({ addresses: [entry, { chain: 'bitcoin', address: '1a' }], totals: [{ asset: 'USDT', amount: '1.5' }] }),
    );
    expect(items).toMatchObject([
      { row: { line: 1, label: 'USDT', network: 'ethereum', amount: '1.5', message: ' m ', signature1: 's' } },
      { row: { line: 2, label: 'bitcoin', network: 'bitcoin', unstated: true, message: null } },
      { summary: { line: 3, label: 'USDT', amount: '1.5' } },
    ]);
  });

  it('refuses fields that it does not know and amounts that are numbers', async () => {
    const { items } = await read(
      document({
        extra: 1,
        addresses: [
          { chain: 'a', address: 'b', amount: 1 },
          { chain: 'a', address: 'b', adress: 'c' },
        ],
      }),
    );
    expect(faultsIn(items)).toHaveLength(3);
    expect(await read('{"schema":"reservewatch.addresses/1",').then(({ items: all }) => faultsIn(all))).toHaveLength(1);
  });

  it('is what its published schema says', () => {
    const published = JSON.parse(readFileSync('config/schema/addresses.schema.json', 'utf8')) as unknown;
    expect(published).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(addressesSchema))));
  });
});

/** Cells that a hostile or sloppy publisher writes. */
const cell = fc.oneof(
  fc.constantFrom('', '-', 'null', '\\N', 'BTC', 'ETH-BASE', 'BTC(ALL)', '1', '2.50', '00.10', '1e3', '-1', '1,000'),
  fc.constantFrom('"a', '"a,b"', '[x', '{"a":1,"b":2}', '\u202e', '__proto__', '0xa 0xb', '٣', 'coin', ' 7 '),
  fc.string({ maxLength: 6 }).filter((text) => !/[\n\r]/.test(text)),
);
const lines = fc.array(
  fc.array(cell, { maxLength: 9 }).map((cells) => cells.join(',')),
  { maxLength: 30 },
);

const HEADERS = [
  'digitalAsset,network,address,signedMessage,signedMessage2,message,publicKey,owner1,owner2',
  'chain,address,asset',
  'coin,network,address,balance,Height,Third party custodian name',
  'coin,snapshot height,balance\n\ncoin,address,snapshot height,balance,message,signature',
];

describe('every line of every layout', () => {
  it.each(HEADERS)('%s: is a row, a total or a fault, and no amount is made up', async (header) => {
    const first = header.split('\n').length;
    await fc.assert(
      fc.asyncProperty(lines, async (body) => {
        const { items } = await read([header, ...body].join('\n'));
        const numbers = items.flatMap((item) =>
          item.kind === 'row' ? [item.row.line] : item.kind === 'fault' ? [item.fault.line] : [],
        );
        expect(new Set(numbers).size).toBe(numbers.length);
        // Told apart without the reader: a line with anything but commas, quotes and blanks in it counts.
        const filled = body.flatMap((text, at) => (/[^\s",\u00a0]/.test(text) ? [at + first + 1] : []));
        expect(numbers.filter((line) => filled.includes(line))).toEqual(filled);
        for (const line of numbers) expect(line).toBeGreaterThan(first);
        for (const row of rowsIn(items)) {
          const printed = body[row.line - first - 1] as string;
          // A canonical amount is in its own line, but for zeros that say nothing.
          if (row.unstated) expect(row.amount).toBe('0');
          else expect(printed.includes(row.amount) || /0/.test(printed)).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('bybit-csv: addresses and sums added up apart from the reader', async () => {
    const group = fc.record({
      coin: fc.constantFrom('BTC', 'ETH-BASE', 'USDT-TRC20'),
      amount: fc.tuple(fc.nat(), fc.nat(99)).map(([whole, cents]) => `${whole}.${`${cents}`.padStart(2, '0')}`),
      addresses: fc.array(fc.stringMatching(/^[0-9a-zA-Z]{3,9}$/), { minLength: 1, maxLength: 5 }),
      broken: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(group, { maxLength: 20 }), async (groups) => {
        const body = groups.map(({ coin, amount, addresses, broken }) =>
          [coin, '1', broken ? `${amount}x` : amount, addresses.join(' ')].join(','),
        );
        const { items } = await read(['Coin,Height,Amount,Address', ...body].join('\n'));
        const good = groups.filter(({ broken }) => !broken);
        expect(rowsIn(items)).toHaveLength(good.reduce((sum, { addresses }) => sum + addresses.length, 0));
        expect(faultsIn(items)).toHaveLength(groups.length - good.length);
        const cents = good.reduce((sum, { amount }) => sum + BigInt(amount.replace('.', '')), 0n);
        let claimed = { unscaled: 0n, scale: 0 };
        for (const { amount } of rowsIn(items)) {
          const value = parseDecimal(amount);
          if (value.ok) claimed = addDecimals(claimed, value.value);
        }
        expect(formatDecimal(claimed)).toBe(formatDecimal({ unscaled: cents, scale: 2 }));
        expect(items.map((item) => (item.kind === 'row' ? item.row.line : 0)).filter((line) => line > 0)).toEqual([
          ...new Set(rowsIn(items).map(({ line }) => line)),
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it('JSON layouts: entries that are anything are rows or faults', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 10 }), async (entries) => {
        const own = await read(JSON.stringify({ schema: 'reservewatch.addresses/1', addresses: entries }));
        expect(rowsIn(own.items).length + faultsIn(own.items).length).toBe(entries.length);
        const coinbase = await read(JSON.stringify({ reservesTotal: {}, reserveAddresses: entries }));
        // One more: the total that is missing.
        expect(rowsIn(coinbase.items).length + faultsIn(coinbase.items).length).toBe(entries.length + 1);
      }),
      { numRuns: 500 },
    );
  });
});
