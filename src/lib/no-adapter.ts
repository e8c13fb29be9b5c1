import { err, type Result } from '../domain/result.ts';
import type { ProviderOptions } from '../seams.ts';

/** The `connect` of a family that only reads addresses and grades ownership proofs: always the error that says so. */
export const noAdapter = ({ network }: Pick<ProviderOptions, 'network'>): Result<never> =>
  err(
    `${network.name} (${network.slug}) cannot be polled: chains/${network.family} grades ownership proofs only, it reads no balances yet; remove its providers`,
  );
