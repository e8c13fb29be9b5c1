import { randomBytes } from 'node:crypto';
import type { Address } from '../../src/domain/ids.ts';
import { quote } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { BalanceQuery, ReadFailure } from '../../src/domain/snapshot.ts';
import type { Admission, ProviderOptions } from '../../src/seams.ts';
import type { ReaderKind } from './balances.ts';
import { fetchBlock, finalTip } from './blocks.ts';
import type { EvmParams } from './params.ts';
import { type PinnedBlock, pinTo } from './pin.ts';
import { parseQuantity, toQuantity } from './quantity.ts';
import { readWithOverride } from './reader.ts';
import type { RpcCall, RpcClient } from './rpc.ts';

/** Whose balance the probes ask for: every chain has it, zero or not. */
const PROBED = `0x${'0'.repeat(40)}` as Address;
const FAR_FUTURE = 1_000_000_000n;

type Probe<T> = Promise<Result<T, ReadFailure>>;

/** What admission found, with the way to read that it chose. */
export interface EvmAdmission extends Admission {
  readonly reader: ReaderKind;
}

/**
 * Asks an endpoint for proof before its word counts: its chain (eth_chainId, hash of block 0), that it is not syncing, that its
 * newest block is fresh, that a pin is obeyed (an unknown hash and a far-future height are errors, the true hash is not), and
 * which way of reading balances works.
 */
export async function admit(
  rpc: RpcClient,
  options: ProviderOptions,
  params: EvmParams,
  signal: AbortSignal,
): Probe<EvmAdmission> {
  const { network } = options;
  const chainProof = await proveChain(rpc, options, signal);
  if (!chainProof.ok) return chainProof;
  const head = await freshHead(rpc, options, params, signal);
  if (!head.ok) return head;
  const final = await finalTip(rpc, network, signal);
  if (!final.ok) return final;
  const pins = await provePin(rpc, head.value.height, final.value, signal);
  if (!pins.ok) return pins;
  const reader = await chooseReader(rpc, options, final.value, pins.value, signal);
  if (!reader.ok) return reader;
  const version = await rpc.call('web3_clientVersion', [], signal);
  return ok({
    client: version.ok && typeof version.value === 'string' ? shortened(version.value) : 'unknown',
    chainProof: chainProof.value,
    headHeight: head.value.height,
    headTimeMs: head.value.timeMs,
    finalHeight: final.value.finality === 'final' ? final.value.height : null,
    reader: reader.value,
  });
}

async function proveChain(rpc: RpcClient, { network }: ProviderOptions, signal: AbortSignal): Probe<string> {
  const answer = await rpc.call('eth_chainId', [], signal);
  if (!answer.ok) return answer;
  const found = parseQuantity(answer.value);
  if (found === null) return err(rpc.fail('bad_response', 'eth_chainId did not answer with a quantity'));
  if (`eip155:${found}` !== network.chainId) {
    return err(rpc.fail('wrong_chain', `the endpoint serves eip155:${found}, ${network.chainId} is configured`));
  }
  if (network.genesisHash === null) return ok(`eth_chainId ${found}`);
  const genesis = await fetchBlock(rpc, network, 0n, 'final', signal);
  if (!genesis.ok) return genesis;
  if (genesis.value?.hash !== network.genesisHash) {
    const hash = genesis.value?.hash ?? 'unknown';
    return err(rpc.fail('wrong_chain', `block 0 of the endpoint is ${hash}, ${network.genesisHash} is configured`));
  }
  return ok(`eth_chainId ${found}, block 0 ${genesis.value.hash}`);
}

async function freshHead(
  rpc: RpcClient,
  { network, clock }: ProviderOptions,
  { maxLagMs }: EvmParams,
  signal: AbortSignal,
): Probe<PinnedBlock> {
  const syncing = await rpc.call('eth_syncing', [], signal);
  if (!syncing.ok && syncing.error.code !== 'unsupported') return syncing;
  if (syncing.ok && syncing.value !== false) return err(rpc.fail('lagging', 'the node is still syncing'));
  const head = await fetchBlock(rpc, network, 'latest', 'not_final', signal);
  if (!head.ok) return head;
  if (head.value === null) return err(rpc.fail('bad_response', 'the node has no newest block'));
  const ageMs = clock.now() - head.value.timeMs;
  if (maxLagMs !== null && Math.abs(ageMs) > maxLagMs) {
    const seconds = Math.round(Math.abs(ageMs) / 1000);
    return err(
      ageMs > 0
        ? rpc.fail(
            'lagging',
            `the newest block ${head.value.height} is ${seconds} s old, ${maxLagMs / 1000} s are allowed`,
          )
        : rpc.fail(
            'lagging',
            `the newest block ${head.value.height} is ${seconds} s in the future: check this machine's clock`,
          ),
    );
  }
  return ok(head.value);
}

/** Shows that a balance is answered at the block asked for or not at all; returns the probed balance at the final block. */
async function provePin(rpc: RpcClient, head: bigint, final: PinnedBlock, signal: AbortSignal): Probe<bigint> {
  const nowhere = pinTo(`0x${randomBytes(32).toString('hex')}`);
  const canaries: readonly (RpcCall & { readonly what: string })[] = [
    { method: 'eth_getBalance', params: [PROBED, nowhere], what: 'a balance at a random block hash' },
    { method: 'eth_call', params: [{ to: PROBED, data: '0x' }, nowhere], what: 'a call at a random block hash' },
    {
      method: 'eth_getBalance',
      params: [PROBED, toQuantity(head + FAR_FUTURE)],
      what: 'a balance at a height far in the future',
    },
  ];
  for (const { method, params, what } of canaries) {
    const answer = await rpc.ask({ method, params }, signal);
    if (!answer.ok) return answer;
    if (answer.value.kind === 'result') {
      const value = answer.value.value;
      const shown = typeof value === 'string' ? quote(value) : 'a result';
      return err(rpc.fail('pin_ignored', `asked for ${what}, the endpoint answered ${shown} instead of an error`));
    }
    const failure = rpc.failureOf(answer.value.error);
    if (failure.code === 'rate_limited') return err(failure);
  }
  const pinned = await rpc.call('eth_getBalance', [PROBED, pinTo(final.hash)], signal);
  if (!pinned.ok) return pinned;
  const balance = parseQuantity(pinned.value);
  return balance === null
    ? err(rpc.fail('bad_response', 'eth_getBalance did not answer with a quantity'))
    : ok(balance);
}

/** The override reader where it gives the very balance that a plain call gave; plain batches where the node refuses it. */
async function chooseReader(
  rpc: RpcClient,
  { network }: ProviderOptions,
  at: PinnedBlock,
  balance: bigint,
  signal: AbortSignal,
): Probe<ReaderKind> {
  const query: BalanceQuery = { address: PROBED, asset: network.native };
  const read = await readWithOverride(rpc, [query], at, signal);
  if (!read.ok) {
    const refused = ['bad_response', 'unsupported', 'too_large'].includes(read.error.code);
    return refused ? ok('batch') : read;
  }
  const cell = read.value[0];
  return ok(cell?.ok && cell.value.amount === balance ? 'state-override' : 'batch');
}

/** Cut with an ellipsis, by which a secret that was cut with it is found. */
const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
