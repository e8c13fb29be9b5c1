import { err, ok, type Result } from '../../domain/result.ts';
import { type Reader, readerOf } from './byte-reader.ts';
import type { Gate } from './gates/gate.ts';
import { GATES } from './gates/registry.ts';

/** How FRI runs: code rate 2^−rateBits, Merkle caps of 2^capHeight digests, grinding and queries. */
export interface FriConfig {
  readonly rateBits: number;
  readonly capHeight: number;
  readonly queries: number;
  readonly powBits: number;
  /** The variant byte and its arguments; what counts is `arityBits` of the parameters. */
  readonly strategy: readonly number[];
}

/** A circuit's configuration, as the JSON's `circuits_info` repeats it. */
export interface CircuitConfig {
  readonly wires: number;
  readonly routedWires: number;
  readonly constants: number;
  readonly securityBits: number;
  readonly challenges: number;
  readonly maxQuotientDegree: number;
  readonly useBaseArithmetic: number;
  readonly zeroKnowledge: number;
  readonly fri: FriConfig;
}

/** A selector polynomial's gates: rows [start, end) of the gate list. */
export interface SelectorGroup {
  readonly start: number;
  readonly end: number;
}

/** Everything a verifier has to know of a circuit (plonky2's VerifierCircuitData). */
export interface VerifierData {
  readonly constantsSigmasCap: readonly bigint[];
  readonly digest: readonly bigint[];
  readonly config: CircuitConfig;
  readonly friConfig: FriConfig;
  readonly arityBits: readonly number[];
  readonly degreeBits: number;
  readonly hiding: boolean;
  readonly selectorIndices: readonly number[];
  readonly groups: readonly SelectorGroup[];
  readonly quotientDegree: number;
  readonly gateConstraints: number;
  readonly constants: number;
  readonly publicInputs: number;
  readonly shifts: readonly bigint[];
  readonly partialProducts: number;
  readonly gates: readonly Gate[];
}

/** The most bytes of verifier data that are read; the published ones have 1,333. */
export const MAX_VERIFIER_BYTES = 65_536;

/**
 * Parses verifier data in the byte layout of okx/plonky2@8a00c2b (little-endian, usize as u64, no lookup fields), to the
 * last byte. The error says what is malformed or which gate is not supported.
 */
export function parseVerifierData(bytes: Uint8Array): Result<VerifierData> {
  if (bytes.length > MAX_VERIFIER_BYTES) return err(`${bytes.length} bytes are more than verifier data ever has`);
  const reader = readerOf(bytes);
  const capHeight = reader.size();
  if (capHeight > 8) reader.fail('the cap is absurdly high');
  const digestWords = (count: number): bigint[] =>
    reader.fault === null ? Array.from({ length: 4 * count }, () => reader.element()) : [];
  const data = {
    constantsSigmasCap: digestWords(2 ** capHeight),
    digest: digestWords(1),
    config: readConfig(reader),
    friConfig: readFriConfig(reader),
    arityBits: reader.list(reader.size),
    degreeBits: reader.size(),
    hiding: readFlag(reader) === 1,
    selectorIndices: reader.list(reader.size),
    groups: reader.list(() => ({ start: reader.size(), end: reader.size() })),
    quotientDegree: reader.size(),
    gateConstraints: reader.size(),
    constants: reader.size(),
    publicInputs: reader.size(),
    shifts: reader.list(reader.element),
    partialProducts: reader.size(),
    gates: reader.list(() => readGate(reader)),
  };
  if (reader.left !== 0) reader.fail(`${reader.left} bytes follow the last gate`);
  return reader.fault === null ? ok(data) : err(reader.fault);
}

function readFlag(reader: Reader): number {
  const flag = reader.byte();
  if (flag > 1) reader.fail('a flag is neither 0 nor 1');
  return flag;
}

function readConfig(reader: Reader): CircuitConfig {
  return {
    wires: reader.size(),
    routedWires: reader.size(),
    constants: reader.size(),
    securityBits: reader.size(),
    challenges: reader.size(),
    maxQuotientDegree: reader.size(),
    useBaseArithmetic: readFlag(reader),
    zeroKnowledge: readFlag(reader),
    fri: readFriConfig(reader),
  };
}

function readFriConfig(reader: Reader): FriConfig {
  const [rateBits, capHeight, queries] = [reader.size(), reader.size(), reader.size()];
  const powBits = reader.u32();
  const variant = reader.byte();
  // 0 Fixed(arities), 1 ConstantArityBits(arity, final polynomial), 2 MinSize(optional maximum).
  const readArguments: Readonly<Record<number, () => number[]>> = {
    0: () => reader.list(reader.size),
    1: () => [reader.size(), reader.size()],
    2: () => (readFlag(reader) === 1 ? [reader.size()] : []),
  };
  const strategyArguments = readArguments[variant];
  if (strategyArguments === undefined) reader.fail('an unknown FRI reduction strategy');
  return { rateBits, capHeight, queries, powBits, strategy: [variant, ...(strategyArguments?.() ?? [])] };
}

function readGate(reader: Reader): Gate {
  const tag = reader.u32();
  const format = GATES.get(tag);
  if (format === undefined) {
    reader.fail(`gate tag ${tag} is not supported`);
    return GATES.get(9)!.make();
  }
  const parameters = Array.from({ length: format.parameters }, () => reader.size());
  // The third parameter of a random-access gate counts extra constants and may be zero.
  if (parameters.some((value, i) => value > 4096 || (value === 0 && i < 2)) || parameters[0]! > (format.most ?? 4096))
    reader.fail('a gate parameter is out of range');
  return format.make(...parameters);
}
