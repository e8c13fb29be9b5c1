import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo } from '../../test/fixtures/keyed-address.ts';
import { decodeKadenaAccount } from './address.ts';

const KEY = '606cb5c4042382d23796a27e03331ae1c740b505dcf9c4db4e789d39a8036175';

describe('a Kadena account', () => {
  it('k: is its key', () => {
    expect(leadsTo(fromHex(KEY), decodeKadenaAccount(`k:${KEY}`))).toBe(true);
    expect(leadsTo(fromHex(KEY), decodeKadenaAccount(`k:0${KEY.slice(1)}`))).toBe(false);
  });
  it.each([KEY, `w:${'a'.repeat(43)}:keys-all`, `c:${'_'.repeat(43)}`, 'r:user.ks'])('%s is guarded on chain', (text) =>
    expect(decodeKadenaAccount(text)).toMatchObject({ value: { kind: 'open' } }),
  );
  it.each([
    '',
    'k:',
    `k:${KEY.toUpperCase()}`,
    `k:${KEY}0`,
    `K:${KEY}`,
    `0x${KEY}`,
    'alice',
    `w:${'a'.repeat(42)}`,
    ` k:${KEY}`,
  ])('is not %j', (text) => expect(decodeKadenaAccount(text).ok).toBe(false));
});
