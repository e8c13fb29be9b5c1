import { quote } from '../../src/domain/ids.ts';
import type { ReadFailure, ReadFailureCode } from '../../src/domain/snapshot.ts';

/** Makes the failures of one provider. */
export type Fail = (code: ReadFailureCode, message: string) => ReadFailure;

/** Failures after which the same question may succeed later or at another block; the others need a change first. */
const RETRYABLE: ReadonlySet<ReadFailureCode> = new Set([
  'timeout',
  'unreachable',
  'rate_limited',
  'http_error',
  'bad_content',
  'bad_response',
  'lagging',
  'block_unknown',
  'state_gone',
]);

/** A failure factory that signs with the provider's name; messages never hold its URL. */
export const failuresOf =
  (provider: string): Fail =>
  (code, message) => ({ code, message, provider, retryable: RETRYABLE.has(code) });

/** What a node says instead of a result. */
export interface NodeError {
  readonly code: string;
  readonly message: string;
}

/**
 * What nodes write, most telling first. State: geth «missing trie node», «historical state … is not available», Nethermind «No state
 * available», Erigon «old data not available due to pruning», Parity «node is running with state pruning», Besu «World state
 * unavailable», reth «state … is pruned». Block: geth «header not found», «hash … is not currently canonical», anvil and Besu
 * -32001 «Resource not found» (EIP-1474), anvil «BlockOutOfRange».
 */
const CLASSES: readonly (readonly [ReadFailureCode, RegExp])[] = [
  [
    'rate_limited',
    /rate.?limit|too many requests|exceeded.{0,30}(quota|capacity|compute units|throughput|credits)|daily request/i,
  ],
  [
    'state_gone',
    /missing trie node|historical state|no state available|state.{0,80}(not available|unavailable|pruned)|prun(ed|ing)|archive|state histories|distance to target block exceeds/i,
  ],
  [
    'block_unknown',
    /(header|block).{0,80}not.{0,5}found|header for hash|unknown block|not.{0,12}canonical|non.?canonical|resource not found|block.?out.?of.?range|block .{0,80}could not be found/i,
  ],
  [
    'too_large',
    /out of gas|gas required exceeds|gas limit|intrinsic gas|(batch|request|response|payload|body|result|content|query|returned?).{0,60}(too (large|big|many|long)|exceed|limit)|too (large|big|long)|limit exceeded|execution (timeout|timed out)|execution aborted|timed? ?out/i,
  ],
];

/** The class of a node's error. A revert is `bad_response`: the caller knows what it called. */
export function classifyNodeError({ code, message }: NodeError): ReadFailureCode {
  for (const [kind, pattern] of CLASSES) if (pattern.test(message)) return kind;
  if (code === '-32001') return 'block_unknown';
  if (code === '-32005' || code === '429') return 'rate_limited';
  if (code === '-32601' || code === '-32602') return 'unsupported';
  return 'bad_response';
}

/** A node's error as a sentence: escaped, cut, URLs removed. */
export const describeNodeError = ({ code, message }: NodeError): string =>
  `the node answered with error ${code}: ${quote(message.replaceAll(/\b[a-z]+:\/\/\S+/gi, '<url>'))}`;
