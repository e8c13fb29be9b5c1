import { isArray, isObject, type Json, field as member, numberText, smallInteger } from '../../lib/json.ts';
import type { CircuitConfig } from './verifier-data.ts';

/** The parameters that a global proof's file states beside the proof; the proof itself does not bind them. */
export interface General {
  readonly round: string;
  readonly branchout: number;
  readonly batchSize: number;
  readonly tokenCount: number;
}

/** Reads `general`, or says what is wrong with it. */
export function readGeneral(json: Json): General | string {
  const general = member(json, 'general');
  const round = numberText(member(general, 'round_num'));
  const count = (key: string, least: number, most: number): number | null => {
    const value = smallInteger(member(general, key));
    return value !== undefined && value >= least && value <= most ? value : null;
  };
  if (round === undefined || !/^(?:0|[1-9]\d{0,19})$/.test(round)) return 'general.round_num is not a round number';
  const [branchout, batchSize, tokenCount] = [
    count('recursion_branchout_num', 2, 1024),
    count('batch_size', 2, 2 ** 20),
    count('token_num', 1, 4096),
  ];
  if (branchout === null) return 'general.recursion_branchout_num is not between 2 and 1,024';
  if (batchSize === null || !Number.isInteger(Math.log2(batchSize)))
    return 'general.batch_size is not a power of two up to 2^20';
  if (tokenCount === null) return 'general.token_num is not between 1 and 4,096';
  return { round, branchout, batchSize, tokenCount };
}

/** What `circuits_info` states, or null where the file has none, or what is wrong with it. */
export function readCircuitsInfo(
  json: Json,
): { readonly verifierData: string; readonly configs: readonly Json[] } | string | null {
  const info = member(json, 'circuits_info');
  if (info === undefined || info === null) return null;
  const verifierData = member(info, 'root_verifier_data_hex');
  const configs = member(info, 'recursive_circuit_configs');
  if (typeof verifierData !== 'string' || !/^(?:[0-9a-fA-F]{2})+$/.test(verifierData))
    return 'circuits_info.root_verifier_data_hex is not hex';
  if (!isArray(configs) || configs.length === 0 || configs.length > 8)
    return 'circuits_info.recursive_circuit_configs is not a list of 1 to 8 configurations';
  return { verifierData, configs };
}

/** Whether a JSON configuration says what the verifier data says, field by field. */
export function sameConfig(json: Json | undefined, config: CircuitConfig): boolean {
  const number = (value: Json | undefined, expected: number): boolean => smallInteger(value) === expected;
  const fri = member(json, 'fri_config');
  return (
    isObject(json) &&
    Object.keys(json).length === 9 &&
    isObject(fri) &&
    Object.keys(fri).length === 5 &&
    number(json['num_wires'], config.wires) &&
    number(json['num_routed_wires'], config.routedWires) &&
    number(json['num_constants'], config.constants) &&
    json['use_base_arithmetic_gate'] === (config.useBaseArithmetic === 1) &&
    number(json['security_bits'], config.securityBits) &&
    number(json['num_challenges'], config.challenges) &&
    json['zero_knowledge'] === (config.zeroKnowledge === 1) &&
    number(json['max_quotient_degree_factor'], config.maxQuotientDegree) &&
    number(fri['rate_bits'], config.fri.rateBits) &&
    number(fri['cap_height'], config.fri.capHeight) &&
    number(fri['proof_of_work_bits'], config.fri.powBits) &&
    number(fri['num_query_rounds'], config.fri.queries) &&
    sameStrategy(fri['reduction_strategy'], config.fri.strategy)
  );
}

function sameStrategy(json: Json | undefined, [variant, ...expected]: readonly number[]): boolean {
  const name = ['Fixed', 'ConstantArityBits', 'MinSize'][variant ?? -1];
  if (name === undefined || !isObject(json) || Object.keys(json).length !== 1) return false;
  const value = member(json, name);
  if (name === 'MinSize') return expected.length === 0 ? value === null : smallInteger(value) === expected[0];
  return (
    isArray(value) && value.length === expected.length && value.every((item, i) => smallInteger(item) === expected[i])
  );
}
