import { describe, expect, it } from 'vitest';
import { leadsTo } from '../../test/fixtures/keyed-address.ts';
import { cantonFingerprint, decodeCantonParty } from './address.ts';

// The example of Digital Asset's tutorial on topology transactions.
const KEY = Uint8Array.from(Buffer.from('2RwUiIHVUVdulxzD8NKtPmIaaBqMer1A90rDjoklJPY=', 'base64'));
const FINGERPRINT = '1220205057e331cc8929dd217e2f8e63f503b7081773de60d01fb46839700bc5caaa';

describe('a Canton party', () => {
  it('is named by the fingerprint of its key', () => {
    expect(cantonFingerprint(KEY)).toBe(FINGERPRINT);
    expect(leadsTo(KEY, decodeCantonParty(`alice::${FINGERPRINT}`))).toBe(true);
    expect(leadsTo(new Uint8Array(32), decodeCantonParty(`alice::${FINGERPRINT}`))).toBe(false);
  });
  it.each([
    '',
    FINGERPRINT,
    `::${FINGERPRINT}`,
    `alice:${FINGERPRINT}`,
    `alice::${FINGERPRINT.toUpperCase()}`,
    `alice::${FINGERPRINT}0`,
    `alice::${FINGERPRINT.replace('1220', '1120')}`,
    `\u202Ea::${FINGERPRINT}`,
  ])('is not %j', (text) => expect(decodeCantonParty(text).ok).toBe(false));
});
