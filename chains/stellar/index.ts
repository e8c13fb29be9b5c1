import type { SignedFormat } from '../../src/lib/ed25519-chain.ts';
import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import { sha256Bytes } from '../../src/lib/hash.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodeStrkey, strkeyOf } from './address.ts';

/** What Stellar wallets sign: SHA-256 of the header and the message (SEP-53). */
const SEP53_FORMAT: SignedFormat = {
  name: 'sep53',
  what: 'SEP-53',
  bytes: (message) => sha256Bytes(Buffer.from('Stellar Signed Message:\n'), Buffer.from(message, 'utf8')),
};

/** Stellar and Pi: an account is its key. Signers added to or taken from an account on chain are not known here. */
export const family: ChainFamily = ed25519Family('stellar', 'stellar', {
  decode: decodeStrkey,
  addressOf: strkeyOf,
  formats: [SEP53_FORMAT, OKX_FORMAT],
});
