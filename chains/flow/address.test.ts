import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { family } from './index.ts';

const network = { slug: 'test', name: 'Test', family: 'flow', params: {} } as unknown as Network;
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('flow addresses', () => {
  it.each([
    ['0x512556018a2e8b0549ce60ad0fb35bb2c1d85e3a', '0x512556018a2e8b0549ce60ad0fb35bb2c1d85e3a', 'Flow EVM'],
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'EIP-55'],
    ['0xE467B9DD11FA00DF', '0xe467b9dd11fa00df', 'Cadence'],
    ['e467b9dd11fa00df', '0xe467b9dd11fa00df', 'Cadence'],
  ])('read %s as %s (%s)', (text, canonical) => {
    expect(read(text)).toBe(canonical);
    expect(read(canonical)).toBe(canonical);
  });

  it.each([
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed', /EIP-55/],
    ['0x1654653399040a6', /40 hex digits/],
  ])('refuse %s: %s', (text, reason) => expect(read(text)).toMatch(reason));
});
