import { quote } from '../../src/domain/ids.ts';
import type { Network } from '../../src/domain/network.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';

/** What an EVM network's `params` may say; all are optional. */
export interface EvmParams {
  /** `addressForms: [hex, f410]`: which spellings an address may have besides `bech32`; hex always may. */
  readonly f410: boolean;
  /** `bech32: lat`: the prefix of a bech32 spelling of the 20 bytes. */
  readonly bech32: string | null;
  /** `okxEnvelope: true`: accounts here also sign OKX's own envelope (OKT Chain, Harmony). */
  readonly okxEnvelope: boolean;
  /** `maxLagSeconds: 900`: how old the newest block may be; null (`development: true`): any age, the chain mines on demand. */
  readonly maxLagMs: number | null;
}

const DEFAULT_MAX_LAG_SECONDS = 900;
const KNOWN = ['addressForms', 'bech32', 'okxEnvelope', 'maxLagSeconds', 'development'];
const parsed = new WeakMap<Network, Result<EvmParams>>();

/** Checks a network's params; remembered for each network object, because every row asks. */
export function evmParams(network: Network): Result<EvmParams> {
  let result = parsed.get(network);
  if (result === undefined) {
    result = parseParams(network);
    parsed.set(network, result);
  }
  return result;
}

function parseParams({ slug, params, chainId }: Network): Result<EvmParams> {
  const at = `network ${slug}: params`;
  if (!/^eip155:[1-9]\d{0,31}$/.test(chainId))
    return err(`network ${slug}: caip2 ${quote(chainId)} must be eip155:<number>`);
  const unknown = Object.keys(params).find((key) => !KNOWN.includes(key));
  if (unknown !== undefined) return err(`${at}: ${quote(unknown)} is not one of ${KNOWN.join(', ')}`);
  const {
    addressForms = ['hex'],
    bech32 = null,
    okxEnvelope = false,
    maxLagSeconds = DEFAULT_MAX_LAG_SECONDS,
    development = false,
  } = params;
  if (!Array.isArray(addressForms) || !addressForms.every((form) => form === 'hex' || form === 'f410')) {
    return err(`${at}: addressForms must be a list of hex and f410`);
  }
  if (bech32 !== null && !(typeof bech32 === 'string' && /^[a-z]{1,20}$/.test(bech32))) {
    return err(`${at}: bech32 must be a prefix of 1 to 20 small letters`);
  }
  if (typeof maxLagSeconds !== 'number' || !Number.isSafeInteger(maxLagSeconds) || maxLagSeconds < 1) {
    return err(`${at}: maxLagSeconds must be a whole number of seconds, at least 1`);
  }
  if (typeof okxEnvelope !== 'boolean') return err(`${at}: okxEnvelope must be true or false`);
  if (typeof development !== 'boolean') return err(`${at}: development must be true or false`);
  return ok({
    f410: addressForms.includes('f410'),
    bech32: bech32 as string | null,
    okxEnvelope,
    maxLagMs: development ? null : maxLagSeconds * 1000,
  });
}
