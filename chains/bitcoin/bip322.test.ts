import { existsSync, readFileSync } from 'node:fs';
import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { base64, hex } from '@scure/base';
import { initEccLib, payments } from 'bitcoinjs-lib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as sign from '../../demo/sign-utxo.ts';
import type { OwnershipProof } from '../../src/domain/ownership.ts';
import { parseJson } from '../../src/lib/json.ts';
import { utxoNetwork } from '../../test/fakes/utxo-networks.ts';
import { serializeWitness, signSegwit, signTaproot, virtualTransactions } from '../../test/fixtures/sign-bip322.ts';
import { type Destination, decodeAddress, encodeAddress, scriptPubKey } from './address.ts';
import { bip322MessageHash, toSignId, toSpendId } from './bip322.ts';
import { hash160 } from './hash.ts';
import { ownership } from './ownership.ts';
import { bitcoinParams } from './params.ts';

const MESSAGE = 'Example Exchange owns this address, 2026-11-22';
const secrets = ['a', 'b', 'c'].map(sign.keyFromLabel) as [Uint8Array, Uint8Array, Uint8Array];
const [first, second, third] = secrets;
const keys = secrets.map((one) => sign.publicKey(one));
const [key] = keys as [Uint8Array];
const multisig = sign.multisigScript(2, keys);
const xOnly = schnorr.getPublicKey(first);

const params = bitcoinParams(utxoNetwork('bitcoin'));
if (!params.ok) throw new Error(params.error);
const addressOf = (destination: Destination): string => encodeAddress(destination, params.value);
const verify = (row: Partial<OwnershipProof>) =>
  ownership.verify(
    {
      ...{ label: 'BTC', network: 'BTC', addressText: '', message: MESSAGE, signature1: null, signature2: null },
      ...{ scriptOrPubkey: null, owner1: null, owner2: null, rowType: null, ...row },
    },
    utxoNetwork('bitcoin'),
  );
const row = (destination: Destination, witness: readonly Uint8Array[], cells: Partial<OwnershipProof> = {}) =>
  verify({ addressText: addressOf(destination), signature1: `smp${serializeWitness(witness)}`, ...cells });

const keyCode = (one: Uint8Array): Uint8Array => Uint8Array.of(0x76, 0xa9, 0x14, ...hash160(one), 0x88, 0xac);
const empty = new Uint8Array(0);

/** The little that bitcoinjs-lib wants of a curve library to build a taproot tree. */
const ecc = {
  isXOnlyPoint: (point: Uint8Array): boolean => secp256k1.utils.isValidPublicKey(Uint8Array.of(2, ...point)),
  xOnlyPointAddTweak(point: Uint8Array, tweak: Uint8Array) {
    const sum = secp256k1.Point.fromBytes(Uint8Array.of(2, ...point)).add(
      secp256k1.Point.BASE.multiply(BigInt(`0x${hex.encode(tweak)}`)),
    );
    if (sum.is0()) return null;
    const bytes = sum.toBytes(true);
    return { parity: (bytes[0] as number) === 2 ? (0 as const) : (1 as const), xOnlyPubkey: bytes.slice(1) };
  },
};
const p2wpkh = sign.p2wpkh(key);
const p2wsh = sign.p2wsh(multisig);
const p2tr: Destination = { kind: 'p2tr', hash: xOnly };

/** An honest witness of each kind of address. */
const HONEST: readonly (readonly [string, Destination, (message: string) => readonly Uint8Array[]])[] = [
  ['p2wpkh', p2wpkh, (text) => [signSegwit(text, scriptPubKey(p2wpkh), keyCode(key), first), key]],
  [
    'p2sh-p2wpkh',
    sign.p2shP2wpkh(key),
    (text) => [signSegwit(text, scriptPubKey(sign.p2shP2wpkh(key)), keyCode(key), first), key],
  ],
  ['p2tr', p2tr, (text) => [signTaproot(text, scriptPubKey(p2tr), first)]],
  ['p2wsh', p2wsh, (text) => [empty, ...[first, third].map((one) => multisigSignature(p2wsh, one, text)), multisig]],
  [
    'p2sh-p2wsh',
    sign.p2shP2wsh(multisig),
    (text) => [
      empty,
      ...[first, second].map((one) => multisigSignature(sign.p2shP2wsh(multisig), one, text)),
      multisig,
    ],
  ],
];
function multisigSignature(destination: Destination, secret: Uint8Array, text = MESSAGE): Uint8Array {
  return signSegwit(text, scriptPubKey(destination), multisig, secret);
}

const HASHES = '../shared/vectors/bip322_tx_hashes.json';

describe.skipIf(!existsSync(HASHES))(`BIP-322's own hashes (${HASHES}, skipped where absent)`, () => {
  const parsed = existsSync(HASHES) ? parseJson(readFileSync(HASHES, 'utf8')) : null;
  const { tx_hashes: list } = (parsed?.ok ? parsed.value : { tx_hashes: [] }) as unknown as {
    readonly tx_hashes: readonly Readonly<Record<string, string>>[];
  };
  const reversed = (bytes: Uint8Array): string => hex.encode(Uint8Array.from(bytes).reverse());
  it.each(list)('$message', (vector) => {
    const destination = decodeAddress(vector.address as string, params.value);
    if (!destination.ok) throw new Error(destination.error);
    const toSpend = toSpendId(vector.message as string, scriptPubKey(destination.value));
    expect(hex.encode(bip322MessageHash(vector.message as string))).toBe(vector.message_hash);
    expect(reversed(toSpend)).toBe(vector.to_spend_tx_hash);
    expect(reversed(toSignId(toSpend))).toBe(vector.to_sign_tx_hash);
  });
  it('are there', () => expect(list.length).toBeGreaterThan(0));
});

describe.each(HONEST)('%s', (name, destination, witness) => {
  it('has the transactions that bitcoinjs-lib makes', () => {
    const { toSpend, toSign } = virtualTransactions(MESSAGE, scriptPubKey(destination));
    const id = toSpendId(MESSAGE, scriptPubKey(destination));
    expect(hex.encode(id)).toBe(hex.encode(toSpend.getHash()));
    expect(hex.encode(toSignId(id))).toBe(hex.encode(toSign.getHash()));
  });
  it('is address-bound with and without the prefix', () => {
    const bound = { grade: 'address-bound', scheme: `bip322-${name}`, reason: null, flags: [] };
    expect(row(destination, witness(MESSAGE))).toEqual(bound);
    expect(row(destination, witness(MESSAGE), { signature1: serializeWitness(witness(MESSAGE)) })).toEqual(bound);
    expect(row(destination, witness(''), { message: '' })).toEqual(bound);
    expect(row(destination, witness('ö😄'), { message: 'ö😄' })).toEqual(bound);
  });
  it('holds for no other message and no other address, and says what is near', () => {
    expect(row(destination, witness(`${MESSAGE}.`)).grade).toBe('invalid');
    expect(row(destination, witness(`${MESSAGE}\n`))).toMatchObject({
      ...{ grade: 'invalid', reason: expect.stringContaining('the message and a line end') },
    });
    for (const [, other] of HONEST.filter(([one]) => one !== name)) {
      expect(row(other, witness(MESSAGE)).grade).toBe('invalid');
    }
    expect(row(sign.p2pkh(key), witness(MESSAGE)).grade).toBe('invalid');
  });
  it('survives no flipped bit and no missing or added item', () => {
    const bytes = base64.decode(serializeWitness(witness(MESSAGE)));
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const flipped = Uint8Array.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
        const got = row(destination, [], { signature1: `smp${base64.encode(flipped)}` });
        expect(['invalid', 'undecided']).toContain(got.grade);
      }),
      { numRuns: 60 },
    );
    expect(row(destination, [empty, ...witness(MESSAGE)]).grade).not.toBe('address-bound');
    expect(row(destination, witness(MESSAGE).slice(1)).grade).toBe('invalid');
    expect(row(destination, [], { signature1: 'smpAA==' }).grade).toBe('invalid');
    expect(row(destination, [], { signature1: 'smp!' }).grade).toBe('invalid');
    const trailing = base64.encode(Uint8Array.of(...bytes, 0));
    expect(row(destination, [], { signature1: `smp${trailing}` }).grade).toBe('invalid');
  });
});

describe('what BIP-322 demands of an ECDSA signature', () => {
  const output = scriptPubKey(p2wpkh);
  const good = signSegwit(MESSAGE, output, keyCode(key), first);
  const [r, s] = [good.subarray(4, 4 + (good[3] as number)), good.subarray(6 + (good[3] as number), -1)];
  const der = (...parts: readonly (readonly [number, Uint8Array])[]): Uint8Array => {
    const body = parts.flatMap(([tag, bytes]) => [tag, bytes.length, ...bytes]);
    return Uint8Array.of(0x30, body.length, ...body, 1);
  };
  it.each<[string, Uint8Array, RegExp]>([
    ['hash type NONE', signSegwit(MESSAGE, output, keyCode(key), first, { hashType: 2 }), /hash type is 2/],
    ['hash type SINGLE', signSegwit(MESSAGE, output, keyCode(key), first, { hashType: 3 }), /hash type is 3/],
    ['ANYONECANPAY', signSegwit(MESSAGE, output, keyCode(key), first, { hashType: 0x81 }), /hash type is 129/],
    ['a high S', signSegwit(MESSAGE, output, keyCode(key), first, { highS: true }), /LOW_S/],
    ['a superfluous zero before r', der([2, Uint8Array.of(0, ...r)], [2, s]), /strict DER/],
    ['a superfluous zero before s', der([2, r], [2, Uint8Array.of(0, ...s)]), /strict DER/],
    ['another tag', der([3, r], [2, s]), /strict DER/],
    ['no hash type', good.slice(0, -1), /strict DER/],
    ['a byte between', Uint8Array.of(...good.slice(0, -1), 0, 1), /strict DER/],
    ['nothing', empty, /strict DER/],
    ['r of zero', der([2, Uint8Array.of(0)], [2, s]), /fit|strict DER/],
  ])('not %s', (_name, signature, why) => {
    expect(row(p2wpkh, [signature, key])).toMatchObject({ grade: 'invalid', reason: expect.stringMatching(why) });
  });
  it('a key of 33 bytes that is on the curve', () => {
    const long = sign.publicKey(first, false);
    expect(
      row(sign.p2wpkh(long), [signSegwit(MESSAGE, scriptPubKey(sign.p2wpkh(long)), keyCode(long), first), long]),
    ).toMatchObject({ grade: 'invalid', reason: expect.stringContaining('33 bytes') });
    const offCurve = Uint8Array.of(2, ...new Uint8Array(31), 5);
    expect(secp256k1.utils.isValidPublicKey(offCurve)).toBe(false);
    expect(row(sign.p2wpkh(offCurve), [good, offCurve]).grade).toBe('invalid');
  });
});

describe('taproot', () => {
  const LEAF = Uint8Array.of(0x51);
  initEccLib(ecc);
  const output = scriptPubKey(p2tr);
  it('takes DEFAULT and ALL, nothing else', () => {
    expect(row(p2tr, [signTaproot(MESSAGE, output, first, 1)]).grade).toBe('address-bound');
    for (const type of [2, 3, 0x81, 0x83]) {
      expect(row(p2tr, [signTaproot(MESSAGE, output, first, type)]).grade).toBe('invalid');
    }
    expect(row(p2tr, [Uint8Array.of(...signTaproot(MESSAGE, output, first), 0)]).grade).toBe('invalid');
  });
  it('leaves its script path and annexes undecided', () => {
    const signature = signTaproot(MESSAGE, output, first);
    const tree = payments.p2tr({
      internalPubkey: xOnly,
      scriptTree: [{ output: LEAF }, { output: Uint8Array.of(0x52) }],
    });
    const spend = payments.p2tr({
      ...{ internalPubkey: xOnly, scriptTree: [{ output: LEAF }, { output: Uint8Array.of(0x52) }] },
      redeem: { output: LEAF, redeemVersion: 0xc0 },
    });
    const address: Destination = { kind: 'p2tr', hash: tree.pubkey as Uint8Array };
    const control = spend.witness?.at(-1) as Uint8Array;
    expect(row(address, [LEAF, control])).toMatchObject({
      ...{ grade: 'undecided', reason: expect.stringContaining('script path') },
    });
    expect(row(address, [Uint8Array.of(0x53), control]).grade).toBe('invalid');
    expect(row(p2tr, [LEAF, control]).grade).toBe('invalid');
    expect(row(address, [LEAF, control.slice(0, -1)]).grade).toBe('invalid');
    expect(row(p2tr, [signature, Uint8Array.of(0x50, 1)])).toMatchObject({ reason: expect.stringContaining('annex') });
  });
  it('is never signed for by a BIP-137 signature', () => {
    const signature1 = sign.signMessage(first, MESSAGE, 'Bitcoin Signed Message:\n');
    expect(verify({ addressText: addressOf(p2tr), signature1 }).grade).toBe('invalid');
  });
});

describe('multisig in P2WSH', () => {
  const by = (secret: Uint8Array): Uint8Array => multisigSignature(p2wsh, secret);
  it.each<[string, readonly Uint8Array[]]>([
    ['signatures in the wrong order', [empty, by(third), by(first), multisig]],
    ['one signature twice', [empty, by(first), by(first), multisig]],
    ['one signature too few', [empty, by(first), multisig]],
    ['one signature too many', [empty, by(first), by(second), by(third), multisig]],
    ['an empty signature', [empty, by(first), empty, multisig]],
    ['a first item that is not empty', [Uint8Array.of(0), by(first), by(second), multisig]],
    ['no first item', [by(first), by(second), multisig]],
    ['another script', [empty, by(first), by(second), sign.multisigScript(1, keys)]],
    ['a stranger', [empty, by(first), multisigSignature(p2wsh, sign.keyFromLabel('x')), multisig]],
  ])('refuses %s', (_name, witness) => expect(row(p2wsh, witness).grade).toBe('invalid'));

  it('counts a key that stands twice in the script once', () => {
    const script = sign.multisigScript(2, [key, key]);
    const address = sign.p2wsh(script);
    const signature = signSegwit(MESSAGE, scriptPubKey(address), script, first);
    expect(row(address, [empty, signature, signature, script])).toMatchObject({
      ...{ grade: 'partial', flags: ['duplicate-signer'] },
    });
  });
  it('leaves other scripts undecided', () => {
    const script = Uint8Array.of(0x21, ...key, 0xac);
    const address = sign.p2wsh(script);
    const signature = signSegwit(MESSAGE, scriptPubKey(address), script, first);
    expect(row(address, [signature, script]).grade).toBe('undecided');
  });
});

describe('the other columns', () => {
  const witness = HONEST[0]?.[2](MESSAGE) ?? [];
  it('must agree with the witness', () => {
    expect(row(p2wpkh, witness, { scriptOrPubkey: hex.encode(key) }).grade).toBe('address-bound');
    expect(row(p2wpkh, witness, { scriptOrPubkey: hex.encode(sign.publicKey(first, false)) }).grade).toBe(
      'address-bound',
    );
    expect(row(p2wpkh, witness, { scriptOrPubkey: hex.encode(keys[1] as Uint8Array) }).grade).toBe('invalid');
    const honest = HONEST[3]?.[2](MESSAGE) ?? [];
    expect(row(p2wsh, honest, { scriptOrPubkey: hex.encode(multisig) }).grade).toBe('address-bound');
    expect(row(p2wsh, honest, { scriptOrPubkey: hex.encode(sign.multisigScript(1, keys)) }).grade).toBe('invalid');
  });
  it('a second signature must hold too, and is no second signer', () => {
    const signature2 = `smp${serializeWitness(witness)}`;
    expect(row(p2wpkh, witness, { signature2 })).toMatchObject({ grade: 'address-bound', flags: ['duplicate-signer'] });
    const stranger = HONEST[2]?.[2](MESSAGE) ?? [];
    expect(row(p2wpkh, witness, { signature2: serializeWitness(stranger) }).grade).toBe('invalid');
    const legacy = sign.signMessage(first, MESSAGE, 'Bitcoin Signed Message:\n');
    expect(row(p2wpkh, witness, { signature2: legacy }).grade).toBe('undecided');
  });
});

describe('forms that are not evaluated', () => {
  const transaction = base64.encode(Uint8Array.of(2, 0, 0, 0, ...new Uint8Array(60)));
  const psbt = base64.encode(Uint8Array.of(...Buffer.from('psbt'), 0xff, ...new Uint8Array(20)));
  it.each([
    ['full', `ful${transaction}`, /full form/],
    ['full without prefix', transaction, /full form/],
    ['proof of funds', `pof${psbt}`, /proof-of-funds/],
    ['a PSBT without prefix', psbt, /proof-of-funds/],
  ])('%s is undecided with the reason', (_name, signature1, why) => {
    expect(verify({ addressText: addressOf(p2wpkh), signature1 })).toMatchObject({
      ...{ grade: 'undecided', scheme: 'bip322', reason: expect.stringMatching(why) },
    });
  });
  it('and refuses what is not even base64', () => {
    expect(verify({ addressText: addressOf(p2wpkh), signature1: 'ful***' }).grade).toBe('invalid');
    expect(verify({ addressText: addressOf(p2wpkh), signature1: 'not-valid-base64!!!' }).grade).toBe('invalid');
  });
});
