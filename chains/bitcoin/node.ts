import { err, ok, type Result } from '../../src/domain/result.ts';
import { field, isArray, type Json, numberText, smallInteger } from '../../src/lib/json.ts';
import { type Block, type Header, isHash, type Output, readBlock, readHeader, readTransaction } from './block.ts';
import type { CallLimits, RpcCall, RpcClient, RpcFailure } from './rpc.ts';
import type { Coin, Position } from './utxo-view.ts';

/** RPC_INVALID_ADDRESS_OR_KEY (no such block) and RPC_INVALID_PARAMETER (height out of range) of Core's rpc/protocol.h. */
const NO_SUCH_BLOCK: readonly number[] = [-5, -8];

/** Previous outputs are looked up so many transactions at a time. */
const LOOKUP_BATCH = 100;

/** What the adapter asks of a node, answers checked field by field. */
export interface Node {
  /** Tip of the node's main chain. */
  tip(signal: AbortSignal): Promise<Result<Position, RpcFailure>>;
  /** `block_unknown` where the chain is not that high. */
  hashAt(height: number, signal: AbortSignal): Promise<Result<string, RpcFailure>>;
  /** Hashes of a range of heights in one request. */
  hashesAt(heights: readonly number[], signal: AbortSignal): Promise<Result<readonly string[], RpcFailure>>;
  headersOf(hashes: readonly string[], signal: AbortSignal): Promise<Result<readonly Header[], RpcFailure>>;
  header(hash: string, signal: AbortSignal): Promise<Result<Header, RpcFailure>>;
  /** The whole block; `prevouts` asks for spent outputs too, which older nodes leave out. */
  block(hash: string, prevouts: boolean, signal: AbortSignal): Promise<Result<Block, RpcFailure>>;
  /** Outputs by outpoint for all outputs of these transactions; needs the node's transaction index. */
  outputsOf(txids: readonly string[], signal: AbortSignal): Promise<Result<ReadonlyMap<string, Output>, RpcFailure>>;
  /** One walk over the whole UTXO set: every coin of these scripts (hex) at the block that the node names. */
  scan(scripts: readonly string[], signal: AbortSignal): Promise<Result<Scan, RpcFailure>>;
}

/** What a walk found, and at which block. */
interface Scan {
  readonly at: Position;
  readonly coins: readonly Coin[];
}

/** Puts the checks around an RPC client; `bulk` limits are for blocks, `walk` limits for scans. */
export function createNode(
  rpc: RpcClient,
  parseUnits: (amountText: string) => Result<bigint>,
  bulk: CallLimits,
  walk: CallLimits,
): Node {
  const bad = (what: string): { readonly ok: false; readonly error: RpcFailure } =>
    err(rpc.failure('bad_response', what));
  const checked = <T>(answer: Result<Json, RpcFailure>, read: (json: Json) => Result<T>): Result<T, RpcFailure> => {
    if (!answer.ok) return answer;
    const value = read(answer.value);
    return value.ok ? value : bad(value.error);
  };
  const readAll = async <T>(
    calls: readonly RpcCall[],
    read: (json: Json) => Result<T>,
    signal: AbortSignal,
  ): Promise<Result<readonly T[], RpcFailure>> => {
    const answers = await rpc.batch(calls, signal, bulk);
    if (!answers.ok) return answers;
    const values: T[] = [];
    for (const answer of answers.value) {
      const value = checked(answer, read);
      if (!value.ok) return value;
      values.push(value.value);
    }
    return ok(values);
  };

  return {
    tip: async (signal) => checked(await rpc.call({ method: 'getblockchaininfo', params: [] }, signal), readTip),
    hashAt: async (height, signal) =>
      ofBlock(checked(await rpc.call({ method: 'getblockhash', params: [height] }, signal), readHash)),
    hashesAt: (heights, signal) =>
      readAll(
        heights.map((height) => ({ method: 'getblockhash', params: [height] })),
        readHash,
        signal,
      ),
    headersOf: (hashes, signal) =>
      readAll(
        hashes.map((hash) => ({ method: 'getblockheader', params: [hash] })),
        readHeader,
        signal,
      ),
    async header(hash, signal) {
      const header = ofBlock(checked(await rpc.call({ method: 'getblockheader', params: [hash] }, signal), readHeader));
      return header.ok && header.value.hash !== hash ? bad('another block was answered than asked') : header;
    },
    async block(hash, prevouts, signal) {
      const ask = (verbosity: number) => rpc.call({ method: 'getblock', params: [hash, verbosity] }, signal, bulk);
      let answer = await ask(prevouts ? 3 : 2);
      if (prevouts && !answer.ok && answer.error.rpcCode === -8) answer = await ask(2);
      const block = ofBlock(checked(answer, readBlock));
      return block.ok && block.value.header.hash !== hash ? bad('another block was answered than asked') : block;
    },
    async outputsOf(txids, signal) {
      const outputs = new Map<string, Output>();
      for (let from = 0; from < txids.length; from += LOOKUP_BATCH) {
        const some = txids.slice(from, from + LOOKUP_BATCH);
        const calls = some.map((txid) => ({ method: 'getrawtransaction', params: [txid, true] }));
        const found = await readAll(calls, readTransaction, signal);
        if (!found.ok) return found;
        for (const output of found.value.flatMap((transaction) => transaction.outputs))
          outputs.set(output.outpoint, output);
      }
      return ok(outputs);
    },
    async scan(scripts, signal) {
      const descriptors = scripts.map((script) => `raw(${script})`);
      const answer = await rpc.call({ method: 'scantxoutset', params: ['start', descriptors] }, signal, walk);
      return checked(answer, (json) => readScan(json, new Set(scripts), parseUnits));
    },
  };
}

/** The node's «no such block» under the failure code that says so. */
function ofBlock<T>(result: Result<T, RpcFailure>): Result<T, RpcFailure> {
  if (result.ok || result.error.rpcCode === null || !NO_SUCH_BLOCK.includes(result.error.rpcCode)) return result;
  return err({ ...result.error, code: 'block_unknown', retryable: true });
}

const readHash = (json: Json): Result<string> => (isHash(json) ? ok(json) : err('getblockhash gave no hash'));

function readTip(json: Json): Result<Position> {
  const height = smallInteger(field(json, 'blocks'));
  const hash = field(json, 'bestblockhash');
  if (height === undefined || height < 0 || !isHash(hash))
    return err('getblockchaininfo has no blocks or bestblockhash');
  return ok({ height, hash });
}

/** Reads a finished walk; it must say that it succeeded, name its block, and its coins must add up to its own total. */
function readScan(
  json: Json,
  asked: ReadonlySet<string>,
  parseUnits: (amountText: string) => Result<bigint>,
): Result<Scan> {
  if (field(json, 'success') !== true) return err('scantxoutset did not finish (success is not true)');
  const height = smallInteger(field(json, 'height'));
  const hash = field(json, 'bestblock');
  const unspents = field(json, 'unspents');
  if (height === undefined || height < 0 || !isHash(hash)) return err('scantxoutset names no height or bestblock');
  if (!isArray(unspents)) return err('scantxoutset has no unspents');
  const coins = new Map<string, Coin>();
  let sum = 0n;
  for (const item of unspents) {
    const coin = readUnspent(item, parseUnits);
    if (!coin.ok) return coin;
    if (!asked.has(coin.value.script)) return err('scantxoutset gave a coin of a script that was not asked for');
    if (coins.has(coin.value.outpoint)) return err(`scantxoutset gave ${coin.value.outpoint} twice`);
    coins.set(coin.value.outpoint, coin.value);
    sum += coin.value.amount;
  }
  const total = parseUnits(numberText(field(json, 'total_amount')) ?? '');
  if (!total.ok || total.value !== sum) return err('the coins of scantxoutset do not add up to its total_amount');
  return ok({ at: { height, hash }, coins: [...coins.values()] });
}

function readUnspent(json: Json, parseUnits: (amountText: string) => Result<bigint>): Result<Coin> {
  const txid = field(json, 'txid');
  const index = smallInteger(field(json, 'vout'));
  const script = field(json, 'scriptPubKey');
  if (!isHash(txid) || index === undefined || typeof script !== 'string') {
    return err('scantxoutset gave a coin without txid, vout or scriptPubKey');
  }
  const amount = parseUnits(numberText(field(json, 'amount')) ?? '');
  return amount.ok ? ok({ outpoint: `${txid}:${index}`, script, amount: amount.value }) : amount;
}
