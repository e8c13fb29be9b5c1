import { baseUnits } from '../../src/domain/amount.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { BalanceQuery, BalanceReading, ReadFailure } from '../../src/domain/snapshot.ts';
import type { Json } from '../../src/lib/json.ts';
import { readerArtifact } from './contracts/reader-artifact.ts';
import type { Fail } from './failures.ts';
import { type PinnedBlock, pinTo } from './pin.ts';
import { parseData } from './quantity.ts';
import type { RpcClient } from './rpc.ts';

/** Where the override puts the reader: the last 20 bytes of sha256("reservewatch reader"), an account nobody has the key of. */
const READER_ADDRESS = '0x54bf127d74846fb00f2861dbd3d083208fef1785';
const CHAIN_COIN = '00'.repeat(20);
const MOST_ASSETS = 0xffff;

/** The packed input of Reader.sol in hex, as its comment lays it out. */
export function encodeReaderInput(queries: readonly BalanceQuery[]): string {
  const assets = new Map<string, number>();
  let cells = '';
  for (const { asset, address } of queries) {
    const code = asset.reference === null ? CHAIN_COIN : asset.reference.slice(2);
    let index = assets.get(code);
    if (index === undefined) {
      index = assets.size;
      assets.set(code, index);
    }
    cells += index.toString(16).padStart(4, '0') + address.slice(2);
  }
  if (assets.size > MOST_ASSETS) throw new RangeError(`one call reads at most ${MOST_ASSETS} assets`);
  return `0x${assets.size.toString(16).padStart(4, '0')}${[...assets.keys()].join('')}${cells}`;
}

/** The output of Reader.sol for these queries, one result each; an error where it is not exactly as long as it must be. */
export function decodeReaderOutput(
  output: Json,
  queries: readonly BalanceQuery[],
  at: PinnedBlock,
  fail: Fail,
): Result<readonly Result<BalanceReading, ReadFailure>[], ReadFailure> {
  const data = parseData(output);
  const count = queries.length;
  if (data === null || data.length !== 2 + 66 * count) {
    const found = typeof output === 'string' ? `${output.length} characters` : 'no text';
    return err(fail('bad_response', `the reader returned ${found}, ${2 + 66 * count} are needed for ${count} cells`));
  }
  const states = 2 + 64 * count;
  return ok(
    queries.map((query, index) => {
      const state = data.slice(states + 2 * index, states + 2 * index + 2);
      if (state === '01') return ok(reading(BigInt(`0x${data.slice(2 + 64 * index, 66 + 64 * index)}`), at));
      const token = query.asset.reference ?? 'the chain’s coin';
      if (state === '02') return err(fail('no_code', `${token} has no code at this block`));
      if (state === '03')
        return err(fail('bad_response', `balanceOf of ${token} failed or returned other than 32 bytes`));
      return err(fail('bad_response', `the reader returned the unknown state ${state}`));
    }),
  );
}

/** A balance as read at that block. */
export const reading = (amount: bigint, at: PinnedBlock): BalanceReading => ({
  amount: baseUnits(amount),
  heightFrom: at.height,
  heightTo: at.height,
  hash: at.hash,
});

/** Reads the cells in one eth_call whose third parameter puts the reader's code at an unused address. */
export async function readWithOverride(
  rpc: RpcClient,
  queries: readonly BalanceQuery[],
  at: PinnedBlock,
  signal: AbortSignal,
): Promise<Result<readonly Result<BalanceReading, ReadFailure>[], ReadFailure>> {
  const call = { to: READER_ADDRESS, data: encodeReaderInput(queries) };
  const override = { [READER_ADDRESS]: { code: readerArtifact.runtime } };
  const answer = await rpc.ask({ method: 'eth_call', params: [call, pinTo(at.hash), override] }, signal);
  if (!answer.ok) return answer;
  if (answer.value.kind === 'result') return decodeReaderOutput(answer.value.value, queries, at, rpc.fail);
  const failure = rpc.failureOf(answer.value.error);
  // The reader itself reverts only when gas runs short: fewer cells may fit.
  return err(/revert/i.test(answer.value.error.message) ? rpc.fail('too_large', failure.message) : failure);
}
