import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { family } from './index.ts';

const network = { slug: 'test', name: 'Test', family: 'icon', params: {} } as unknown as Network;
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('icon addresses', () => {
  it.each([
    ['hxA91ab33ce51a31ad363da7f7829b4fb333cdedbd', 'hxa91ab33ce51a31ad363da7f7829b4fb333cdedbd', 'hex has no case'],
    ['cx0000000000000000000000000000000000000000', 'cx0000000000000000000000000000000000000000', 'the system contract'],
  ])('read %s as %s (%s)', (text, canonical) => {
    expect(read(text)).toBe(canonical);
    expect(read(canonical)).toBe(canonical);
  });

  it.each([
    ['0xa91ab33ce51a31ad363da7f7829b4fb333cdedbd', /hx or cx/],
    ['hxa91ab33ce51a31ad363da7f7829b4fb333cdedb', /40 hex/],
  ])('refuse %s: %s', (text, reason) => expect(read(text)).toMatch(reason));
});
