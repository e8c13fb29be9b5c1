import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { family } from './index.ts';

const network = { slug: 'test', name: 'Test', family: 'xrpl', params: {} } as unknown as Network;
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('xrpl addresses', () => {
  it.each([
    ['rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh', 'rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh', 'the genesis account, xrpl.org'],
    ['rrrrrrrrrrrrrrrrrrrrrhoLvTp', 'rrrrrrrrrrrrrrrrrrrrrhoLvTp', 'ACCOUNT_ZERO, xrpl.org'],
    ['X7AcgcsBL6XDcUb289X4mJ8djcdyKaB5hJDWMArnXr61cqZ', 'r9cZA1mLK5R5Am25ArfXFmqgNwjZgnfk59', 'XLS-5'],
    ['X7AcgcsBL6XDcUb289X4mJ8djcdyKaGZMhc9YTE92ehJ2Fu', 'r9cZA1mLK5R5Am25ArfXFmqgNwjZgnfk59', 'XLS-5, tag 1'],
  ])('read %s as %s (%s)', (text, canonical) => {
    expect(read(text)).toBe(canonical);
    expect(read(canonical)).toBe(canonical);
  });

  it.each([
    ['rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTH', /checksum/],
    ['rhb9cjawyb4rj91vrwn96dkukg4bwdtyth', /checksum|base58/],
    ['T719a5UwUCnEs54UsxG9CJYYDhwmFCqkr7wxCcNcfZ6p5GZ', /must be r/],
    ['1HTz5gXmL4Z6sVJ8bXcTSWx8XqbnTBmZ6S', /must be r/],
  ])('refuse %s: %s', (text, reason) => expect(read(text)).toMatch(reason));
});
