import { z } from 'zod';
import type { Network } from '../../src/domain/network.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { Ed25519Chain, KeyedAddress } from '../../src/lib/ed25519-chain.ts';
import { ed25519Family, OKX_FORMAT } from '../../src/lib/ed25519-family.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { decodeTvmAddress, friendlyForm, rawForm } from './address.ts';
import { usualHash, walletNames, walletOf } from './wallets.ts';

/** `spelling`: the form that explorers of the network print. `wallets`: the contracts whose addresses follow from a key. */
const paramsSchema = z.strictObject({ spelling: z.enum(['friendly', 'raw']), wallets: z.enum(['ton', 'ever']) });

function chainOf(network: Network): Result<Ed25519Chain> {
  const params = paramsSchema.safeParse(network.params);
  if (!params.success) return err(`network ${network.slug}: params: ${params.error.issues[0]?.message}`);
  const { spelling, wallets } = params.data;
  const spell = spelling === 'friendly' ? friendlyForm : rawForm;
  const decode = (text: string): Result<KeyedAddress> => {
    const address = decodeTvmAddress(text);
    if (!address.ok) return address;
    const { hash } = address.value;
    const isOf = (key: Uint8Array): boolean => walletOf(wallets, key, hash) !== null;
    const otherwise = `wallets tried: ${walletNames(wallets)}; the key of another contract stands on chain only`;
    return ok({ kind: 'hash', canonical: spell(address.value), isOf, otherwise });
  };
  const addressOf = (key: Uint8Array): string => spell({ workchain: 0, hash: usualHash(wallets, key) });
  return ok({ decode, addressOf, formats: [OKX_FORMAT] });
}

/** TON and Venom: an account's address is the hash of its first code and data, so that a wallet's follows from its key. */
export const family: ChainFamily = ed25519Family('tvm', 'tvm', chainOf);
