import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { family } from './index.ts';

const network = { slug: 'test', name: 'Test', family: 'starknet', params: {} } as unknown as Network;
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('starknet addresses', () => {
  it.each([
    [
      '0x3b7f0b02b63683eca1639fb2d5dfa1021628d4ee728b03bc0ac2be66edc32f1',
      '0x03b7f0b02b63683eca1639fb2d5dfa1021628d4ee728b03bc0ac2be66edc32f1',
      'leading zeros',
    ],
  ])('read %s as %s (%s)', (text, canonical) => {
    expect(read(text)).toBe(canonical);
    expect(read(canonical)).toBe(canonical);
  });

  it.each([
    ['03b7f0b02b63683eca1639fb2d5dfa1021628d4ee728b03bc0ac2be66edc32f1', /must be 0x/],
    [`0x${'f'.repeat(64)}`, /range/],
    ['0x0', /range/],
    [`0x0${'3b'.repeat(32)}`, /must be 0x/],
  ])('refuse %s: %s', (text, reason) => expect(read(text)).toMatch(reason));
});
