import { createField, type Words } from '../../../src/liabilities/okx-zk-v2/field.ts';
import { circuitGiven } from '../../../src/liabilities/okx-zk-v2/pins.ts';
import type { CircuitPin } from '../../../src/liabilities/types.ts';
import { placeOf, smallCircuit } from './circuits.ts';
import { bareNumbers, type Cheat, type Circuit, type Made, type ProverRow, prove } from './prover.ts';
import { serialiseVerifierData } from './serialise.ts';

const field = createField();

/** 3 bits a query and 34 queries: sound enough without grinding. */
export const strong = (change: Partial<Circuit> = {}): Circuit => smallCircuit({ queries: 34, powBits: 0, ...change });

/** Poseidon over the values. */
export function hashOf(values: readonly bigint[]): bigint[] {
  const mark = field.mark();
  const words = field.reserve(values.length + 4);
  values.forEach((value, i) => {
    field.write(words, i, value);
  });
  const out = (words + 8 * values.length) as Words;
  field.hash(words, values.length, out);
  const digest = [0, 1, 2, 3].map((i) => field.read(out, i));
  field.rewind(mark);
  return digest;
}

/** The row that ties a proof to its public inputs. */
export const publicInputRow = (inputs: readonly bigint[]): ProverRow => ({
  gate: placeOf('PublicInput'),
  wires: hashOf(inputs),
});
/** An honest proof, or one with a cheat. */
export const proved = (
  inputs: readonly bigint[],
  circuit = strong(),
  cheat: Cheat = {},
  more: readonly ProverRow[] = [],
): Made => prove(circuit, [publicInputRow(inputs), ...more], inputs, cheat);

/** What stands beside a proof: the exchange's parameters, and how many recursion levels it lists. */
export interface Beside {
  readonly branchout?: number;
  readonly batch?: number;
  readonly tokens?: number;
  readonly levels?: number;
}

/** A whole file around a proof, as the exchange publishes it. */
export function fileOf(
  { data, proof }: Made,
  { branchout = 4, batch = 4, tokens = 3, levels = 1 }: Beside = {},
): string {
  const { fri, ...config } = data.config;
  const json = {
    num_wires: config.wires,
    num_routed_wires: config.routedWires,
    num_constants: config.constants,
    use_base_arithmetic_gate: true,
    security_bits: config.securityBits,
    num_challenges: config.challenges,
    zero_knowledge: config.zeroKnowledge === 1,
    max_quotient_degree_factor: config.maxQuotientDegree,
    fri_config: {
      rate_bits: fri.rateBits,
      cap_height: fri.capHeight,
      proof_of_work_bits: fri.powBits,
      num_query_rounds: fri.queries,
      reduction_strategy: { Fixed: fri.strategy.slice(1) },
    },
  };
  const head = bareNumbers({
    general: { round_num: 7, recursion_branchout_num: branchout, batch_size: batch, token_num: tokens },
    root_vd_digest: { elements: data.digest },
    circuits_info: {
      batch_circuit_config: json,
      recursive_circuit_configs: Array.from({ length: levels }, () => json),
      root_verifier_data_hex: serialiseVerifierData(data),
    },
  });
  return `${head.slice(0, -1)},"proof":${proof}}`;
}

/** The circuit of a proof as somebody vouches for it, with nothing known of its rounds. */
export function pinOf({ data }: Made): CircuitPin {
  const pin = circuitGiven(serialiseVerifierData(data), 'made here');
  if (!pin.ok) throw new Error(pin.error);
  return pin.value;
}
