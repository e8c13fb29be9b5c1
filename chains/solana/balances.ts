import { type BaseUnits, baseUnits } from '../../src/domain/amount.ts';
import type { Address } from '../../src/domain/ids.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { ReadFailure, ReadFailureCode } from '../../src/domain/snapshot.ts';
import { field, integer, isArray, isObject, type Json } from '../../src/lib/json.ts';
import { decodeSolanaAddress } from './address.ts';
import { slotNumber } from './blocks.ts';
import { type RpcFailure, type SolanaRpc, withoutRpcCode } from './rpc.ts';

/** Solana JSON-RPC: getMultipleAccounts takes at most so many. */
export const MAX_ACCOUNTS = 100;

/** Lamports are an unsigned 64-bit number. */
const MOST_LAMPORTS = 2n ** 64n - 1n;

/** The endpoint itself is in trouble: further chunks would only add to it, or wait for each deadline. */
const ENDS_THE_READ: ReadonlySet<ReadFailureCode> = new Set([
  'timeout',
  'unreachable',
  'rate_limited',
  'http_error',
  'lagging',
  'unsupported',
  'aborted',
]);

/** Lamports by address, each with the failure where there are none, and the slots of the states that they are of. */
export interface LamportsRead {
  readonly lamports: ReadonlyMap<Address, Result<BaseUnits, ReadFailure>>;
  readonly slots: readonly bigint[];
}

/** Reads lamports in chunks of at most 100 accounts; a chunk that is too large for the endpoint is halved, and so it stays. */
export interface LamportsReader {
  read(addresses: readonly Address[], minSlot: bigint, signal: AbortSignal): Promise<LamportsRead>;
  /** One chunk, as asked: for probes. */
  readChunk(chunk: readonly Address[], minSlot: bigint, signal: AbortSignal): Promise<Result<Chunk, RpcFailure>>;
}

interface Chunk {
  readonly slot: bigint;
  readonly lamports: readonly BaseUnits[];
}

/** Makes the reader of one endpoint. */
export function createLamportsReader(rpc: SolanaRpc): LamportsReader {
  let chunkSize = MAX_ACCOUNTS;

  async function readChunk(
    chunk: readonly Address[],
    minSlot: bigint,
    signal: AbortSignal,
  ): Promise<Result<Chunk, RpcFailure>> {
    const config = {
      commitment: 'finalized',
      encoding: 'base64',
      dataSlice: { offset: 0, length: 0 },
      minContextSlot: slotNumber(minSlot),
    };
    const answer = await rpc.call('getMultipleAccounts', [chunk, config], signal);
    if (!answer.ok) return answer;
    const parsed = parseChunk(answer.value, chunk.length);
    if (!parsed.ok) return err(rpc.fail('bad_response', `getMultipleAccounts: ${parsed.error}`));
    if (parsed.value.slot < minSlot) {
      return err(
        rpc.fail('pin_ignored', `answered at slot ${parsed.value.slot}, before the slot asked for (${minSlot})`),
      );
    }
    return parsed;
  }

  async function read(addresses: readonly Address[], minSlot: bigint, signal: AbortSignal): Promise<LamportsRead> {
    const lamports = new Map<Address, Result<BaseUnits, ReadFailure>>();
    const slots: bigint[] = [];
    const waiting = [...new Set(addresses)];
    let end: ReadFailure | null = null;
    while (waiting.length > 0) {
      const chunk = waiting.splice(0, end === null ? chunkSize : waiting.length);
      const answer: Result<Chunk, RpcFailure> | null = end === null ? await readChunk(chunk, minSlot, signal) : null;
      if (answer?.ok) {
        slots.push(answer.value.slot);
        chunk.forEach((address, i) => void lamports.set(address, ok(answer.value.lamports[i] as BaseUnits)));
      } else if (answer !== null && isTooLarge(answer.error) && chunk.length > 1) {
        chunkSize = Math.ceil(chunk.length / 2);
        waiting.unshift(...chunk);
      } else {
        const failure: ReadFailure = end ?? withoutRpcCode((answer as { error: RpcFailure }).error);
        for (const address of chunk) lamports.set(address, err(failure));
        if (ENDS_THE_READ.has(failure.code)) end = failure;
      }
    }
    return { lamports, slots };
  }

  return { read, readChunk };
}

/** A body over the cap, HTTP 413, or «Too many inputs provided» (-32602): providers cap accounts at their own numbers. */
const isTooLarge = (failure: RpcFailure): boolean => failure.code === 'too_large' || failure.rpcCode === -32602n;

/** A null account is a true zero, but only in an answer that is whole: a slot, and exactly one value an address. */
function parseChunk(result: Json, asked: number): Result<Chunk> {
  const slot = integer(field(field(result, 'context'), 'slot'));
  if (slot === undefined || slot < 0n) return err('no context slot');
  const value = field(result, 'value');
  if (!isArray(value)) return err('value is not an array');
  if (value.length !== asked) return err(`${value.length} values for ${asked} addresses`);
  const lamports: BaseUnits[] = [];
  for (const account of value) {
    const amount = account === null ? 0n : lamportsOf(account);
    if (amount === undefined) return err('an account without whole lamports and an owner');
    lamports.push(baseUnits(amount));
  }
  return ok({ slot, lamports });
}

function lamportsOf(account: Json): bigint | undefined {
  const owner = field(account, 'owner');
  if (!isObject(account) || typeof owner !== 'string' || !decodeSolanaAddress(owner).ok) return undefined;
  const lamports = integer(field(account, 'lamports'));
  return lamports !== undefined && lamports >= 0n && lamports <= MOST_LAMPORTS ? lamports : undefined;
}
