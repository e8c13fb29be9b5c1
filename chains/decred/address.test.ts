import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { family } from './index.ts';

const network = { slug: 'test', name: 'Test', family: 'decred', params: {} } as unknown as Network;
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('decred addresses', () => {
  it.each([
    ['DsUZxxoHJSty8DCfwfartwTYbuhmVct7tJu', 'DsUZxxoHJSty8DCfwfartwTYbuhmVct7tJu', 'dcrd, dcrutil tests'],
    ['DcuQKx8BES9wU7C6Q5VmLBjw436r27hayjS', 'DcuQKx8BES9wU7C6Q5VmLBjw436r27hayjS', 'dcrd, dcrutil tests: a script'],
  ])('read %s as %s (%s)', (text, canonical) => {
    expect(read(text)).toBe(canonical);
    expect(read(canonical)).toBe(canonical);
  });

  it.each([
    ['DsUZxxoHJSty8DCfwfartwTYbuhmVct7tJv', /checksum/],
    ['Tso2MVTUeVrjHTBFedFhiyM7yVTbieqp91h', /must be D/],
    ['D5CzGBkXt8jnYXsFqcfFBjFx8ZJjLjGyP1', /must be D|checksum/],
  ])('refuse %s: %s', (text, reason) => expect(read(text)).toMatch(reason));
});
