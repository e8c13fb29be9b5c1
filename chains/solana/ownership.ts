import type { OwnershipVerdict } from '../../src/domain/ownership.ts';
import type { Ed25519Chain } from '../../src/lib/ed25519-chain.ts';
import { OKX_FORMAT, RAW_FORMAT } from '../../src/lib/ed25519-family.ts';
import { gradeEd25519Row } from '../../src/lib/ed25519-rows.ts';
import type { OwnershipVerifier } from '../../src/seams.ts';
import { decodeSolanaAddress, solanaAddressOf } from './address.ts';

/** A Solana address is its key. Wallets and HTX sign the bare text, which makes OKX's envelope worth a flag. */
const chain: Ed25519Chain = {
  decode(text) {
    const key = decodeSolanaAddress(text);
    return key.ok ? { ok: true, value: { kind: 'key', canonical: text, key: key.value } } : key;
  },
  addressOf: solanaAddressOf,
  formats: [RAW_FORMAT, { ...OKX_FORMAT, flag: 'okx-envelope' }],
};

/**
 * Grades Solana rows: a signature by the address's own key is `address-bound`; with an owner column the owner's key must have
 * signed (`owner-bound`), and owner2 too where signature2 is given. Program-derived addresses have no key: only an owner signs.
 */
export const solanaOwnership: OwnershipVerifier = {
  verify: (proof): OwnershipVerdict => gradeEd25519Row(chain, proof),
};
