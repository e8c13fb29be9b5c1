import { baseUnits } from '../../src/domain/amount.ts';
import type { ChainAsset } from '../../src/domain/network.ts';
import { err, ok, type Result } from '../../src/domain/result.ts';
import type { BalanceReading, ReadFailure } from '../../src/domain/snapshot.ts';
import type { Json } from '../../src/lib/json.ts';
import { keccak256Hex } from '../../src/lib/keccak.ts';
import type { Fail } from './failures.ts';
import { type PinnedBlock, pinTo } from './pin.ts';
import { parseData, parseWord } from './quantity.ts';
import type { RpcCall, RpcClient } from './rpc.ts';
import { readInRanges } from './split.ts';

/** First four bytes of keccak256 of the ERC-20 signatures (EIP-20). */
const SELECTORS = { balanceOf: '0x70a08231', totalSupply: '0x18160ddd', decimals: '0x313ce567' } as const;

const viewCall = (token: string, data: string, at: PinnedBlock): RpcCall => ({
  method: 'eth_call',
  params: [{ to: token, data }, pinTo(at.hash)],
});

/** balanceOf(holder) of a token at the block. */
export const balanceOfCall = (token: string, holder: string, at: PinnedBlock): RpcCall =>
  viewCall(token, `${SELECTORS.balanceOf}${holder.slice(2).padStart(64, '0')}`, at);

/** The code of an account at the block. */
export const codeCall = (account: string, at: PinnedBlock): RpcCall => ({
  method: 'eth_getCode',
  params: [account, pinTo(at.hash)],
});

/** The one word that a view function returned; «0x» comes from an account without code, and is never zero. */
export function readWord(value: Json, token: string, fail: Fail): Result<bigint, ReadFailure> {
  if (value === '0x') return err(fail('no_code', `${token} returned nothing: no such contract at this block`));
  const word = parseWord(value);
  return word === null
    ? err(fail('bad_response', `${token} did not return exactly 32 bytes of lower-case hex`))
    : ok(word);
}

/** totalSupply() of a token at the block. */
export async function readTokenSupply(
  rpc: RpcClient,
  { reference, symbol }: ChainAsset,
  at: PinnedBlock,
  signal: AbortSignal,
): Promise<Result<BalanceReading, ReadFailure>> {
  if (reference === null) return err(rpc.fail('unsupported', `${symbol} is no token: its supply is not on record`));
  const { method, params } = viewCall(reference, SELECTORS.totalSupply, at);
  const answer = await rpc.call(method, params, signal);
  if (!answer.ok) return answer;
  const supply = readWord(answer.value, reference, rpc.fail);
  return supply.ok
    ? ok({ amount: baseUnits(supply.value), heightFrom: at.height, heightTo: at.height, hash: at.hash })
    : supply;
}

/** What a token's contract says of itself. */
interface TokenMetadata {
  readonly decimals: number;
  /** keccak256 of the code at the address, lower-case hex. Behind a proxy it is the proxy's own code. */
  readonly codeHash: string;
}

type MetadataResult = Result<TokenMetadata, ReadFailure>;

/** Two calls a token: a batch stays at 100. */
const TOKENS_IN_A_BATCH = 50;

/** decimals() and the code of tokens at the block, one result a token, in order; batches as small as the provider takes. */
export async function readTokensMetadata(
  rpc: RpcClient,
  assets: readonly ChainAsset[],
  at: PinnedBlock,
  signal: AbortSignal,
): Promise<readonly MetadataResult[]> {
  const options = { size: TOKENS_IN_A_BATCH, concurrency: 1, halvings: 8 };
  const { results } = await readInRanges<TokenMetadata>(assets.length, options, async ({ from, to }) => {
    const range = assets.slice(from, to);
    const calls = range.flatMap(({ reference }) => [
      codeCall(reference ?? '', at),
      viewCall(reference ?? '', SELECTORS.decimals, at),
    ]);
    const answers = await rpc.batch(calls, signal);
    if (!answers.ok) return answers;
    return ok(
      range.map((asset, index) => readMetadata(asset, answers.value.slice(2 * index, 2 * index + 2), rpc.fail)),
    );
  });
  return results;
}

function readMetadata(
  { reference, symbol }: ChainAsset,
  [codeAnswer, decimalsAnswer]: readonly Result<Json, ReadFailure>[],
  fail: Fail,
): MetadataResult {
  if (reference === null) return err(fail('unsupported', `${symbol} is no token: it has no contract`));
  if (!codeAnswer?.ok) return codeAnswer ?? err(fail('bad_response', 'no answer'));
  const code = parseData(codeAnswer.value);
  if (code === null) return err(fail('bad_response', `the code of ${reference} is not lower-case hex`));
  if (code === '0x') return err(fail('no_code', `${reference} has no code at this block`));
  if (!decimalsAnswer?.ok) return decimalsAnswer ?? err(fail('bad_response', 'no answer'));
  const decimals = readWord(decimalsAnswer.value, reference, fail);
  if (!decimals.ok) return decimals;
  if (decimals.value > 255n) {
    return err(fail('bad_response', `${reference} says that it has ${decimals.value} decimals, 255 is the most`));
  }
  return ok({ decimals: Number(decimals.value), codeHash: keccak256Hex(Buffer.from(code.slice(2), 'hex')) });
}
