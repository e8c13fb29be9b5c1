import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { family } from './index.ts';

const network = { slug: 'test', name: 'Test', family: 'aelf', params: {} } as unknown as Network;
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('aelf addresses', () => {
  it.each([
    ['2XNagboftecQgKRtgG8W5zpdRiZWinUfsfZm62a5NmmEVoZG7X', 'bare, okx/proof-of-reserves tests'],
    ['ELF_2XNagboftecQgKRtgG8W5zpdRiZWinUfsfZm62a5NmmEVoZG7X_AELF', 'with token and chain'],
  ])('read %s (%s)', (text) => expect(read(text)).toBe('2XNagboftecQgKRtgG8W5zpdRiZWinUfsfZm62a5NmmEVoZG7X'));

  it.each([
    ['2XNagboftecQgKRtgG8W5zpdRiZWinUfsfZm62a5NmmEVoZG7Y', /checksum/],
    ['ELF_2XNagboftecQgKRtgG8W5zpdRiZWinUfsfZm62a5NmmEVoZG7X_tDVV', /side chain/],
    ['1BoatSLRHtKNngkdXEeobR76b53LETtpyT', /36 to 50/],
    ['not an address', /base58/],
  ])('refuse %s: %s', (text, reason) => expect(read(text)).toMatch(reason));
});
