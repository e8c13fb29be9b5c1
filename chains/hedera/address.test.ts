import { describe, expect, it } from 'vitest';
import { spelled } from '../../test/fixtures/keyed-address.ts';
import { decodeHederaAccount, hip15Checksum } from './address.ts';

describe('a Hedera account', () => {
  it('has the checksum of HIP-15 on the main network', () => {
    expect(hip15Checksum('0.0.123')).toBe('vfmkw');
    expect(spelled(decodeHederaAccount('0.0.123-vfmkw'))).toBe('0.0.123');
    expect(spelled(decodeHederaAccount('0.0.123'))).toBe('0.0.123');
  });
  it('may be spelled as the EVM does', () => {
    expect(spelled(decodeHederaAccount('0x000000000000000000000000000000000000007B'))).toBe('0.0.123');
    const alias = `0x${'Ab'.repeat(20)}`;
    expect(spelled(decodeHederaAccount(alias))).toBe(alias.toLowerCase());
  });
  it.each([
    '',
    '123',
    '0.0',
    '0.0.0123',
    '0.0.123-',
    '0.0.123-vfmkx',
    '0.0.123-esxsf',
    '0.0.123-VFMKW',
    '0.0.123 ',
    '0x00',
    '0.0.-1',
  ])('is not %j', (text) => expect(decodeHederaAccount(text).ok).toBe(false));
});
