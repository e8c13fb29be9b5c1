import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { family } from './index.ts';

const network = { slug: 'test', name: 'Test', family: 'avalanche-x', params: { chain: 'X' } } as unknown as Network;
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('avalanche-x addresses', () => {
  it.each([
    [
      'X-avax1v88xtvkfmas5467c0zcdhsdxv42nm8d0gjmp5q',
      'X-avax1v88xtvkfmas5467c0zcdhsdxv42nm8d0gjmp5q',
      'okx/proof-of-reserves tests',
    ],
    [
      'X-AVAX1V88XTVKFMAS5467C0ZCDHSDXV42NM8D0GJMP5Q',
      'X-avax1v88xtvkfmas5467c0zcdhsdxv42nm8d0gjmp5q',
      'bech32 has no case',
    ],
  ])('read %s as %s (%s)', (text, canonical) => {
    expect(read(text)).toBe(canonical);
    expect(read(canonical)).toBe(canonical);
  });

  it.each([
    ['P-avax1v88xtvkfmas5467c0zcdhsdxv42nm8d0gjmp5q', /begin with X-/],
    ['avax1v88xtvkfmas5467c0zcdhsdxv42nm8d0gjmp5q', /begin with X-/],
    ['X-avax1v88xtvkfmas5467c0zcdhsdxv42nm8d0gjmp5p', /checksum/],
    ['X-Avax1v88xtvkfmas5467c0zcdhsdxv42nm8d0gjmp5q', /checksum/],
  ])('refuse %s: %s', (text, reason) => expect(read(text)).toMatch(reason));
});
