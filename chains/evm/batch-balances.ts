import { err, ok, type Result } from '../../src/domain/result.ts';
import type { BalanceQuery, BalanceReading, ReadFailure } from '../../src/domain/snapshot.ts';
import type { Json } from '../../src/lib/json.ts';
import type { Fail } from './failures.ts';
import { type PinnedBlock, pinTo } from './pin.ts';
import { parseData, parseQuantity } from './quantity.ts';
import { reading } from './reader.ts';
import type { RpcCall, RpcClient } from './rpc.ts';
import { balanceOfCall, codeCall, readWord } from './token-calls.ts';

type CellResult = Result<BalanceReading, ReadFailure>;

/** Reads the cells in one batch of plain calls, one a cell. */
export async function readWithBatch(
  rpc: RpcClient,
  queries: readonly BalanceQuery[],
  at: PinnedBlock,
  signal: AbortSignal,
): Promise<Result<readonly CellResult[], ReadFailure>> {
  const answers = await rpc.batch(
    queries.map((query) => cellCall(query, at)),
    signal,
  );
  if (!answers.ok) return answers;
  const limit = answers.value.find((answer) => !answer.ok && REFUSALS.has(answer.error.code));
  if (limit && !limit.ok) return limit;
  return ok(answers.value.map((answer, index) => readCell(answer, queries[index] as BalanceQuery, at, rpc.fail)));
}

/** Said of one call, these are true of all calls of the batch. */
const REFUSALS: ReadonlySet<ReadFailure['code']> = new Set([
  'rate_limited',
  'too_large',
  'state_gone',
  'block_unknown',
]);

const cellCall = ({ asset, address }: BalanceQuery, at: PinnedBlock): RpcCall =>
  asset.reference === null
    ? { method: 'eth_getBalance', params: [address, pinTo(at.hash)] }
    : balanceOfCall(asset.reference, address, at);

function readCell(answer: Result<Json, ReadFailure>, { asset }: BalanceQuery, at: PinnedBlock, fail: Fail): CellResult {
  if (!answer.ok) return answer;
  if (asset.reference !== null) {
    const word = readWord(answer.value, asset.reference, fail);
    return word.ok ? ok(reading(word.value, at)) : word;
  }
  const balance = parseQuantity(answer.value);
  return balance === null
    ? err(fail('bad_response', 'the balance is not a JSON-RPC quantity (0x0, or 0x and digits without leading zero)'))
    : ok(reading(balance, at));
}

/**
 * Which of these tokens cannot be read at the block, with the reason: an account without code answers any call with nothing, which
 * must not look like a balance. All in one batch.
 */
export async function findUnreadableTokens(
  rpc: RpcClient,
  tokens: readonly string[],
  at: PinnedBlock,
  signal: AbortSignal,
): Promise<Result<ReadonlyMap<string, ReadFailure>, ReadFailure>> {
  const unreadable = new Map<string, ReadFailure>();
  if (tokens.length === 0) return ok(unreadable);
  const answers = await rpc.batch(
    tokens.map((token) => codeCall(token, at)),
    signal,
  );
  if (!answers.ok) return answers;
  for (const [index, token] of tokens.entries()) {
    const answer = answers.value[index] as Result<Json, ReadFailure>;
    if (!answer.ok) {
      unreadable.set(token, answer.error);
      continue;
    }
    const code = parseData(answer.value);
    if (code === null) unreadable.set(token, rpc.fail('bad_response', `the code of ${token} is not lower-case hex`));
    else if (code === '0x') unreadable.set(token, rpc.fail('no_code', `${token} has no code at this block`));
  }
  return ok(unreadable);
}
