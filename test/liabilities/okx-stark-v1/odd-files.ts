import type { Call } from '../cases.ts';
import { allChanges, callsOf } from '../mutations.ts';
import { HONEST, ODD } from './cases.ts';

const named = (name: string): Call => HONEST.find((call) => call.name === name)!;
const [single, user] = [named('one proof only'), named('an account alone')];
const LAZY = { off: ['proof-of-work'] } as const;
const of = (call: Call, name: string): readonly Call[] =>
  callsOf(call.files, name, allChanges(call.files[name]!.text, 1), LAZY);

/** Files with anything changed in them: most are refused. */
export const ODD_FILES: readonly Call[] = [
  ...ODD,
  ...of(user, 'u.json'),
  ...of(single, 'config.json'),
  ...of(single, 'a/sum_values.json'),
  ...of(single, 'a/sum_proof.json'),
];
