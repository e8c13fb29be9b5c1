import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { bls12_381 } from '@noble/curves/bls12-381.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { schnorr, secp256k1 } from '@noble/curves/secp256k1.js';
import { blake256 } from '@noble/hashes/blake1.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { pedersen, verify as verifyStark } from '@scure/starknet';
import { address as bitcoinAddress, crypto as bitcoinCrypto, payments, Transaction } from 'bitcoinjs-lib';
import { computeAddress, getBytes, keccak256, ripemd160, SigningKey } from 'ethers';
import { describe, expect, it } from 'vitest';
import type { Network } from '../src/domain/network.ts';
import type { OwnershipProof } from '../src/domain/ownership.ts';
import { combinedBook } from '../src/domain/resolve-label.ts';
import { type Explanation, explainProof } from '../src/explain-proof.ts';
import { type TraceStep, trace, withTrace } from '../src/lib/trace.ts';
import { loadRegistry } from '../src/load-registry.ts';
import { checkProof, createLabelResolver, createMessageFlags } from '../src/verify-ownership.ts';
import type { RowGenerator } from './fixtures/generate-rows/row.ts';
import { serializeWitness, signSegwit, virtualTransactions } from './fixtures/sign-bip322.ts';

/** What a second person does with the printed bytes: every hash, recovery and check again, with other libraries than the product's. */
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const openssl = (name: string) => (data: Uint8Array) => new Uint8Array(createHash(name).update(data).digest());
const felt = (number: bigint): Uint8Array => bytes(number.toString(16).padStart(64, '0'));

function pedersenChain(data: Uint8Array): Uint8Array {
  const elements = (hex(data).match(/.{64}/g) ?? []).map((digits) => BigInt(`0x${digits}`));
  const sum = [...elements, BigInt(elements.length)].reduce((so, element) => BigInt(pedersen(so, element)), 0n);
  return felt(sum);
}

const HASHES: Readonly<Record<string, (data: Uint8Array) => Uint8Array>> = {
  'Keccak-256': (data) => getBytes(keccak256(data)),
  'SHA-256': openssl('sha256'),
  'SHA-224': openssl('sha224'),
  'SHA-512': openssl('sha512'),
  'SHA-512/256': openssl('sha512-256'),
  'SHA3-256': openssl('sha3-256'),
  'RIPEMD-160': (data) => getBytes(ripemd160(data)),
  'BLAKE-256': (data) => blake256(data),
  'BLAKE2b-32': (data) => blake2b(data, { dkLen: 4 }),
  'BLAKE2b-160': (data) => blake2b(data, { dkLen: 20 }),
  'BLAKE2b-224': (data) => blake2b(data, { dkLen: 28 }),
  'BLAKE2b-256': (data) => blake2b(data, { dkLen: 32 }),
  'BLAKE2b-512': openssl('blake2b512'),
  'starknet_keccak (Keccak-256, its top 6 bits cleared)': (data) => felt(BigInt(keccak256(data)) & (2n ** 250n - 1n)),
  'Pedersen chain of 32-byte elements': pedersenChain,
};

const CHECKS: Readonly<Record<string, (key: Uint8Array, signed: Uint8Array, signature: Uint8Array) => boolean>> = {
  'Ed25519 (RFC 8032, strict)': (key, signed, signature) => ed25519.verify(signature, signed, key, { zip215: false }),
  'ECDSA over secp256k1 of a 32-byte digest, r ‖ s': (key, signed, signature) =>
    secp256k1.verify(signature, signed, key, { prehash: false }),
  'Schnorr over secp256k1 (BIP-340)': (key, signed, signature) => schnorr.verify(signature, signed, key),
  'BLS12-381, keys in G1, BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_': (key, signed, signature) => {
    const { longSignatures } = bls12_381;
    const point = longSignatures.hash(signed, 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_');
    return longSignatures.verify(signature, point, key);
  },
  'ECDSA over the STARK curve, r ‖ s, key by its x, either y': (key, signed, signature) =>
    ['02', '03'].some((parity) => {
      try {
        return verifyStark(hex(signature), hex(signed), parity + hex(key), { format: 'compact' });
      } catch {
        return false;
      }
    }),
};

const orFalse = (run: () => boolean): boolean => {
  try {
    return run();
  } catch {
    return false;
  }
};

/** Steps that were recomputed already: rows share their messages, and a row is explained twice. */
const recomputed = new Set<string>();

/** Recomputes every step from what is printed of it, and says which functions stood in it. */
function recompute(steps: readonly TraceStep[]): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const step of steps) {
    if (step.step === 'hash') seen.add(step.function);
    if (step.step === 'recover') seen.add('recover');
    if (step.step === 'verify') seen.add(step.algorithm);
    const printed = JSON.stringify(step);
    if (recomputed.has(printed)) continue;
    recomputed.add(printed);
    if (step.step === 'hash') {
      const hash = HASHES[step.function];
      if (hash === undefined) throw new Error(`this test knows no ${step.function}`);
      expect([step.function, hex(hash(bytes(step.input)))]).toEqual([step.function, step.output]);
    } else if (step.step === 'recover') {
      const signature = { r: `0x${step.r}`, s: `0x${step.s}`, v: 27 + step.recoveryId };
      // ethers refuses a high s, which the chains do not; then noble recovers.
      const key = orNull(() => SigningKey.recoverPublicKey(`0x${step.digest}`, signature).slice(2)) ?? nobleKey(step);
      expect(key).toBe(step.key);
    } else if (step.step === 'verify') {
      const check = CHECKS[step.algorithm];
      if (check === undefined) throw new Error(`this test knows no ${step.algorithm}`);
      const holds = orFalse(() => check(bytes(step.key), bytes(step.signed), bytes(step.signature)));
      expect([step.algorithm, holds]).toEqual([step.algorithm, step.holds]);
    }
  }
  return seen;
}

const orNull = <T>(run: () => T): T | null => {
  try {
    return run();
  } catch {
    return null;
  }
};

const nobleKey = ({ digest, r, s, recoveryId }: Extract<TraceStep, { step: 'recover' }>): string | null =>
  orNull(() =>
    hex(
      secp256k1.Signature.fromBytes(bytes(r + s), 'compact')
        .addRecoveryBit(recoveryId)
        .recoverPublicKey(bytes(digest))
        .toBytes(false),
    ),
  );

/**
 * The signed digests stand on the message: each recovered or checked digest is what a hash step printed just before gave, and following the inputs back leads
 * to bytes that hold the message (or to those that are signed unhashed).
 */
function leadsToMessage(steps: readonly TraceStep[], digest: string, message: string): boolean {
  if (digest.includes(message)) return true;
  return steps.some(
    (step) =>
      step.step === 'hash' &&
      (step.output === digest || step.output.startsWith(digest)) &&
      (step.input.includes(message) ||
        steps.some(
          (before) =>
            before.step === 'hash' &&
            before.input !== step.input &&
            step.input.includes(before.output) &&
            leadsToMessage(steps.slice(0, steps.indexOf(step)), before.output, message),
        )),
  );
}

const registry = loadRegistry();
if (!registry.ok) throw new Error('the shipped registry does not load');
const networks = [...registry.value.networks.values()];
const resolve = createLabelResolver(registry.value, combinedBook(registry.value));
const noFlags = createMessageFlags([]);

const proofOf = (cells: Partial<OwnershipProof>): OwnershipProof => ({
  label: 'X',
  network: null,
  addressText: '',
  message: null,
  signature1: null,
  signature2: null,
  scriptOrPubkey: null,
  owner1: null,
  owner2: null,
  rowType: null,
  ...cells,
});

const targetOn = (network: Network) => ({
  resolved: { network: network.slug, chain: network.chainId, assetId: null, asset: null },
  network,
});

/** Explains twice, the second time with every memory warm, and checks all that is printed. */
async function explained(proof: OwnershipProof, network: Network): Promise<Explanation> {
  const target = targetOn(network);
  const cold = await explainProof(proof, target, noFlags);
  const { verdict, address } = await checkProof(proof, network);
  const warm = await explainProof(proof, target, noFlags);
  expect(warm).toEqual(cold);
  expect({ ...warm.verdict, flags: verdict.flags }).toEqual(verdict);
  expect(warm.address.canonical).toBe(address);
  recompute(warm.address.steps);
  recompute(warm.steps);
  expect(trace).toBeNull();
  return warm;
}

const GENERATORS = new URL('./fixtures/generate-rows/', import.meta.url);
const generators = await Promise.all(
  readdirSync(GENERATORS)
    .filter((name) => name.endsWith('.ts') && name !== 'row.ts')
    .map(async (file) => ((await import(new URL(file, GENERATORS).href)) as { generator: RowGenerator }).generator),
);
const secretOf = (text: string): Uint8Array => {
  const secret = Uint8Array.from(createHash('sha256').update(text).digest());
  secret[0] = 1;
  return secret;
};
const rows = generators.flatMap((generator) =>
  generator.families.flatMap((family) =>
    networks
      .filter(
        (network) =>
          network.family === family &&
          (family !== 'evm' || network.slug === 'ethereum' || Object.keys(network.params).length > 0),
      )
      .map((network) => [`${family} ${network.slug}`, network, generator] as const),
  ),
);

describe('what is printed of a proof', () => {
  it.each(rows)(
    '%s: another tool gets the same from the same bytes, and they hold the message',
    async (_, network, generator) => {
      const { grade, ...row } = await generator.generate(network, secretOf('explain'));
      const good = await explained(proofOf(row), network);
      expect(good.verdict.grade).toBe(grade);
      const proven = good.steps.flatMap((step) =>
        step.step === 'recover' ? [step.digest] : step.step === 'verify' && step.holds ? [step.signed] : [],
      );
      expect(proven.length).toBeGreaterThan(0);
      for (const digest of proven) {
        expect(leadsToMessage(good.steps, digest, good.printed.messageBytes as string)).toBe(true);
      }
      // What fits and what it is held against are both printed where an address follows from the key.
      if (grade === 'address-bound' && network.family !== 'beacon') {
        expect(good.steps.some((step) => step.step === 'compare' && step.equal)).toBe(true);
      }
      const failing = await explained(proofOf({ ...row, message: `${row.message} ` }), network);
      expect(failing.verdict.grade).toBe('invalid');
      const tries = failing.steps.filter((step) => step.step === 'try');
      expect(tries.some(({ counts }) => counts)).toBe(true);
      // The nearby text that would have fitted is the last thing tried, and is marked as not counting.
      if (/would fit/.test(failing.verdict.reason ?? '')) expect(tries.at(-1)?.counts).toBe(false);
      const other = await generator.generate(network, secretOf('another'));
      await explained(proofOf({ ...row, addressText: other.addressText }), network);
    },
  );

  it('leads by ethers from the printed preimage to the address', async () => {
    const network = networks.find(({ slug }) => slug === 'ethereum') as Network;
    const generator = generators.find(({ families }) => families.includes('evm')) as RowGenerator;
    const { grade: _, ...row } = await generator.generate(network, secretOf('ethers'));
    const { steps } = await explained(proofOf(row), network);
    const at = steps.findIndex(({ step }) => step === 'recover');
    const [hashed, recovered] = [steps[at - 1], steps[at]];
    if (hashed?.step !== 'hash' || recovered?.step !== 'recover') throw new Error('no preimage before the recovery');
    expect(Buffer.from(hashed.input, 'hex').toString('latin1')).toMatch(/^.Ethereum Signed Message:\n32/);
    const signature = { r: `0x${recovered.r}`, s: `0x${recovered.s}`, v: 27 + recovered.recoveryId };
    const key = SigningKey.recoverPublicKey(keccak256(`0x${hashed.input}`), signature);
    expect(computeAddress(key)).toBe(row.addressText);
  });

  it('leads by bitcoinjs-lib from the printed preimage to a P2PKH address', async () => {
    const network = networks.find(({ slug }) => slug === 'bitcoin') as Network;
    const generator = generators.find(({ families }) => families.includes('bitcoin')) as RowGenerator;
    const { grade: _, ...row } = await generator.generate(network, secretOf('bitcoinjs'));
    const { steps } = await explained(proofOf(row), network);
    const preimage = steps.find((step) => step.step === 'hash' && /426974636f696e205369676e6564/.test(step.input));
    const recovered = steps.find((step) => step.step === 'recover');
    if (preimage?.step !== 'hash' || recovered?.step !== 'recover') throw new Error('a step is missing');
    expect(hex(bitcoinCrypto.hash256(bytes(preimage.input)))).toBe(recovered.digest);
    const pubkey = secp256k1.Point.fromHex(nobleKey(recovered) as string).toBytes(true);
    expect(payments.p2pkh({ pubkey }).address).toBe(row.addressText);
  });

  it("prints of BIP-322 what bitcoinjs-lib's own transaction gives", async () => {
    const network = networks.find(({ slug }) => slug === 'bitcoin') as Network;
    const secret = secretOf('bip322');
    const pubkey = secp256k1.getPublicKey(secret);
    const { address: addressText, output } = payments.p2wpkh({ pubkey });
    const message = 'I am an example address, 2026-11-22';
    const { toSpend, toSign } = virtualTransactions(message, output as Uint8Array);
    const code = payments.p2pkh({ pubkey }).output as Uint8Array;
    const digest = toSign.hashForWitnessV0(0, code, 0n, Transaction.SIGHASH_ALL);
    const signature1 = serializeWitness([signSegwit(message, output as Uint8Array, code, secret), pubkey]);
    const row = proofOf({ addressText: addressText as string, message, signature1 });
    const { steps, verdict } = await explained(row, network);
    expect(verdict.grade).toBe('address-bound');
    const checked = steps.find((step) => step.step === 'verify');
    expect(checked).toMatchObject({ signed: hex(digest), key: hex(pubkey), holds: true });
    expect(steps).toContainEqual(expect.objectContaining({ step: 'hash', output: hex(toSpend.getHash()) }));
    expect(bitcoinAddress.fromOutputScript(output as Uint8Array)).toBe(addressText);
  });

  it('shows threshold and distinct signers of a multisig script', async () => {
    const network = networks.find(({ slug }) => slug === 'bitcoin') as Network;
    const secrets = ['a', 'b', 'c'].map(secretOf);
    const pubkeys = secrets.map((secret) => secp256k1.getPublicKey(secret));
    const redeem = payments.p2ms({ m: 2, pubkeys });
    const { address: addressText } = payments.p2sh({ redeem });
    const message = 'I am an OKX address';
    const preimage = Buffer.concat([
      bytes('18'),
      Buffer.from('Bitcoin Signed Message:\n'),
      Uint8Array.of(message.length),
      Buffer.from(message),
    ]);
    const sign = (secret: Uint8Array): string => {
      const sealed = secp256k1.sign(bitcoinCrypto.hash256(preimage), secret, { prehash: false, format: 'recovered' });
      return Buffer.from([31 + (sealed[0] as number), ...sealed.subarray(1)]).toString('base64');
    };
    const cells = { addressText: addressText as string, message, scriptOrPubkey: hex(redeem.output as Uint8Array) };
    const [first, second] = [sign(secrets[0] as Uint8Array), sign(secrets[2] as Uint8Array)];
    const good = await explained(proofOf({ ...cells, signature1: first, signature2: second }), network);
    expect(good.verdict.grade).toBe('address-bound');
    expect(good.steps).toContainEqual(expect.objectContaining({ step: 'hash', input: hex(preimage) }));
    const count = (found: string, equal: boolean) =>
      expect.objectContaining({
        step: 'compare',
        what: expect.stringContaining('threshold'),
        found,
        wanted: '2',
        equal,
      });
    expect(good.steps).toContainEqual(count('2', true));
    const twice = await explained(proofOf({ ...cells, signature1: first, signature2: first }), network);
    expect(twice.verdict.grade).toBe('partial');
    expect(twice.steps).toContainEqual(count('1', false));
    expect(payments.p2sh({ redeem: { output: bytes(cells.scriptOrPubkey) } }).address).toBe(addressText);
  });

  const VECTORS = '../shared/vectors/ownership.json';
  it.skipIf(!existsSync(VECTORS))(`recomputes every row of ${VECTORS}, skipped where it is not there`, async () => {
    type Vector = Readonly<Record<string, string | null>>;
    const file = JSON.parse(readFileSync(VECTORS, 'utf8')) as
      | { readonly vectors: readonly Vector[] }
      | readonly Vector[];
    const vectors = Array.isArray(file)
      ? (file as readonly Vector[])
      : (file as { vectors: readonly Vector[] }).vectors;
    const seen = new Map<string, Set<string>>();
    for (const vector of vectors) {
      const cell = (name: string): string | null => vector[name] || null;
      const proof = proofOf({
        label: cell('asset') ?? '',
        network: cell('network'),
        addressText: cell('address') ?? '',
        message: vector['message'] ?? null,
        signature1: cell('signature1'),
        signature2: cell('signature2'),
        scriptOrPubkey: cell('script_or_pubkey'),
        owner1: cell('owner1'),
        owner2: cell('owner2'),
        rowType: cell('row_type'),
      });
      const { network } = resolve(proof.label, proof.network);
      if (network === null) continue;
      const { steps } = await explained(proof, network);
      const functions = recompute(steps);
      const scheme = `${vector['scheme']}`;
      seen.set(scheme, new Set([...(seen.get(scheme) ?? []), ...functions]));
    }
    // Schemes whose rows end before any hash are those that are not verified.
    const silent = [...seen].filter(([, functions]) => functions.size === 0).map(([scheme]) => scheme);
    expect(silent.filter((scheme) => !['bip322-full', 'bip322-pof'].includes(scheme))).toEqual([]);
    expect(seen.size).toBeGreaterThan(15);
  });
});

describe('the trace', () => {
  it('is off outside, comes back off after a throw, and nests', () => {
    expect(trace).toBeNull();
    expect(() =>
      withTrace(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(trace).toBeNull();
    const [inner, outer] = withTrace(() => {
      trace?.part('outer');
      return withTrace(() => trace?.part('inner'))[1];
    });
    expect(inner).toEqual([{ step: 'part', what: 'inner' }]);
    expect(outer).toEqual([{ step: 'part', what: 'outer' }]);
  });
});
