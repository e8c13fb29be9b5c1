import { bech32 } from '@scure/base';
import { describe, expect, it } from 'vitest';
import { leadsTo, spelled } from '../../test/fixtures/keyed-address.ts';
import { decodeCardanoAddress } from './address.ts';
import { readCardanoSignature } from './signature.ts';

// CIP-19's test vectors: one payment key, one staking key, one script, on the main network.
const words = bech32.decode('addr_vk1w0l2sr2zgfm26ztc6nl9xy8ghsk5sh6ldwemlpmp9xylzy4dtf7st80zhd', 100).words;
const KEY = Uint8Array.from(bech32.fromWords(words));

describe('a Shelley address', () => {
  it.each([
    [
      '0, key and key',
      'addr1qx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzer3n0d3vllmyqwsx5wktcd8cc3sq835lu7drv2xwl2wywfgse35a3x',
    ],
    [
      '2, key and script',
      'addr1yx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzerkr0vd4msrxnuwnccdxlhdjar77j6lg0wypcc9uar5d2shs2z78ve',
    ],
    ['4, key and pointer', 'addr1gx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzer5pnz75xxcrzqf96k'],
    ['6, key alone', 'addr1vx2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzers66hrl8'],
  ])('of type %s is its payment key’s', (_type, text) => {
    expect(leadsTo(KEY, decodeCardanoAddress(text))).toBe(true);
    expect(leadsTo(new Uint8Array(32), decodeCardanoAddress(text))).toBe(false);
    expect(spelled(decodeCardanoAddress(text.toUpperCase()))).toBe(text);
    expect(decodeCardanoAddress(`${text[0]?.toUpperCase()}${text.slice(1)}`).ok).toBe(false);
    expect(decodeCardanoAddress(`${text.slice(0, -1)}${text.endsWith('q') ? 'p' : 'q'}`).ok).toBe(false);
  });
  it.each([
    [
      '1, script and key',
      'addr1z8phkx6acpnf78fuvxn0mkew3l0fd058hzquvz7w36x4gten0d3vllmyqwsx5wktcd8cc3sq835lu7drv2xwl2wywfgs9yc0hh',
    ],
    ['5, script and pointer', 'addr128phkx6acpnf78fuvxn0mkew3l0fd058hzquvz7w36x4gtupnz75xxcrtw79hu'],
    ['7, script alone', 'addr1w8phkx6acpnf78fuvxn0mkew3l0fd058hzquvz7w36x4gtcyjy7wx'],
    ['15, a script’s rewards', 'stake178phkx6acpnf78fuvxn0mkew3l0fd058hzquvz7w36x4gtcccycj5'],
  ])('of type %s is nobody’s alone', (_type, text) => {
    expect(leadsTo(KEY, decodeCardanoAddress(text))).toMatch(/a script/);
  });
  it('of type 14 is its staking key’s', () => {
    const reward = 'stake1uyehkck0lajq8gr28t9uxnuvgcqrc6070x3k9r8048z8y5gh6ffgw';
    expect(leadsTo(KEY, decodeCardanoAddress(reward))).toBe(false);
  });
  it.each([
    ['a test network’s', 'addr_test1vz2fxv2umyhttkxyxp8x0dlpdt3k6cwng5pxj3jhsydzerspjrlsz'],
    [
      'main-network bytes under the test prefix',
      bech32.encode('addr_test', bech32.toWords(Uint8Array.of(0x61, ...new Uint8Array(28))), 130),
    ],
    ['28 bytes too many', bech32.encode('addr', bech32.toWords(Uint8Array.of(0x61, ...new Uint8Array(56))), 130)],
    [
      'a base address cut short',
      bech32.encode('addr', bech32.toWords(Uint8Array.of(0x01, ...new Uint8Array(55))), 130),
    ],
    [
      'a pointer of two numbers',
      bech32.encode('addr', bech32.toWords(Uint8Array.of(0x41, ...new Uint8Array(30))), 130),
    ],
    [
      'a pointer that does not end',
      bech32.encode('addr', bech32.toWords(Uint8Array.of(0x41, ...new Uint8Array(31), 0x80)), 130),
    ],
    ['the unknown type 9', bech32.encode('addr', bech32.toWords(Uint8Array.of(0x91, ...new Uint8Array(28))), 130)],
    ['a Bitcoin address', 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4'],
    ['nothing', ''],
  ])('is not %s', (_name, text) => expect(decodeCardanoAddress(text).ok).toBe(false));
});

describe('a Byron address', () => {
  const DAEDALUS =
    'DdzFFzCqrhsrcTVhLygT24QwTnNqQqQ8mZrq5jykUzMveU26sxaH529kMpo7VhPrt5pwW3dXeB2k3EEvKcNBRmzCfcQ7dTkyGzTs658C';
  const ICARUS = 'Ae2tdPwUPEZFRbyhz3cpfC2CumGzNkFBN2L42rcUc2yjQpEkxDbkPodpMAi';
  it.each([DAEDALUS, ICARUS])('%s decodes, and no key of 32 bytes leads to it', (text) => {
    expect(leadsTo(KEY, decodeCardanoAddress(text))).toBe(false);
    expect(spelled(decodeCardanoAddress(text))).toBe(text);
    expect(decodeCardanoAddress(`${text.slice(0, -1)}${text.endsWith('2') ? '3' : '2'}`).ok).toBe(false);
    expect(decodeCardanoAddress(text.slice(1)).ok).toBe(false);
  });
  it('of a test network is refused', () => {
    const test =
      '37btjrVyb4KEB2STADSsj3MYSAdj52X5FrFWpw2r7Wmj2GDzXjFRsHWuZqrw7zSkwopv8Ci3VWeg6bisU9dgJxW5hb2MZYeduNKbQJrqz3zVBsu9nT';
    expect(spelled(decodeCardanoAddress(test))).toMatch(/main network|decodes neither/);
  });
});

describe('a Cardano signature', () => {
  it('of 64 bytes is read, one of a wallet is left undecided, and no other is one', () => {
    expect(readCardanoSignature('ab'.repeat(64)).kind).toBe('signature');
    expect(readCardanoSignature(`845846${'ab'.repeat(200)}`)).toMatchObject({ kind: 'unsupported' });
    for (const text of ['', 'ab'.repeat(65), `84${'ab'.repeat(200)}`, `845846${'ab'.repeat(200)}a`]) {
      expect(readCardanoSignature(text).kind, text).toBe('malformed');
    }
  });
});
