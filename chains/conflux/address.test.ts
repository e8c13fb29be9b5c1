import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { family } from './index.ts';

const network = { slug: 'test', name: 'Test', family: 'conflux', params: {} } as unknown as Network;
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('conflux addresses', () => {
  it.each([
    ['cfx:aarc9abycue0hhzgyrr53m6cxedgccrmmyybjgh4xg', 'cfx:aarc9abycue0hhzgyrr53m6cxedgccrmmyybjgh4xg', 'CIP-37'],
    [
      'CFX:TYPE.USER:AARC9ABYCUE0HHZGYRR53M6CXEDGCCRMMYYBJGH4XG',
      'cfx:aarc9abycue0hhzgyrr53m6cxedgccrmmyybjgh4xg',
      'CIP-37',
    ],
    [
      'cfx:acg158kvr8zanb1bs048ryb6rtrhr283ma70vz70tx',
      'cfx:acg158kvr8zanb1bs048ryb6rtrhr283ma70vz70tx',
      'CIP-37, a contract',
    ],
  ])('read %s as %s (%s)', (text, canonical) => {
    expect(read(text)).toBe(canonical);
    expect(read(canonical)).toBe(canonical);
  });

  it.each([
    ['cfx:aarc9abycue0hhzgyrr53m6cxedgccrmmyybjgh4xG', /upper and lower/],
    ['cfx:aarc9abycue0hhzgyrr53m6cxedgccrmmyybjgh4xh', /checksum/],
    ['cfxtest:aarc9abycue0hhzgyrr53m6cxedgccrmmyybjgh4xg', /cfx: and 42/],
    ['cfx:type.contract:aarc9abycue0hhzgyrr53m6cxedgccrmmyybjgh4xg', /says contract/],
    ['cfx:aarc9abycue0hhzgyrr53m6cxedgccrmmyybjgh4x', /42/],
    ['0x1a2f80341409639ea6a35bbcab8299066109aa55', /cfx/],
  ])('refuse %s: %s', (text, reason) => expect(read(text)).toMatch(reason));
});
