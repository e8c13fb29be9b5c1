import { createRequire } from 'node:module';
import { sha256Bytes } from '../src/lib/hash.ts';
import { keccak256, keccak256Hex } from '../src/lib/keccak.ts';

interface NativeSecp256k1 {
  publicKeyCreate(key: Uint8Array, compressed: boolean): Uint8Array;
  ecdsaSign(digest: Uint8Array, key: Uint8Array): { readonly signature: Uint8Array; readonly recid: number };
}

const native = createRequire(import.meta.url)('secp256k1') as NativeSecp256k1;

/** A throwaway EVM account: the same number gives the same key. */
export interface Account {
  readonly key: Uint8Array;
  /** Lower-case hex. */
  readonly address: string;
}

/** The account of that number. */
export function accountOf(number: number): Account {
  const key = sha256Bytes(Buffer.from(`reservewatch throwaway key ${number}`));
  const address = `0x${keccak256Hex(native.publicKeyCreate(key, false).subarray(1)).slice(24)}`;
  return { key, address };
}

/** What OKX's EVM rows sign: personal_sign of the 32 bytes keccak256(message). */
export const digest32 = (message: string): Uint8Array =>
  keccak256(Buffer.concat([Buffer.from('\x19Ethereum Signed Message:\n32', 'latin1'), keccak256(message)]));

/** What wallets sign: EIP-191 text. */
export const textDigest = (message: string): Uint8Array =>
  keccak256(`\x19Ethereum Signed Message:\n${Buffer.byteLength(message)}${message}`);

/** A 65-byte signature r, s, v (27 or 28) as hex with prefix. */
export function sign({ key }: Account, digest: Uint8Array): string {
  const { signature, recid } = native.ecdsaSign(digest, key);
  return `0x${Buffer.from(signature).toString('hex')}${(27 + recid).toString(16)}`;
}

/** The header of OKX's 11-column form. */
export const HEADER_11 =
  'coin,Network,Snapshot Height,address,amount,message,signature1,signature2,redeem script/ public key, eoa1, eoa2';

/** Message of the generated rows. */
export const MESSAGE = 'I am an OKX address';

/** Lines of an OKX list (no totals) with that many unique accounts, each signed under the digest32 variant. */
export function* okxLines(accounts: number): Generator<string> {
  const digest = digest32(MESSAGE);
  yield `${HEADER_11}\n`;
  for (let number = 0; number < accounts; number += 1) {
    const account = accountOf(number);
    yield `ETH,ETH,19640875,${account.address},${number}.000000000000000001,${MESSAGE},${sign(account, digest)},,,,\n`;
  }
}
