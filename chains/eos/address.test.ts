import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { family } from './index.ts';

const network = { slug: 'test', name: 'Test', family: 'eos', params: {} } as unknown as Network;
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('eos addresses', () => {
  it.each([
    ['okbwallet1tr', 'okbwallet1tr', 'okx/proof-of-reserves tests'],
    ['eosio.token', 'eosio.token', 'a system account'],
  ])('read %s as %s (%s)', (text, canonical) => {
    expect(read(text)).toBe(canonical);
    expect(read(canonical)).toBe(canonical);
  });

  it.each([
    ['OKBWALLET1TR', /account name/],
    ['ends.', /account name/],
    ['has0zero', /account name/],
    ['thirteenchars', /account name/],
    ['', /account name/],
  ])('refuse %s: %s', (text, reason) => expect(read(text)).toMatch(reason));
});
