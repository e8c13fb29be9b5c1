import { describe, expect, it } from 'vitest';
import { faultsIn, readItems, rowsIn } from '../fixtures/read-items.ts';

const read = async (text: string) => {
  const found = await readItems(text);
  if (typeof found === 'string') throw new Error(found);
  return { rows: rowsIn(found.items), faults: faultsIn(found.items) };
};
const own = (addresses: string, more = ''): string =>
  `{"schema":"reservewatch.addresses/1"${more},"addresses":[${addresses}]}`;
const coinbase = (addresses: string): string =>
  `{"reservesTotal":{"amount":"1","currency":{"name":"BTC"}},"reserveAddresses":[${addresses}]}`;
const BALANCE = '"balance":{"amount":"1","currency":{"name":"BTC"}}';

describe('JSON layouts', () => {
  it('know no field that is named like a property of every object', async () => {
    const entry = '{"chain":"bitcoin","address":"1a","amount":"1"}';
    expect((await read(own(entry, ',"__proto__":{"addresses":[]}'))).faults[0]).toMatch(/"__proto__" is no field/);
    expect((await read(own(entry, ',"constructor":1'))).faults[0]).toMatch(/"constructor" is no field/);
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const { rows, faults } = await read(own(`${entry},{"chain":"bitcoin","address":"1b","${name}":"x"}`));
      expect({ rows: rows.length, faults: faults.length }, name).toEqual({ rows: 1, faults: 1 });
      expect(faults[0]).toMatch(/addresses\[1\]/);
    }
    expect((await read(own('{"__proto__":{"chain":"bitcoin","address":"1a"}}'))).rows).toEqual([]);
    expect((await read(coinbase(`{"__proto__":{"address":"1a",${BALANCE}}}`))).rows).toEqual([]);
    expect((await read(coinbase(`{"address":"1a","__proto__":{${BALANCE}}}`))).rows).toEqual([]);
    expect((await read(coinbase(`{"address":"__proto__",${BALANCE}}`))).rows).toHaveLength(1);
  });

  it('with a key that stands twice are one fault, as nobody knows which was meant', async () => {
    for (const text of [
      own('{"chain":"a","chain":"b","address":"1a"}'),
      own('', ',"addresses":[{"chain":"a","address":"b"}]'),
    ]) {
      expect(await read(text)).toMatchObject({ rows: [], faults: [expect.stringMatching(/not JSON|Duplicate/)] });
    }
  });

  it('nested without end are one fault', async () => {
    for (const deep of ['['.repeat(200_000), '{"a":'.repeat(200_000), `${'['.repeat(100_000)}${']'.repeat(100_000)}`]) {
      const { rows, faults } = await read(own(deep));
      expect(rows).toEqual([]);
      expect(faults).toHaveLength(1);
    }
  });

  it('refuse amounts that are no plain decimals, as texts or as numbers', async () => {
    for (const amount of ['-1', '1e5', '"-1"', '"1e5"', 'true', '[]', '{}', '""', `"${'9'.repeat(79)}"`]) {
      const { rows, faults } = await read(own(`{"chain":"a","address":"b","amount":${amount}}`));
      expect({ rows: rows.length, faults: faults.length }, amount).toEqual({ rows: 0, faults: 1 });
    }
    for (const amount of ['-1', '1e5', '"-1"', 'null', `1e${'9'.repeat(400)}`]) {
      const entry = `{"address":"1a","balance":{"amount":${amount},"currency":{"name":"BTC"}}}`;
      expect(await read(coinbase(entry)), amount).toMatchObject({ rows: [], faults: [expect.any(String)] });
    }
  });
});

describe('YAML layouts', () => {
  const yaml = (line: string): string =>
    `chain: main\nclaim: {m: 3, n: 4}\nkeys:\n- 04\naddress:\n- addr: a\n  addr_type: sh\n  balance: 1\n${line}\n`;

  it('read no alias, anchor, tag, merge key, folded text or nested list: no bomb is lit', async () => {
    for (const line of [
      `  script: ${'['.repeat(100_000)}`,
      '  script: *a',
      '  script: &a [*a, *a]',
      '  <<: *a',
      '  script: !!python/object:os.system',
      '  script: |',
      '  script: >-',
      `  script: ${'{a: '.repeat(20_000)}`,
      '  ? script',
    ]) {
      expect(await read(yaml(line)), line.slice(0, 40)).toMatchObject({
        rows: [],
        faults: [expect.stringMatching(/^6: line 9: /)],
      });
    }
  });

  it('know no field that is named like a property of every object', async () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(await read(yaml(`  ${name}: x`))).toMatchObject({ rows: [], faults: [expect.stringContaining(name)] });
      expect((await read(`${yaml('')}${name}: x\n`)).faults).toEqual([
        expect.stringContaining(`"${name}" is no field of this layout`),
      ]);
    }
  });
});
