import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { family } from './index.ts';

const network = { slug: 'test', name: 'Test', family: 'cosmos', params: { hrp: 'cosmos' } } as unknown as Network;
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('cosmos addresses', () => {
  it.each([
    ['cosmos1ldvfe7hgkxglktyp9h022p7w6ck3zngrf98yqu', 'cosmos1ldvfe7hgkxglktyp9h022p7w6ck3zngrf98yqu', 'a key'],
    [
      'COSMOS1LDVFE7HGKXGLKTYP9H022P7W6CK3ZNGRF98YQU',
      'cosmos1ldvfe7hgkxglktyp9h022p7w6ck3zngrf98yqu',
      'bech32 has no case',
    ],
  ])('read %s as %s (%s)', (text, canonical) => {
    expect(read(text)).toBe(canonical);
    expect(read(canonical)).toBe(canonical);
  });

  it.each([
    ['cosmos1ldvfe7hgkxglktyp9h022p7w6ck3zngrf98yqv', /checksum/],
    ['Cosmos1ldvfe7hgkxglktyp9h022p7w6ck3zngrf98yqu', /checksum/],
    ['terra12neuk7x2ly5kh3ssvvsr0ehrs67f95mnk09sn8', /prefix/],
    ['cosmosvaloper1ldvfe7hgkxglktyp9h022p7w6ck3zngrf98yqu', /bech32/],
  ])('refuse %s: %s', (text, reason) => expect(read(text)).toMatch(reason));
});
