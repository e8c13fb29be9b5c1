import { secp256k1 } from '@noble/curves/secp256k1.js';
import { base64, hex } from '@scure/base';
import { Transaction } from 'bitcoinjs-lib';
import { type Destination, scriptPubKey } from '../chains/bitcoin/address.ts';
import { hash160 } from '../chains/bitcoin/hash.ts';
import { signedMessageDigest } from '../chains/bitcoin/message.ts';
import { sha256Bytes } from '../src/lib/hash.ts';

/** The demo's and the tests' side of the family: keys, signed messages and signed transactions. The product never signs. */

/** A regtest key made from a label: the same label gives the same key. Never for anything of worth. */
export const keyFromLabel = (label: string): Uint8Array =>
  sha256Bytes(Buffer.from(`reservewatch regtest key: ${label}`));

/** The public key, 33 bytes or 65. */
export const publicKey = (privateKey: Uint8Array, compressed = true): Uint8Array =>
  secp256k1.getPublicKey(privateKey, compressed);

/** P2PKH of a public key in the form given. */
export const p2pkh = (key: Uint8Array): Destination => ({ kind: 'p2pkh', hash: hash160(key) });

/** P2WPKH of a 33-byte public key. */
export const p2wpkh = (key: Uint8Array): Destination => ({ kind: 'p2wpkh', hash: hash160(key) });

/** P2WPKH inside P2SH. */
export const p2shP2wpkh = (key: Uint8Array): Destination => p2sh(scriptPubKey(p2wpkh(key)));

/** P2SH of a redeem script. */
export const p2sh = (script: Uint8Array): Destination => ({ kind: 'p2sh', hash: hash160(script) });

/** P2WSH of a witness script. */
export const p2wsh = (script: Uint8Array): Destination => ({ kind: 'p2wsh', hash: sha256Bytes(script) });

/** P2WSH inside P2SH. */
export const p2shP2wsh = (script: Uint8Array): Destination => p2sh(scriptPubKey(p2wsh(script)));

/** A bare multisig script: OP_m keys OP_n OP_CHECKMULTISIG. */
export const multisigScript = (threshold: number, keys: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.of(0x50 + threshold, ...keys.flatMap((key) => [key.length, ...key]), 0x50 + keys.length, 0xae);

/** The first BIP-137 header byte of each address class. */
const HEADER_BASE = { 'p2pkh-uncompressed': 27, p2pkh: 31, 'p2sh-p2wpkh': 35, p2wpkh: 39 } as const;
export type HeaderKind = keyof typeof HEADER_BASE;

/** A BIP-137 signature in base64 under the coin's own message header (`"Litecoin Signed Message:\n"`). */
export function signMessage(
  privateKey: Uint8Array,
  message: string,
  messageHeader: string,
  headerKind: HeaderKind = 'p2pkh',
): string {
  const [recoveryId, ...rs] = recoverable(signedMessageDigest(messageHeader, message), privateKey);
  return base64.encode(Uint8Array.of(HEADER_BASE[headerKind] + (recoveryId ?? 0), ...rs));
}

/** Recovery id, r, s of an ECDSA signature over a digest. */
export const recoverable = (digest: Uint8Array, privateKey: Uint8Array): Uint8Array =>
  secp256k1.sign(digest, privateKey, { prehash: false, format: 'recovered' });

/** A coin to spend, with what its script asks for. */
export interface SpendableCoin {
  readonly txid: string;
  readonly vout: number;
  /** Satoshis. */
  readonly amount: bigint;
  readonly lock:
    | { readonly kind: 'p2pkh' | 'p2wpkh'; readonly privateKey: Uint8Array }
    | { readonly kind: 'p2wsh'; readonly script: Uint8Array; readonly privateKeys: readonly Uint8Array[] };
}

/** What a transaction pays. */
export interface Payment {
  readonly script: Uint8Array;
  /** Satoshis. */
  readonly amount: bigint;
}

/** A signed transaction in hex that spends the coins to the payments; what the payments leave is the fee. */
export function signTransaction(coins: readonly SpendableCoin[], payments: readonly Payment[]): string {
  const transaction = new Transaction();
  transaction.version = 2;
  for (const coin of coins) transaction.addInput(hex.decode(coin.txid).reverse(), coin.vout);
  for (const { script, amount } of payments) transaction.addOutput(script, amount);
  for (const [index, coin] of coins.entries()) signInput(transaction, index, coin);
  return transaction.toHex();
}

function signInput(transaction: Transaction, index: number, { lock, amount }: SpendableCoin): void {
  const sighash = Transaction.SIGHASH_ALL;
  if (lock.kind === 'p2wsh') {
    const digest = transaction.hashForWitnessV0(index, lock.script, amount, sighash);
    const signatures = lock.privateKeys.map((key) => derSignature(digest, key));
    transaction.setWitness(index, [new Uint8Array(), ...signatures, lock.script]);
    return;
  }
  const key = publicKey(lock.privateKey);
  const code = scriptPubKey(p2pkh(key));
  if (lock.kind === 'p2wpkh') {
    const digest = transaction.hashForWitnessV0(index, code, amount, sighash);
    transaction.setWitness(index, [derSignature(digest, lock.privateKey), key]);
    return;
  }
  const signature = derSignature(transaction.hashForSignature(index, code, sighash), lock.privateKey);
  transaction.setInputScript(index, Uint8Array.of(signature.length, ...signature, key.length, ...key));
}

/** DER with SIGHASH_ALL after it, as scripts want it. */
const derSignature = (digest: Uint8Array, privateKey: Uint8Array): Uint8Array =>
  Uint8Array.of(...secp256k1.sign(digest, privateKey, { prehash: false, format: 'der' }), Transaction.SIGHASH_ALL);
