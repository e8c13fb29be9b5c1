import { quote } from '../../src/domain/ids.ts';
import type { Network } from '../../src/domain/network.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';

/** What a Cosmos SDK network's `params` say. */
export interface CosmosParams {
  /** `hrp: cosmos`: the prefix of its account addresses. */
  readonly hrp: string;
  /** `account: hash160` (the SDK's own, default) or `ethereum` (Ethermint's keys, which also sign Keccak-256 hashes). */
  readonly account: 'hash160' | 'ethereum';
}

/** Checks a network's params. */
export function parseCosmosParams({ slug, params }: Network): Result<CosmosParams> {
  const at = `network ${slug}: params`;
  const { hrp, account = 'hash160', ...others } = params;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) return err(`${at}: ${quote(unknown)} is not one of hrp, account`);
  if (typeof hrp !== 'string' || !/^[a-z]{1,20}$/.test(hrp)) return err(`${at}: hrp must be 1 to 20 small letters`);
  if (account !== 'hash160' && account !== 'ethereum') return err(`${at}: account must be hash160 or ethereum`);
  return ok({ hrp, account });
}
