import { createPrivateKey, createPublicKey, sign as signBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { schnorr } from '@noble/curves/secp256k1.js';
import { base58, base64, bech32, bech32m, createBase58check } from '@scure/base';
import type { Network } from '../src/domain/network.ts';
import type { LabelBook, Registry } from '../src/domain/registry.ts';
import { sha256Bytes } from '../src/lib/hash.ts';
import { ethereumAccount, hash160, sha256d } from '../src/lib/key-hashes.ts';
import { tronMessageDigest } from '../src/lib/tron-message.ts';
import { createLabelResolver } from '../src/verify-ownership.ts';
import { generator as validators } from '../test/fixtures/generate-rows/beacon.ts';
import { generator as ed25519Chains } from '../test/fixtures/generate-rows/ed25519.ts';
import { generator as eos } from '../test/fixtures/generate-rows/eos.ts';
import { generator as evm } from '../test/fixtures/generate-rows/evm.ts';
import { generator as okxEcdsa } from '../test/fixtures/generate-rows/okx-ecdsa.ts';
import type { RowGenerator } from '../test/fixtures/generate-rows/row.ts';
import { generator as starknet } from '../test/fixtures/generate-rows/starknet.ts';
import { generator as tron } from '../test/fixtures/generate-rows/tron.ts';
import { generator as utxo } from '../test/fixtures/generate-rows/utxo.ts';
import { serializeWitness, signTaproot } from '../test/fixtures/sign-bip322.ts';
import { accountOf, digest32, MESSAGE, sign } from './evm-rows.ts';

interface NativeSecp256k1 {
  publicKeyCreate(key: Uint8Array, compressed: boolean): Uint8Array;
  ecdsaSign(digest: Uint8Array, key: Uint8Array): { readonly signature: Uint8Array; readonly recid: number };
}

const native = createRequire(import.meta.url)('secp256k1') as NativeSecp256k1;
const base58check = createBase58check((bytes: Uint8Array) => sha256Bytes(bytes));

/** Kinds of rows in one list, each by its number: the same number gives the same key. None needs a second look to find its hash. */
const KINDS: Readonly<Record<string, (number: number) => string>> = {
  evm(number) {
    const account = accountOf(number);
    return line('ETH', 'ETH', account.address, sign(account, EVM_DIGEST));
  },
  listed: (number) => line('ETH', 'ETH', accountOf(number).address, ''),
  tron(number) {
    const { key } = accountOf(number);
    const address = base58check.encode(Uint8Array.of(0x41, ...ethereumAccount(native.publicKeyCreate(key, false))));
    return line('TRX', 'TRX', address, sign(accountOf(number), TRON_DIGEST));
  },
  bitcoin(number) {
    const { key } = accountOf(number);
    const { signature, recid } = native.ecdsaSign(BITCOIN_DIGEST, key);
    const hash = hash160(native.publicKeyCreate(key, true));
    const segwit = number % 2 === 1;
    const address = segwit
      ? bech32.encode('bc', [0, ...bech32.toWords(hash)])
      : base58check.encode(Uint8Array.of(0, ...hash));
    const header = (segwit ? 39 : 31) + recid;
    return line('BTC', 'BTC', address, base64.encode(Uint8Array.of(header, ...signature)));
  },
  ed25519(number) {
    const head = Buffer.from('302e020100300506032b657004220420', 'hex');
    const key = createPrivateKey({ key: Buffer.concat([head, accountOf(number).key]), format: 'der', type: 'pkcs8' });
    const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
    const signature = signBytes(null, Buffer.from(MESSAGE), key).toString('hex');
    return line('SOL', 'SOL', base58.encode(raw), `0x${signature}`);
  },
  schnorr(number) {
    const { key } = accountOf(number);
    const output = schnorr.getPublicKey(key);
    const witness = serializeWitness([signTaproot(MESSAGE, Uint8Array.of(0x51, 0x20, ...output), key)]);
    return line('BTC', 'BTC', bech32m.encode('bc', [1, ...bech32m.toWords(output)]), witness);
  },
};

const EVM_DIGEST = digest32(MESSAGE);
const TRON_DIGEST = tronMessageDigest(MESSAGE, 'v2');
const sized = (text: string): Buffer => Buffer.from([text.length, ...Buffer.from(text)]);
const BITCOIN_DIGEST = sha256d(Buffer.concat([sized('Bitcoin Signed Message:\n'), sized(MESSAGE)]));

const line = (coin: string, network: string, address: string, signature: string, key = ''): string =>
  `${coin},${network},19640875,${address},1.000000000000000001,${MESSAGE},${signature},,${key},,\n`;

/** That many rows of one kind, each of another key. */
export function* rowsOf(kind: string, count: number, first = 0): Generator<string> {
  const row = KINDS[kind];
  if (row === undefined) throw new Error(`no rows of kind ${kind}`);
  for (let number = 0; number < count; number += 1) yield row(first + number);
}

const GENERATORS: readonly RowGenerator[] = [validators, ed25519Chains, eos, evm, okxEcdsa, starknet, tron, utxo];
const generatorOf = (network: Network): RowGenerator | undefined =>
  GENERATORS.find(({ families }) => families.includes(network.family));

/** 32 bytes below every curve's order, another for each text. */
function secretOf(text: string): Uint8Array {
  const secret = sha256Bytes(Buffer.from(`reservewatch bench ${text}`));
  secret[0] = 1;
  return secret;
}

/** One row of that network, of another key for each number, as the tests' generators sign it; null where they know no such chain. */
async function generatedRow(
  network: Network,
  coin: string,
  text: string | null,
  number: number,
): Promise<string | null> {
  const generator = generatorOf(network);
  if (generator === undefined) return null;
  const row = await generator.generate(network, secretOf(`${network.slug} ${number}`));
  return line(coin, text ?? '', row.addressText, row.signature1, row.scriptOrPubkey ?? '');
}

/** A row for each coin label and network text of a publisher's book: every scheme that the tests' generators sign. */
export async function* rowsOfAllSchemes(registry: Registry, book: LabelBook): AsyncGenerator<string> {
  const resolve = createLabelResolver(registry, book);
  const cells = [
    ...[...book.coins.values()].map(({ label }): [string, string | null] => [label, null]),
    ...[...book.networks.keys()].map((name): [string, string | null] => ['USDT', name]),
  ];
  for (const [number, [coin, text]] of cells.entries()) {
    const { network } = resolve(coin, text);
    const row = network === null ? null : await generatedRow(network, coin, text, number);
    if (row !== null) yield row;
  }
}

/** Rows of a chain whose signatures are slow to check. */
export async function* slowRows(registry: Registry, slug: string, coin: string, count: number): AsyncGenerator<string> {
  const network = [...registry.networks.values()].find((one) => one.slug === slug);
  if (network === undefined) throw new Error(`no network ${slug}`);
  for (let number = 0; number < count; number += 1) yield (await generatedRow(network, coin, coin, number)) as string;
}
