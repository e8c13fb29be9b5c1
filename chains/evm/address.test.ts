import { bech32, bech32m } from '@scure/base';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/domain/ids.ts';
import { checksumEthAddress as checksumAddress } from '../../src/lib/eth-address.ts';
import { parseEvmAddress } from './address.ts';
import { testNetwork } from './fixtures.ts';
import { evmParams } from './params.ts';

const ethereum = testNetwork(1);
const filecoin = testNetwork(314, { addressForms: ['f410', 'hex'] });
const platon = testNetwork(210425, { bech32: 'lat' });
const read = (text: string, network = ethereum) => {
  const result = parseEvmAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('parseEvmAddress', () => {
  it('keeps EIP-55 examples in lower case and checks their checksum', () => {
    // EIP-55, test cases.
    for (const text of [
      '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
      '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
      '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
      '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
      '0x52908400098527886E0F7030069857D2E4169EE7',
      '0xde709f2102306220921060314715629080e2fb77',
    ]) {
      expect(read(text)).toBe(text.toLowerCase());
      expect(checksumAddress(text.toLowerCase())).toBe(text);
      expect(read(`0x${text.slice(2).toUpperCase()}`)).toBe(text.toLowerCase());
    }
    expect(read('0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed')).toMatch(
      /EIP-55.*0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed/,
    );
  });

  it('takes any case that EIP-55 gives and no single changed case', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.nat(39), (bytes, at) => {
        const canonical = `0x${Buffer.from(bytes).toString('hex')}` as Address;
        const spelled = checksumAddress(canonical);
        expect(read(spelled)).toBe(canonical);
        const digit = spelled[at + 2] as string;
        const other = digit === digit.toUpperCase() ? digit.toLowerCase() : digit.toUpperCase();
        const changed = `${spelled.slice(0, at + 2)}${other}${spelled.slice(at + 3)}`;
        const plain = changed === canonical || changed.slice(2) === changed.slice(2).toUpperCase();
        if (other !== digit && !plain) expect(read(changed)).toMatch(/^error/);
      }),
    );
  });

  it('refuses what is not 20 bytes of hex', () => {
    const address = 'de709f2102306220921060314715629080e2fb77';
    for (const text of [
      '',
      '0x',
      address,
      `0X${address.slice(1)}`,
      `0X0X${address}`,
      `X${address}`,
      `0x${address}0`,
      ` 0x${address}`,
      `0x${address}\n`,
      '1BoatSLRHtKNngkdXEeobR76b53LETtpyT',
    ]) {
      expect(read(text)).toMatch(/^error: address/);
    }
    expect(read(`0X${address}`)).toBe(`0x${address}`);
    expect(read(`0X${address.toUpperCase()}`)).toBe(`0x${address}`);
    expect(read(`0X${address.replace('f', 'F')}`)).toMatch(/EIP-55/);
    expect(read(`0x${address.slice(1)}\u202e`)).toContain('\\u{202E}');
  });

  it('takes f410 where the network has it', () => {
    const f410 = 'f410fa7sh5u6fvd7vt625dx2akhbu3jt7yvkhgdp55ki';
    expect(read(f410, filecoin)).toBe('0x07e47ed3c5a8ff59fb5d1df4051c34da67fc5547');
    expect(read('0x07e47ed3c5a8ff59fb5d1df4051c34da67fc5547', filecoin)).toMatch(/^0x07/);
    expect(read(f410)).toMatch(/^error/);
    expect(read(f410.replace('a7s', 'a7t'), filecoin)).toMatch(/checksum/);
    expect(read(f410.toUpperCase(), filecoin)).toMatch(/^error/);
    // The last character carries two spare bits, which must be zero: one spelling only.
    expect(read(`${f410.slice(0, -1)}j`, filecoin)).toMatch(/^error/);
  });

  it('takes bech32 where the network has it', () => {
    const hex = '0xde709f2102306220921060314715629080e2fb77';
    const words = bech32.toWords(Buffer.from(hex.slice(2), 'hex'));
    expect(read(bech32.encode('lat', words), platon)).toBe(hex);
    expect(read(bech32.encode('lat', words))).toMatch(/^error/);
    expect(read(bech32.encode('ex', words), platon)).toMatch(/^error/);
    expect(read(bech32m.encode('lat', words), platon)).toMatch(/checksum/);
    expect(read(bech32.encode('lat', bech32.toWords(new Uint8Array(32))), platon)).toMatch(/20 bytes/);
  });
});

describe('evmParams', () => {
  it('names what is wrong', () => {
    const fault = (params: Record<string, unknown>) => {
      const result = evmParams(testNetwork(1, params));
      return result.ok ? 'ok' : result.error;
    };
    expect(fault({})).toBe('ok');
    expect(fault({ addressForms: ['f411'] })).toContain('addressForms');
    expect(fault({ bech32: 'LAT' })).toContain('bech32');
    expect(fault({ maxLagSeconds: 0 })).toContain('maxLagSeconds');
    expect(fault({ development: 1 })).toContain('development');
    expect(fault({ maxLag: 3 })).toContain('"maxLag"');
  });
});
