import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../../../shared/liabilities/okx-zk-v2');

/** Whether the sample data is beside the project; tests that need it are skipped with this reason otherwise. */
export const samplesPresent = existsSync(folder);
export const SKIP_REASON = 'needs ../shared/liabilities/okx-zk-v2';

const read = (name: string): string => readFileSync(resolve(folder, name), 'utf8');

/** The generated global proof, the production verifier data, and the user proofs, read in place. */
export const globalProofText = (): string => read('sum_proof_data.json');
export const productionVerifierHex = (): string => read('root_verifier_data_round_508787475.hex').trim();
export const roundConstantsText = (): string => read('poseidon_goldilocks_w12_round_constants.json');
export const userProofNames = (): string[] => readdirSync(resolve(folder, 'user_proofs')).sort();
export const userProofText = (name: string): string => read(`user_proofs/${name}`);
/** The generated proof's own verifier data: what its user would pass as `--circuit`. */
export const generatedVerifierHex = (): string => /"root_verifier_data_hex":"([0-9a-f]+)"/.exec(globalProofText())![1]!;
