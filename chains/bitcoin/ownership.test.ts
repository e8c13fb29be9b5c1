import { base64, hex } from '@scure/base';
import { describe, expect, it } from 'vitest';
import * as sign from '../../demo/sign-utxo.ts';
import type { OwnershipProof } from '../../src/domain/ownership.ts';
import { okxEnvelopeDigest } from '../../src/lib/okx-envelope.ts';
import { UTXO_PARAMS, utxoNetwork } from '../../test/fakes/utxo-networks.ts';
import { type Destination, encodeAddress } from './address.ts';
import { ownership } from './ownership.ts';
import { bitcoinParams } from './params.ts';

const MESSAGE = 'Example Exchange owns this address, 2026-11-22';
const [first, second, third] = ['a', 'b', 'c'].map(sign.keyFromLabel) as [Uint8Array, Uint8Array, Uint8Array];
const key = sign.publicKey(first);

const paramsOf = (slug: string) => {
  const params = bitcoinParams(utxoNetwork(slug));
  if (!params.ok) throw new Error(params.error);
  return params.value;
};
const addressOf = (destination: Destination, slug: string): string => encodeAddress(destination, paramsOf(slug));
const signed = (privateKey: Uint8Array, slug: string, kind: sign.HeaderKind = 'p2pkh', message = MESSAGE): string =>
  sign.signMessage(privateKey, message, paramsOf(slug).messageHeader, kind);

const verify = (slug: string, row: Partial<OwnershipProof>) =>
  ownership.verify(
    {
      ...{ label: 'X', network: null, addressText: '', message: MESSAGE, signature1: null, signature2: null },
      ...{ scriptOrPubkey: null, owner1: null, owner2: null, rowType: null, ...row },
    },
    utxoNetwork(slug),
  );

describe.each(Object.keys(UTXO_PARAMS))('%s', (slug) => {
  const classes: [sign.HeaderKind, Destination][] = [
    ['p2pkh', sign.p2pkh(key)],
    ['p2pkh-uncompressed', sign.p2pkh(sign.publicKey(first, false))],
  ];
  if (paramsOf(slug).bech32 !== null) {
    classes.push(['p2wpkh', sign.p2wpkh(key)], ['p2sh-p2wpkh', sign.p2shP2wpkh(key)]);
  }

  it.each(classes)('binds %s', (kind, destination) => {
    const addressText = addressOf(destination, slug);
    const verdict = verify(slug, { addressText, signature1: signed(first, slug, kind) });
    expect(verdict).toEqual({ grade: 'address-bound', scheme: `bip137-${kind}`, reason: null, flags: [] });
    expect(verify(slug, { addressText, signature1: signed(second, slug, kind) }).grade).toBe('invalid');
    expect(verify(slug, { addressText, signature1: signed(first, slug, kind), message: `${MESSAGE}.` }).grade).toBe(
      'invalid',
    );
  });

  it('takes no other coin’s header, and says which one it was', () => {
    const other = slug === 'dash' ? 'zcash' : 'dash';
    const verdict = verify(slug, { addressText: addressOf(sign.p2pkh(key), slug), signature1: signed(first, other) });
    expect(verdict).toMatchObject({
      grade: 'invalid',
      reason: expect.stringContaining(other === 'dash' ? 'DarkCoin' : 'Zcash'),
    });
  });

  it('counts distinct signers of a 2-of-3 P2SH', () => {
    const script = sign.multisigScript(
      2,
      [first, second, third].map((one) => sign.publicKey(one)),
    );
    const row = { addressText: addressOf(sign.p2sh(script), slug), scriptOrPubkey: hex.encode(script) };
    const [one, two] = [signed(first, slug), signed(third, slug)];
    expect(verify(slug, { ...row, signature1: one, signature2: two })).toMatchObject({
      grade: 'address-bound',
      flags: [],
    });
    expect(verify(slug, { ...row, signature1: one })).toMatchObject({ grade: 'partial', flags: [] });
    expect(verify(slug, { ...row, signature1: one, signature2: one })).toMatchObject({
      grade: 'partial',
      flags: ['duplicate-signer'],
    });
  });
});

describe('header bytes', () => {
  const p2wpkh = addressOf(sign.p2wpkh(key), 'bitcoin');
  it('31-34 sign for segwit addresses too, as Electrum and Core write them', () => {
    expect(verify('bitcoin', { addressText: p2wpkh, signature1: signed(first, 'bitcoin', 'p2pkh') })).toMatchObject({
      ...{ grade: 'address-bound', scheme: 'bip137-p2wpkh', flags: [] },
    });
  });
  it('of another segwit class bind with a flag: the key hash decides', () => {
    const addressText = addressOf(sign.p2pkh(key), 'bitcoin');
    expect(verify('bitcoin', { addressText, signature1: signed(first, 'bitcoin', 'p2wpkh') })).toMatchObject({
      ...{ grade: 'address-bound', flags: ['non-canonical'] },
    });
  });
  it('27-30 are binding: the uncompressed key is another address', () => {
    const verdict = verify('bitcoin', {
      addressText: p2wpkh,
      signature1: signed(first, 'bitcoin', 'p2pkh-uncompressed'),
    });
    expect(verdict).toMatchObject({ grade: 'invalid', reason: expect.stringContaining('compressed form') });
  });
});

describe('scripts', () => {
  const script = sign.multisigScript(
    2,
    [first, second, third].map((one) => sign.publicKey(one)),
  );
  const cell = hex.encode(script);
  const both = { signature1: signed(second, 'bitcoin'), signature2: signed(first, 'bitcoin') };

  it.each([sign.p2sh(script), sign.p2wsh(script), sign.p2shP2wsh(script)])(
    'bind $kind by their hash',
    (destination) => {
      const addressText = addressOf(destination, 'bitcoin');
      expect(verify('bitcoin', { addressText, scriptOrPubkey: cell, ...both }).grade).toBe('address-bound');
      const other = hex.encode(sign.multisigScript(1, [key]));
      expect(verify('bitcoin', { addressText, scriptOrPubkey: other, ...both })).toMatchObject({
        ...{ grade: 'invalid', reason: expect.stringContaining('does not hash') },
      });
      const stranger = { ...both, signature2: signed(sign.keyFromLabel('stranger'), 'bitcoin') };
      expect(verify('bitcoin', { addressText, scriptOrPubkey: cell, ...stranger }).grade).toBe('invalid');
      expect(verify('bitcoin', { addressText, ...both }).grade).toBe('invalid');
    },
  );

  it('have their own threshold: two signers of a 3-of-5 are partial', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((label) => sign.publicKey(sign.keyFromLabel(label)));
    const threeOfFive = sign.multisigScript(3, five);
    const row = { addressText: addressOf(sign.p2wsh(threeOfFive), 'bitcoin'), scriptOrPubkey: hex.encode(threeOfFive) };
    expect(verify('bitcoin', { ...row, ...both })).toMatchObject({
      ...{ grade: 'partial', reason: expect.stringContaining('2 distinct signers') },
    });
  });

  it('with one key under two places count it once', () => {
    const twice = sign.multisigScript(2, [key, key]);
    const row = { addressText: addressOf(sign.p2sh(twice), 'bitcoin'), scriptOrPubkey: hex.encode(twice) };
    const once = signed(first, 'bitcoin');
    expect(verify('bitcoin', { ...row, signature1: once, signature2: once })).toMatchObject({
      ...{ grade: 'partial', flags: ['duplicate-signer'] },
    });
  });

  it('of another kind are undecided, not invalid', () => {
    const single = Uint8Array.of(key.length, ...key, 0xac);
    const row = { addressText: addressOf(sign.p2wsh(single), 'bitcoin'), scriptOrPubkey: hex.encode(single) };
    expect(verify('bitcoin', { ...row, signature1: signed(first, 'bitcoin') }).grade).toBe('undecided');
  });

  it('that no one can ever spend do not bind', () => {
    const tooLong = sign.multisigScript(
      1,
      Array.from({ length: 16 }, (_none, at) => sign.publicKey(sign.keyFromLabel(`${at}`))),
    );
    const row = { addressText: addressOf(sign.p2sh(tooLong), 'bitcoin'), scriptOrPubkey: hex.encode(tooLong) };
    expect(tooLong.length).toBeGreaterThan(520);
    expect(verify('bitcoin', { ...row, signature1: signed(sign.keyFromLabel('0'), 'bitcoin') }).grade).toBe('invalid');
  });
});

describe('a public key in the row', () => {
  const multisig = sign.multisigScript(
    2,
    [first, second].map((one) => sign.publicKey(one)),
  );
  it('must be the signer’s, and then the row is key-only', () => {
    for (const destination of [sign.p2pkh(key), sign.p2wsh(multisig), sign.p2pkh(sign.publicKey(second))]) {
      const row = { addressText: addressOf(destination, 'bitcoin'), signature1: signed(first, 'bitcoin') };
      expect(verify('bitcoin', { ...row, scriptOrPubkey: hex.encode(key) }).grade).toBe('key-only');
      expect(verify('bitcoin', { ...row, scriptOrPubkey: hex.encode(sign.publicKey(first, false)) }).grade).toBe(
        'key-only',
      );
      expect(verify('bitcoin', { ...row, scriptOrPubkey: hex.encode(sign.publicKey(third)) }).grade).toBe('invalid');
    }
  });
  it('does not rescue an address that does not decode', () => {
    const row = { addressText: '1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3', signature1: signed(first, 'bitcoin') };
    expect(verify('bitcoin', { ...row, scriptOrPubkey: hex.encode(key) }).grade).toBe('invalid');
  });
});

describe('what is not a plain row', () => {
  const addressText = addressOf(sign.p2pkh(key), 'bitcoin');
  it('is listed without signature and invalid without message', () => {
    expect(verify('bitcoin', { addressText }).grade).toBe('listed');
    expect(verify('bitcoin', { addressText, message: null, signature1: signed(first, 'bitcoin') }).grade).toBe(
      'invalid',
    );
  });
  it('may sign the empty message', () => {
    const signature1 = signed(first, 'bitcoin', 'p2pkh', '');
    expect(verify('bitcoin', { addressText, message: '', signature1 }).grade).toBe('address-bound');
  });
  it('needs every signature to fit', () => {
    const row = { addressText, signature1: signed(first, 'bitcoin') };
    expect(verify('bitcoin', { ...row, signature2: signed(second, 'bitcoin') }).grade).toBe('invalid');
    expect(verify('bitcoin', { ...row, signature2: 'null' }).grade).toBe('invalid');
  });
  it('is told when blanks or line ends of the message are at fault', () => {
    const signature1 = signed(first, 'bitcoin', 'p2pkh', `${MESSAGE}\n`);
    expect(verify('bitcoin', { addressText, signature1 })).toMatchObject({
      ...{ grade: 'invalid', reason: expect.stringContaining('with a line end after it') },
    });
    const trimmed = verify('bitcoin', { addressText, message: ` ${MESSAGE}`, signature1: signed(first, 'bitcoin') });
    expect(trimmed).toMatchObject({ grade: 'invalid', reason: expect.stringContaining('without the blanks') });
  });
  it('binds in OKX’s hex envelope with either form of the key', () => {
    const [recoveryId, ...rs] = sign.recoverable(okxEnvelopeDigest(MESSAGE), first);
    const signature1 = `0x${hex.encode(Uint8Array.of(...rs, 27 + (recoveryId ?? 0)))}`;
    for (const form of [key, sign.publicKey(first, false)]) {
      const row = { addressText: addressOf(sign.p2pkh(form), 'bitcoin'), signature1 };
      expect(verify('bitcoin', row)).toMatchObject({
        grade: 'address-bound',
        scheme: expect.stringContaining('okx-hex'),
      });
    }
  });
  it('with a high s is valid and flagged', () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const bytes = base64.decode(signed(first, 'bitcoin'));
    const flipped = (order - BigInt(`0x${hex.encode(bytes.slice(33))}`)).toString(16).padStart(64, '0');
    const header = 27 + (((bytes[0] as number) - 27) ^ 1);
    const signature1 = base64.encode(Uint8Array.of(header, ...bytes.slice(1, 33), ...hex.decode(flipped)));
    expect(verify('bitcoin', { addressText, signature1 })).toMatchObject({
      grade: 'address-bound',
      flags: ['non-canonical'],
    });
  });
});
