import { quote } from '../../src/domain/ids.ts';
import type { Network } from '../../src/domain/network.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';

/** The family's constants of one network. */
export interface SolanaParams {
  /** A final block older than this when an endpoint is admitted means that it stands still. Default 120. */
  readonly maxLagSeconds: number;
  /** How long a slot takes, only to guess where a time is. Default 400. */
  readonly slotMs: number;
}

const DEFAULTS: SolanaParams = { maxLagSeconds: 120, slotMs: 400 };

/**
 * Reads a network's params and checks what the family relies on: finality by the chain's own tag, 9 decimals are not assumed,
 * and CAIP-2 ids that name the genesis hash (chainagnostic namespaces, solana/caip2: its first 32 characters).
 */
export function parseSolanaParams(network: Network): Result<SolanaParams> {
  const where = `network ${network.slug}`;
  const unknown = Object.keys(network.params).find((key) => !Object.hasOwn(DEFAULTS, key));
  if (unknown !== undefined) return err(`${where}: unknown param ${quote(unknown)}; known: maxLagSeconds, slotMs`);
  if (network.finality.kind !== 'finalized') {
    return err(`${where}: finality must be {kind: finalized}, Solana's own; it counts no confirmations`);
  }
  if (network.genesisHash !== null && network.chainId !== `solana:${network.genesisHash.slice(0, 32)}`) {
    return err(
      `${where}: chain id ${quote(network.chainId)} is not solana: and the first 32 characters of the genesis hash`,
    );
  }
  const params = { ...DEFAULTS, ...network.params };
  for (const key of ['maxLagSeconds', 'slotMs'] as const) {
    if (!Number.isSafeInteger(params[key]) || params[key] <= 0)
      return err(`${where}: ${key} must be a positive whole number`);
  }
  return ok(params);
}
