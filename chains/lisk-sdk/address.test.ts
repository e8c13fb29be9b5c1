import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo, spelled } from '../../test/fixtures/keyed-address.ts';
import { decodeLiskAddress, lisk32Of } from './address.ts';

// The genesis account of Lisk's development networks: key, lisk32 address, older number.
const KEY = fromHex('0fe9a3f1a21b5530f27f87a414b549e79a940bf24fdf2b2f05e7f22aeeecc86a');
const LISK32 = 'lskdxc4ta5j43jp9ro3f8zqbxta9fn6jwzjucw7yt';
const decode = (text: string) => decodeLiskAddress(text, ['kly', 'lsk']);

describe('a Lisk address', () => {
  it('is the hash of its key, old and new', () => {
    expect(lisk32Of(KEY, 'lsk')).toBe(LISK32);
    expect(leadsTo(KEY, decode(LISK32))).toBe(true);
    expect(leadsTo(KEY, decode('5059876081639179984L'))).toBe(true);
    expect(leadsTo(KEY, decode('5059876081639179985L'))).toBe(false);
    expect(leadsTo(new Uint8Array(32), decode(LISK32))).toBe(false);
  });
  it('is one account under the prefixes of both chains', () => {
    expect(spelled(decode(LISK32))).toBe(`kly${LISK32.slice(3)}`);
    expect(spelled(decode(`kly${LISK32.slice(3)}`))).toBe(`kly${LISK32.slice(3)}`);
  });
  it.each([
    '',
    LISK32.toUpperCase(),
    `${LISK32.slice(0, -1)}y`,
    LISK32.slice(0, -1),
    `lsl${LISK32.slice(3)}`,
    '18446744073709551616L',
    '05L',
    'L',
  ])('is not %j', (text) => expect(decode(text).ok).toBe(false));
});
