import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodeSuiAddress, suiAddressOf } from './address.ts';
import { PERSONAL_FORMAT, readSuiSignature } from './personal-message.ts';

/** Sui: an account is a hash of its key; wallets sign personal messages and put the key beside the signature. */
export const family: ChainFamily = ed25519Family('sui', 'sui', {
  decode: decodeSuiAddress,
  addressOf: suiAddressOf,
  formats: [PERSONAL_FORMAT, OKX_FORMAT],
  readSignature: readSuiSignature,
});
