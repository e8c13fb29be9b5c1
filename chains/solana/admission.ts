import type { Address } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { ReadFailure, ReadFailureCode } from '../../src/domain/snapshot.ts';
import { field, integer } from '../../src/lib/json.ts';
import type { Admission, ProviderOptions } from '../../src/seams.ts';
import type { LamportsReader } from './balances.ts';
import type { SolanaBlocks } from './blocks.ts';
import type { SolanaParams } from './params.ts';
import { type SolanaRpc, withoutRpcCode } from './rpc.ts';

/** The system program: an account that every Solana chain has from its genesis on. */
const SYSTEM_PROGRAM = '11111111111111111111111111111111' as Address;
/** Years ahead of any head, and still a safe JSON number. */
const FAR_FUTURE_SLOTS = 10n ** 9n;
const NOT_REACHED = -32016n;

/** The parts of one endpoint that the probes use. */
export interface Endpoint {
  readonly options: ProviderOptions;
  readonly params: SolanaParams;
  readonly rpc: SolanaRpc;
  readonly blocks: SolanaBlocks;
  readonly reader: LamportsReader;
}

/**
 * Probes an endpoint, the cheapest proof first: genesis hash, health, version, a fresh final block, that an account which must
 * exist is seen, and that a slot far in the future is refused (a node that answers it would ignore every minimum slot).
 */
export async function admitEndpoint(endpoint: Endpoint, signal: AbortSignal): Promise<Result<Admission, ReadFailure>> {
  const { rpc, blocks, options, params } = endpoint;
  const fail = (code: ReadFailureCode, message: string) => err(withoutRpcCode(rpc.fail(code, message)));

  const genesis = await rpc.call('getGenesisHash', [], signal);
  if (!genesis.ok) return err(withoutRpcCode(genesis.error));
  if (typeof genesis.value !== 'string') return fail('bad_response', 'getGenesisHash: not a text');
  const { genesisHash, chainId } = options.network;
  if (chainId !== `solana:${genesis.value.slice(0, 32)}` || (genesisHash !== null && genesis.value !== genesisHash)) {
    return fail('wrong_chain', `genesis hash ${genesis.value.slice(0, 64)}, not that of ${chainId}`);
  }
  const health = await rpc.call('getHealth', [], signal);
  if (!health.ok) return err(withoutRpcCode(health.error));
  if (health.value !== 'ok') return fail('lagging', 'getHealth: not ok');
  const version = await rpc.call('getVersion', [], signal);
  if (!version.ok) return err(withoutRpcCode(version.error));
  const client = field(version.value, 'solana-core');
  if (typeof client !== 'string') return fail('bad_response', 'getVersion: no solana-core');

  const head = await rpc.call('getSlot', [{ commitment: 'confirmed' }], signal);
  if (!head.ok) return err(withoutRpcCode(head.error));
  const headHeight = integer(head.value);
  if (headHeight === undefined || headHeight < 0n) return fail('bad_response', 'getSlot: not a slot number');
  const tip = await blocks.finalTip(signal);
  if (!tip.ok) return err(withoutRpcCode(tip.error));
  const lagSeconds = Math.abs(options.clock.now() - tip.value.timeMs) / 1000;
  if (lagSeconds > params.maxLagSeconds) {
    const apart = `${Math.round(lagSeconds)} s from our clock`;
    return fail('lagging', `the final block is ${apart}, more than ${params.maxLagSeconds} s allowed`);
  }
  const canaries = await probeReads(endpoint, tip.value.height, signal);
  if (!canaries.ok) return canaries;
  return ok({
    client: `solana-core ${client.slice(0, 40)}`,
    chainProof: `genesis ${genesis.value}`,
    headHeight,
    // Only final blocks have a time that stays: the head is at least as new.
    headTimeMs: tip.value.timeMs,
    finalHeight: tip.value.height,
    reader: 'multiple-accounts',
  });
}

async function probeReads(
  { rpc, reader }: Endpoint,
  finalSlot: bigint,
  signal: AbortSignal,
): Promise<Result<null, ReadFailure>> {
  const known = await reader.readChunk([SYSTEM_PROGRAM], finalSlot, signal);
  if (!known.ok) return err(withoutRpcCode(known.error));
  if ((known.value.lamports[0] ?? 0n) === 0n) {
    return err(
      withoutRpcCode(rpc.fail('bad_response', 'the node does not know the system program: its state is not whole')),
    );
  }
  const future = await reader.readChunk([SYSTEM_PROGRAM], finalSlot + FAR_FUTURE_SLOTS, signal);
  if (future.ok || future.error.code === 'pin_ignored') {
    return err(
      withoutRpcCode(rpc.fail('pin_ignored', 'answered for a slot far in the future: it ignores minContextSlot')),
    );
  }
  // Any other error (a limit, an unknown parameter) does not show that the minimum is heeded.
  return future.error.rpcCode === NOT_REACHED ? ok(null) : err(withoutRpcCode(future.error));
}
