import type { Call } from '../cases.ts';
import { allChanges, callsOf } from '../mutations.ts';
import { HONEST } from './cases.ts';

const named = (name: string): Call => HONEST.find((call) => call.name === name)!;
const of = ({ files, circuits = [] }: Call, name: string): readonly Call[] =>
  callsOf(files, name, allChanges(files[name]!.text, 1), { circuits });

/** Files with anything changed in them: most are refused. */
export const ODD_FILES: readonly Call[] = [
  ...of(named('a customer alone'), 'user.json'),
  ...of(named('a proof with its pin'), 'sum_proof_data.json'),
];
