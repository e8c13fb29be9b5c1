import { describe, expect, it } from 'vitest';
import { fromHex, leadsTo, spelled } from '../../test/fixtures/keyed-address.ts';
import { aptosAddressOf, decodeAptosAddress } from './address.ts';

// A row that OKX's own tool is tested with.
const KEY = fromHex('61f579fc779146304353027b425a216d8015889c5f3b715ad26135b862f3bf84');
const ADDRESS = '0x327dd297dfacf7c2d8207aaa23c0f0e8bcaf4c1612febbf63b9f7376810b8ec8';

describe('an Aptos address', () => {
  it('is the hash of its key', () => {
    expect(aptosAddressOf(KEY)).toBe(ADDRESS);
    expect(leadsTo(KEY, decodeAptosAddress(ADDRESS))).toBe(true);
    expect(leadsTo(KEY, decodeAptosAddress('0x1'))).toBe(false);
  });
  it('has one canonical spelling, whatever its zeros and case (AIP-40)', () => {
    const short = '0x4062a7375a1ab2bb8bc33d2c1cb2f6b0afa1cef98ea7a5afec7afc96675fe1d';
    expect(spelled(decodeAptosAddress(short))).toBe(`0x0${short.slice(2)}`);
    expect(spelled(decodeAptosAddress(`0x${short.slice(2).toUpperCase()}`))).toBe(`0x0${short.slice(2)}`);
    expect(spelled(decodeAptosAddress(`0x${'0'.repeat(63)}1`))).toBe('0x1');
    expect(spelled(decodeAptosAddress('0x10'))).toBe(`0x${'0'.repeat(62)}10`);
  });
  it.each(['', '0x', ADDRESS.slice(2), `${ADDRESS}0`, ` ${ADDRESS}`, `${ADDRESS}\n`, `0X${ADDRESS.slice(2)}`, '0xg'])(
    'is not %j',
    (text) => expect(decodeAptosAddress(text).ok).toBe(false),
  );
});
