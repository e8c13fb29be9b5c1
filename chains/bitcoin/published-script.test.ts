import { createHash } from 'node:crypto';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { createBase58check, hex } from '@scure/base';
import { networks, payments } from 'bitcoinjs-lib';
import { describe, expect, it } from 'vitest';
import { SCRIPT_ROW } from '../../src/domain/attestation.ts';
import type { OwnershipProof } from '../../src/domain/ownership.ts';
import { utxoNetwork } from '../../test/fakes/utxo-networks.ts';
import { derivePublicKey } from './extended-key.ts';
import { ownership } from './ownership.ts';

const bitcoin = utxoNetwork('bitcoin');

const secretOf = (seed: string): Uint8Array => createHash('sha256').update(`published script ${seed}`).digest();
const keyOf = (seed: string, compressed: boolean): Uint8Array => secp256k1.getPublicKey(secretOf(seed), compressed);
const FOUNDERS = ['a', 'b', 'c'];
const OWNERS = FOUNDERS.map((seed) => hex.encode(keyOf(seed, false))).join(' ');

/** Script and address as bitcoinjs-lib makes them. */
function multisig(kind: string, seeds: readonly string[], m = 3, compressed = kind !== 'sh') {
  const redeem = payments.p2ms({ m, pubkeys: seeds.map((seed) => keyOf(seed, compressed)) });
  const payment =
    kind === 'sh'
      ? payments.p2sh({ redeem })
      : kind === 'wsh'
        ? payments.p2wsh({ redeem })
        : payments.p2sh({ redeem: payments.p2wsh({ redeem }) });
  return { script: hex.encode(redeem.output as Uint8Array), address: payment.address as string };
}

const grade = (row: Partial<OwnershipProof>) =>
  ownership.verify(
    {
      label: 'BTC',
      network: 'bitcoin',
      addressText: '',
      message: null,
      signature1: null,
      signature2: null,
      scriptOrPubkey: null,
      owner1: OWNERS,
      owner2: '3 of 4',
      rowType: null,
      ...row,
    },
    bitcoin,
  );

describe('a row that prints its multisig script', () => {
  const row = (kind: string, change: Partial<OwnershipProof> = {}, made = multisig(kind, [...FOUNDERS, 'vanity'])) =>
    grade({ rowType: `${SCRIPT_ROW}${kind}`, addressText: made.address, scriptOrPubkey: made.script, ...change });

  it.each(['sh', 'sh_wsh', 'wsh'])('%s: is key-only, and never proven', (kind) => {
    expect(row(kind)).toMatchObject({ grade: 'key-only', scheme: 'bitmex-script', flags: [] });
    expect(row(kind, { scriptOrPubkey: multisig(kind, [...FOUNDERS, 'vanity']).script.toUpperCase() }).grade).toBe(
      'key-only',
    );
    const flipped = OWNERS.replaceAll(/04([0-9a-f]{64})([0-9a-f]{64})/g, (_, x: string) => `03${x}`);
    expect(row(kind, { owner1: flipped }).grade).toBe('key-only');
  });

  it.each(['sh', 'sh_wsh', 'wsh'])('%s: is invalid where script, address, keys or claim do not fit', (kind) => {
    const made = multisig(kind, [...FOUNDERS, 'vanity']);
    const others = ['sh', 'sh_wsh', 'wsh'].filter((other) => other !== kind);
    for (const other of others) expect(row(other, {}, made)).toMatchObject({ grade: 'invalid' });
    expect(row(kind, { addressText: multisig(kind, [...FOUNDERS, 'other']).address }).reason).toMatch(
      /does not give the address/,
    );
    expect(row(kind, {}, multisig(kind, ['a', 'b', 'x', 'vanity'])).reason).toMatch(/only 2 of the script's keys/);
    expect(row(kind, {}, multisig(kind, ['a', 'a', 'b', 'vanity'])).reason).toMatch(/only 2 of the script's keys/);
    expect(row(kind, {}, multisig(kind, ['w', 'x', 'y', 'z'])).reason).toMatch(/only 0 of the script's keys/);
    expect(row(kind, {}, multisig(kind, [...FOUNDERS, 'vanity'], 2)).reason).toMatch(
      /is 2 of 4, but the file claims "3 of 4"/,
    );
    for (const scriptOrPubkey of ['', 'zz', `${made.script}00`, made.script.slice(2), made.script.slice(1)]) {
      expect(row(kind, { scriptOrPubkey }).grade).toBe('invalid');
    }
    expect(row(kind, { addressText: `${made.address.slice(0, -1)}1` }).grade).toBe('invalid');
  });

  it('must hold compressed keys inside a witness', () => {
    const made = multisig('sh', [...FOUNDERS, 'vanity']);
    const program = createHash('sha256').update(hex.decode(made.script)).digest();
    const addressText = payments.p2wsh({ hash: program, network: networks.bitcoin }).address as string;
    expect(row('wsh', { addressText, scriptOrPubkey: made.script }).reason).toMatch(/BIP-143/);
  });

  it('is listed without a script, and undecided without the keys to compare', () => {
    expect(row('wsh', { scriptOrPubkey: null }).grade).toBe('listed');
    expect(row('wsh', { owner1: null }).grade).toBe('undecided');
    expect(row('wsh', { owner2: null }).grade).toBe('undecided');
    expect(row('p2tr_leaf').grade).not.toBe('key-only');
    expect(
      grade({
        rowType: 'wsh',
        addressText: multisig('wsh', FOUNDERS).address,
        scriptOrPubkey: multisig('wsh', FOUNDERS).script,
      }).grade,
    ).toBe('listed');
  });
});

const base58check = createBase58check((data: Uint8Array) => createHash('sha256').update(data).digest());

/** BIP-32, test vector 2: the master key, and what chain m/0 gives. */
const MASTER =
  'xpub661MyMwAqRbcFW31YEwpkMuc5THy2PSt5bDMsktWQcFF8syAmRUapSCGu8ED9W6oDMSgv6Zz8idoc4a6mr8BDzTJY47LJhkJ8UB7WEGuduB';
const CHILD_0 =
  'xpub69H7F5d8KSRgmmdJg2KhpAK8SR3DjMwAdkxj3ZuxV27CprR9LgpeyGmXUbC6wb7ERfvrnKZjXoUmmDznezpbZb7ap6r1D3tgFxHmwMkQTPH';

describe('a row that prints a descriptor', () => {
  const keyAt = (...path: readonly number[]): Uint8Array => {
    const key = derivePublicKey(MASTER, path);
    if (!key.ok) throw new Error(key.error);
    return key.value;
  };
  const row = (descriptor: string, addressText: string | undefined, change: Partial<OwnershipProof> = {}) =>
    grade({
      rowType: `${SCRIPT_ROW}multisig_2of2`,
      addressText: addressText ?? '',
      scriptOrPubkey: descriptor,
      owner1: `${MASTER} xpubOther`,
      owner2: null,
      ...change,
    });

  it('derives keys as BIP-32 does (test vector 2)', () => {
    expect(derivePublicKey(MASTER, [0])).toEqual({ ok: true, value: base58check.decode(CHILD_0).slice(45) });
    expect(derivePublicKey(`${MASTER.slice(0, -1)}C`, []).ok).toBe(false);
  });

  it('is key-only where its address follows and its keys are named', () => {
    const wpkh = payments.p2wpkh({ pubkey: keyAt(1, 7) }).address;
    expect(
      row(`wpkh([d34db33f/84h/0'/0h]${MASTER}/1/7)#abcdefgh`, wpkh, { rowType: `${SCRIPT_ROW}wpkh` }),
    ).toMatchObject({
      grade: 'key-only',
      scheme: 'bitmex-descriptor',
    });
    const nested = payments.p2sh({ redeem: payments.p2wpkh({ pubkey: keyAt(2) }) }).address;
    expect(row(`sh(wpkh(${MASTER}/2))`, nested).grade).toBe('key-only');
    const one = keyAt(3);
    const two = base58check.decode(CHILD_0).slice(45);
    const redeem = payments.p2ms({ m: 2, pubkeys: [one, two] });
    const sorted = payments.p2ms({ m: 2, pubkeys: [one, two].sort(Buffer.compare) });
    const keys = `${MASTER}/3,${CHILD_0}`;
    const both = { owner1: `${MASTER} ${CHILD_0}` };
    expect(row(`wsh(multi(2,${keys}))`, payments.p2wsh({ redeem }).address, both).grade).toBe('key-only');
    expect(row(`wsh(sortedmulti(2,${keys}))`, payments.p2wsh({ redeem: sorted }).address, both).grade).toBe('key-only');
    expect(row(`sh(multi(2,${keys}))`, payments.p2sh({ redeem }).address, both).grade).toBe('key-only');
    const inside = payments.p2sh({ redeem: payments.p2wsh({ redeem }) }).address;
    expect(row(`sh(wsh(multi(2,${keys})))`, inside, both).grade).toBe('key-only');
    expect(row(`wsh(multi(2,${keys}))`, inside, both).grade).toBe('invalid');
    // One of two named: not enough to spend.
    expect(row(`sh(wsh(multi(2,${keys})))`, inside)).toMatchObject({
      grade: 'listed',
      reason: expect.stringContaining('1 of the 2'),
    });
    expect(row(`sh(wsh(multi(2,${keys})))`, inside, { owner1: 'xpubOther' }).grade).toBe('invalid');
    expect(row(`sh(wsh(multi(2,${keys})))`, inside, { owner1: null }).grade).toBe('undecided');
  });

  it.each([
    [`wpkh(${MASTER}/2)`, 'invalid'],
    [`wpkh(${MASTER}/1/*)`, 'undecided'],
    [`wpkh(${MASTER}/1h)`, 'undecided'],
    [`wpkh(${MASTER}/2147483648)`, 'invalid'],
    [`wpkh(${MASTER},${MASTER})`, 'invalid'],
    [`wpkh(${MASTER}/1`, 'undecided'],
    [`wpkh(${MASTER}/1))`, 'undecided'],
    ['wpkh(nothing)', 'invalid'],
    ['wpkh()', 'invalid'],
    ['tr(a)', 'undecided'],
    ['', 'undecided'],
    [`wsh(multi(0,${MASTER}))`, 'invalid'],
    [`wsh(multi(3,${MASTER},${MASTER}))`, 'invalid'],
    [`wpkh(${'('.repeat(60_000)}`, 'undecided'],
  ])('%s at another address is %s', (descriptor, expected) => {
    expect(row(descriptor, payments.p2wpkh({ pubkey: keyAt(1) }).address, { rowType: `${SCRIPT_ROW}wpkh` }).grade).toBe(
      expected,
    );
  });
});
