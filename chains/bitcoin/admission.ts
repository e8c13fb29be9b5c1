import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import { sha256Hex } from '../../src/lib/hash.ts';
import { field, type Json, smallInteger } from '../../src/lib/json.ts';
import type { Admission, ProviderOptions } from '../../src/seams.ts';
import { isHash, readHeader } from './block.ts';
import type { BitcoinParams } from './params.ts';
import type { RpcCall, RpcClient, RpcFailure } from './rpc.ts';

/** Highest height that Core's RPC takes: no chain is that long. */
const FAR_FUTURE = 2_147_483_647;
/** A node that knows this many more headers than blocks is still catching up. */
const MAX_HEADERS_AHEAD = 3;

/**
 * Probes a node before it counts: genesis and checkpoints, not syncing, an unknown hash and a far-future height must be
 * errors, UTXO walks must be offered, the newest block must be young. Two HTTP requests.
 */
export async function admitNode(
  { network, clock }: ProviderOptions,
  params: BitcoinParams,
  confirmations: number,
  rpc: RpcClient,
  signal: AbortSignal,
): Promise<Result<Admission, RpcFailure>> {
  const canary = sha256Hex(`reservewatch canary ${clock.now()} ${clock.monotonic()}`);
  const calls: RpcCall[] = [
    { method: 'getblockchaininfo', params: [] },
    { method: 'getnetworkinfo', params: [] },
    { method: 'getblockheader', params: [canary] },
    { method: 'getblockhash', params: [FAR_FUTURE] },
    { method: 'scantxoutset', params: ['status'] },
    { method: 'getblockhash', params: [0] },
    ...params.checkpoints.map(({ height }) => ({ method: 'getblockhash', params: [height] })),
  ];
  const answers = await rpc.batch(calls, signal);
  if (!answers.ok) return answers;
  const [info, client, unknown, future, walk, genesis, ...checkpoints] = answers.value;
  if (!info?.ok) return info as Result<never, RpcFailure>;

  const hashes = [genesis, ...checkpoints].map((answer) => (answer?.ok && isHash(answer.value) ? answer.value : null));
  const expected = [network.genesisHash, ...params.checkpoints.map(({ hash }) => hash)];
  const wrong = hashes.findIndex(
    (hash, index) => hash === null || (expected[index] !== null && hash !== expected[index]),
  );
  if (wrong >= 0) {
    const height = wrong === 0 ? 0 : params.checkpoints[wrong - 1]?.height;
    return err(
      rpc.failure('wrong_chain', `block ${height} is ${hashes[wrong]}, ${network.slug} has ${expected[wrong]}`),
    );
  }
  if (network.genesisHash === null && field(info.value, 'chain') === 'main') {
    return err(rpc.failure('wrong_chain', `the node is on a main chain, ${network.slug} is a private one`));
  }
  const lying = unknown?.ok
    ? 'knows a block that does not exist'
    : future?.ok
      ? 'knows a block of the far future'
      : null;
  if (lying !== null) return err({ ...rpc.failure('bad_response', `the node ${lying}`), retryable: false });
  if (!walk?.ok) {
    const said = walk === undefined ? '' : `: ${walk.error.message}`;
    return err(
      rpc.failure('unsupported', `no UTXO walk${said}. Use a node of your own, or a provider that offers scantxoutset`),
    );
  }
  const syncing = syncState(info.value);
  if (syncing !== null) return err(rpc.failure('lagging', syncing));

  const best = field(info.value, 'bestblockhash');
  if (!isHash(best)) return err(rpc.failure('bad_response', 'getblockchaininfo has no bestblockhash'));
  const answer = await rpc.call({ method: 'getblockheader', params: [best] }, signal);
  if (!answer.ok) return answer;
  const header = readHeader(answer.value);
  if (!header.ok) return err(rpc.failure('bad_response', header.error));
  const { height, timeMs } = header.value;
  const ageMs = clock.now() - timeMs;
  if (ageMs > params.maxTipAgeMs) {
    return err(rpc.failure('lagging', `the newest block ${height} is ${Math.floor(ageMs / 60_000)} minutes old`));
  }
  const finalHeight = height - confirmations + 1;
  return ok({
    client: clientName(client),
    chainProof: `genesis ${hashes[0]}${checkpoints.length === 0 ? '' : ` and ${checkpoints.length} checkpoints`}`,
    headHeight: BigInt(height),
    headTimeMs: timeMs,
    finalHeight: finalHeight < 0 ? null : BigInt(finalHeight),
    reader: 'utxo-walk',
  });
}

function syncState(info: Json): string | null {
  if (field(info, 'initialblockdownload') === true) return 'the node is still in its initial block download';
  const blocks = smallInteger(field(info, 'blocks'));
  const headers = smallInteger(field(info, 'headers'));
  if (blocks === undefined || headers === undefined) return 'the node does not say how far it is';
  return headers - blocks > MAX_HEADERS_AHEAD ? `the node has ${blocks} of ${headers} blocks` : null;
}

function clientName(answer: Result<Json, RpcFailure> | undefined): string {
  const name = answer?.ok ? field(answer.value, 'subversion') : undefined;
  return typeof name === 'string' ? quote(name).slice(1, -1) : 'unknown';
}
