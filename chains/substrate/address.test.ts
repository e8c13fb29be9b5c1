import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo } from '../../test/fixtures/keyed-address.ts';
import { decodeSs58, ss58Of } from './address.ts';
import { readSubstrateSignature, schemeMark } from './signature.ts';

describe('SS58', () => {
  // The development account Alice (substrate, `subkey inspect //Alice`).
  const ALICE = fromHex('d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d');
  it.each([
    [42, '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'],
    [0, '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5'],
    [2, 'HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F'],
  ])('with prefix %i is %s', (prefix, text) => {
    expect(ss58Of(ALICE, prefix)).toBe(text);
    expect(leadsTo(ALICE, decodeSs58(text, prefix))).toBe(true);
    expect(leadsTo(ALICE, decodeSs58(text, 8))).toMatch(/another network/);
  });
  it('has prefixes of two bytes: Enjin’s begin with en, Efinity’s with ef', () => {
    expect(ss58Of(ALICE, 2135)).toMatch(/^en/);
    expect(ss58Of(ALICE, 1110)).toMatch(/^ef/);
  });
  it('comes back for every account and prefix, and for no other prefix', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.nat(16_383),
        fc.nat(16_383),
        (key, one, other) => {
          const decoded = decodeSs58(ss58Of(key, one), one);
          expect(leadsTo(key, decoded)).toBe(true);
          if (other !== one) expect(decodeSs58(ss58Of(key, one), other).ok).toBe(false);
        },
      ),
    );
  });
  it.each([
    '',
    '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp6',
    '15of4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5',
    '1',
    'x'.repeat(99),
  ])('is not %j', (text) => expect(decodeSs58(text, 0).ok).toBe(false));
});

describe('a Substrate signature', () => {
  const body = 'ab'.repeat(63);
  it('may say its scheme in front', () => {
    expect(readSubstrateSignature(`0x${body}00`)).toMatchObject({ kind: 'signature' });
    expect(readSubstrateSignature(`0x00${body}00`)).toMatchObject({ kind: 'signature', key: null });
    expect(readSubstrateSignature(`0x01${body}80`)).toMatchObject({ kind: 'unsupported' });
    expect(readSubstrateSignature(`0x02${body}0000`)).toMatchObject({ kind: 'unsupported' });
  });
  it.each([`0x01${body}00`, `0x03${body}00`, `0x02${body}00`, `0x${body}`, `0x00${body}0`, ''])('is not %j', (text) =>
    expect(readSubstrateSignature(text).kind).toBe('malformed'),
  );
  it('of sr25519 bears a mark', () => {
    expect(schemeMark(fromHex(`${body}80`))).toMatch(/sr25519/);
    expect(schemeMark(fromHex(`${body}7f`))).toBeNull();
  });
});
