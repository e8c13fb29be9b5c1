import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo } from '../../test/fixtures/keyed-address.ts';
import { decodeNearAccount } from './address.ts';

// A row of OKX's audit export.
const KEY = 'b1e2af21d50c8940aaebe9650bd3e09eb49f3945c6ec2d917de0d64cdfaf3fba';

describe('a NEAR account', () => {
  it('of 64 hex digits is its key', () => {
    expect(leadsTo(fromHex(KEY), decodeNearAccount(KEY))).toBe(true);
    expect(leadsTo(fromHex(KEY), decodeNearAccount(`0${KEY.slice(1)}`))).toBe(false);
  });
  it.each(['binance.near', 'a-b_c.d1.near', 'ok', '0x52908400098527886e0f7030069857d2e4169ee7', KEY.slice(1)])(
    'with the name %s has keys on chain only',
    (text) => expect(decodeNearAccount(text)).toMatchObject({ value: { kind: 'open', canonical: text } }),
  );
  it.each(['', 'a', 'Binance.near', 'a..b', '-a', 'a_', 'a b', 'a.near ', KEY.toUpperCase(), 'a'.repeat(65)])(
    'is not %j',
    (text) => expect(decodeNearAccount(text).ok).toBe(false),
  );
});
