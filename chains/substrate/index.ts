import { z } from 'zod';
import type { Network } from '../../src/domain/network.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { Ed25519Chain, SignedFormat } from '../../src/lib/ed25519-chain.ts';
import { ed25519Family, OKX_FORMAT, RAW_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodeSs58, ss58Of } from './address.ts';
import { readSubstrateSignature, schemeMark } from './signature.ts';

/** SS58 registry: 0 Polkadot, 2 Kusama, 42 generic …; 14 bits. */
const paramsSchema = z.strictObject({ ss58Prefix: z.int().min(0).max(16_383) });

/** What browser wallets make of a message that a page asks them to sign. */
const WRAPPED_FORMAT: SignedFormat = {
  name: 'wrapped',
  what: 'the message between <Bytes> and </Bytes>',
  bytes: (message) => Buffer.from(`<Bytes>${message}</Bytes>`, 'utf8'),
};

function chainOf(network: Network): Result<Ed25519Chain> {
  const params = paramsSchema.safeParse(network.params);
  if (!params.success) return err(`network ${network.slug}: params.ss58Prefix: ${params.error.issues[0]?.message}`);
  const { ss58Prefix } = params.data;
  return ok({
    decode: (text) => decodeSs58(text, ss58Prefix),
    addressOf: (key) => ss58Of(key, ss58Prefix),
    formats: [RAW_FORMAT, WRAPPED_FORMAT, OKX_FORMAT],
    readSignature: readSubstrateSignature,
    otherScheme: schemeMark,
  });
}

/** Polkadot and its kin: an account that signs with Ed25519 is its key; sr25519 and ECDSA accounts are not verified yet. */
export const family: ChainFamily = ed25519Family('substrate', 'polkadot', chainOf);
