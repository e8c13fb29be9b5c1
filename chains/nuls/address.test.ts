import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { family } from './index.ts';

const network = { slug: 'test', name: 'Test', family: 'nuls', params: {} } as unknown as Network;
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('nuls addresses', () => {
  it.each([
    ['NULSd6HgUHs6nPh7YR3NG27kNLH77LkNRN2gP', 'NULSd6HgUHs6nPh7YR3NG27kNLH77LkNRN2gP', 'okx/proof-of-reserves tests'],
  ])('read %s as %s (%s)', (text, canonical) => {
    expect(read(text)).toBe(canonical);
    expect(read(canonical)).toBe(canonical);
  });

  it.each([
    ['NULSd6HgUHs6nPh7YR3NG27kNLH77LkNRN2gQ', /checksum/],
    ['NULSd6HgUHs6nPh7YR3NG27kNLH77LkNRN2', /24 are needed/],
    ['nulsd6hguhs6nph7yr3ng27knlh77lknrn2gp', /NULSd/],
    ['tNULSeBaMkNRN2gP', /NULSd/],
  ])('refuse %s: %s', (text, reason) => expect(read(text)).toMatch(reason));
});
