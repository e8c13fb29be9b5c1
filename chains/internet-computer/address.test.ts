import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo, spelled } from '../../test/fixtures/keyed-address.ts';
import { accountIdOf, accountIdOfPrincipal, decodeIcpAddress, principalOf } from './address.ts';

const KEY = fromHex('61f579fc779146304353027b425a216d8015889c5f3b715ad26135b862f3bf84');

describe('an ICP address', () => {
  it('is the ledger account of a principal: the anonymous one’s as the ledger’s documentation has it', () => {
    expect(accountIdOfPrincipal(Uint8Array.of(4))).toBe(
      '1c7a48ba6a562aa9eaa2481a9049cdf0433b9738c992d698c31d8abf89cadc79',
    );
  });
  it('of a key is its own account or its principal', () => {
    expect(leadsTo(KEY, decodeIcpAddress(accountIdOf(KEY)))).toBe(true);
    expect(leadsTo(KEY, decodeIcpAddress(principalOf(KEY)))).toBe(true);
    expect(principalOf(KEY)).toMatch(/^([a-z2-7]{5}-){10}[a-z2-7]{3}$/);
    expect(principalOf(KEY)).toMatch(/[aiqy]e$/);
    expect(leadsTo(new Uint8Array(32), decodeIcpAddress(principalOf(KEY)))).toBe(false);
    expect(spelled(decodeIcpAddress(accountIdOf(KEY).toUpperCase()))).toBe(accountIdOf(KEY));
  });
  it('of a canister or of nobody has no key', () => {
    for (const text of ['2vxsx-fae', 'ryjl3-tyaaa-aaaaa-aaaba-cai']) {
      expect(leadsTo(KEY, decodeIcpAddress(text)), text).toMatch(/no key/);
    }
  });
  it.each([
    '',
    '2vxsx-faf',
    'ryjl3-tyaaa-aaaaa-aaaba-caj',
    'RYJL3-TYAAA-AAAAA-AAABA-CAI',
    'ryjl3tyaaaaaaaaaaabacai',
    '1c7a48ba6a562aa9eaa2481a9049cdf0433b9738c992d698c31d8abf89cadc78',
    '0x1c7a48ba6a562aa9eaa2481a9049cdf0433b9738c992d698c31d8abf89cadc79',
  ])('is not %j', (text) => expect(decodeIcpAddress(text).ok).toBe(false));
});
