import { createPrivateKey, sign } from 'node:crypto';
import { Keypair, PublicKey, SystemProgram, Transaction } from '@solana/web3.js';

/** A throwaway Solana account whose secret is a 32-byte seed: for the example exchange and tests only. */
export interface SolanaSigner {
  /** base58 of the public key. */
  readonly address: string;
  /** Lower-case hex of the 32-byte public key, as OKX's script column holds it. */
  readonly publicKeyHex: string;
  /** 64-byte signature over the bare UTF-8 bytes, as wallets and HTX sign. */
  signMessage(message: string): Uint8Array;
  /** 64-byte signature over OKX's envelope: both parts with their byte length before them; messages below 253 bytes. */
  signOkxMessage(message: string): Uint8Array;
  /** A signed transfer as base64 wire text for `sendTransaction` with encoding base64. */
  signTransfer(to: string, lamports: bigint, recentBlockhash: string): string;
}

/** RFC 8410: an Ed25519 private key in PKCS #8, up to the seed. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Makes the account of a 32-byte seed. */
export function solanaSigner(seed: Uint8Array): SolanaSigner {
  const keypair = Keypair.fromSeed(seed);
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
  return {
    address: keypair.publicKey.toBase58(),
    publicKeyHex: keypair.publicKey.toBuffer().toString('hex'),
    signMessage: (message) => sign(null, Buffer.from(message, 'utf8'), secret),
    signOkxMessage(message) {
      const parts = ['OKX Signed Message:\n', message].map((part) => Buffer.from(part, 'utf8'));
      if (parts.some((part) => part.length > 252))
        throw new RangeError('messages of 253 bytes and more are not made here');
      return sign(null, Buffer.concat(parts.flatMap((part) => [Buffer.from([part.length]), part])), secret);
    },
    signTransfer(to, lamports, recentBlockhash) {
      const transaction = new Transaction({ feePayer: keypair.publicKey, recentBlockhash }).add(
        SystemProgram.transfer({ fromPubkey: keypair.publicKey, toPubkey: new PublicKey(to), lamports }),
      );
      transaction.sign(keypair);
      return transaction.serialize().toString('base64');
    },
  };
}
