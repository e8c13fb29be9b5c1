import { ok, type Result } from '../../src/domain/result.ts';
import type { Account } from '../../src/lib/account-rows.ts';
import { decodeBech32, encodeBech32 } from '../../src/lib/bech32-address.ts';
import { ethereumAccount, hash160 } from '../../src/lib/key-hashes.ts';
import { compressPublicKey } from '../../src/lib/secp256k1.ts';
import type { CosmosParams } from './params.ts';

/** 20 bytes are the hash of a key; 32 belong to modules and contracts (Cosmos SDK, ADR-28). */
const LENGTHS = [20, 32];

/** Reads an account address of this network: bech32 with its prefix, canonical in lower case. */
export function parseCosmosAccount(text: string, hrp: string): Result<Account> {
  const bytes = decodeBech32(text, hrp, LENGTHS);
  if (!bytes.ok) return bytes;
  const derived = bytes.value.length === 20;
  const otherKeys = derived ? null : 'an address of 32 bytes is a contract or a module, which has no key';
  return ok({ canonical: text.toLowerCase(), derived, otherKeys });
}

/** The address of a 65-byte key. */
export const cosmosAddressOf = (key: Uint8Array, { hrp, account }: CosmosParams): string =>
  encodeBech32(hrp, account === 'hash160' ? hash160(compressPublicKey(key)) : ethereumAccount(key));
