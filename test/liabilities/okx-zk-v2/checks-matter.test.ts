import { expect, it } from 'vitest';
import { okxZkV2 } from '../../../src/liabilities/okx-zk-v2/format.ts';
import { GATES } from '../../../src/liabilities/okx-zk-v2/gates/registry.ts';
import type { LiabilityFormat } from '../../../src/liabilities/types.ts';
import { describeConditions } from '../force-conditions.ts';
import { describeSwitches } from '../switches.ts';
import { CASES, HONEST, PARTS } from './cases.ts';
import { GATE_LIST } from './circuits.ts';
import { HONEST_ODD, ODD_FILES } from './odd-files.ts';
import { UNNOTICED } from './unnoticed.ts';

describeSwitches(
  ['okx-zk-v2-global', 'okx-zk-v2-inclusion'],
  CASES,
  [...HONEST, ...HONEST_ODD],
  okxZkV2.check,
  {},
  PARTS,
);

it('the circuit of the cases has every gate that the verifier knows', () => {
  const kinds = (name: string): string => name.replace(/\(.*/, '');
  const known = [...GATES.values()].map(({ parameters, make }) => kinds(make(...[1, 1, 0].slice(0, parameters)).name));
  expect(known.filter((name) => !GATE_LIST.some((gate) => kinds(gate.name) === name))).toEqual([]);
});

describeConditions(
  (file) =>
    file === 'lib/json-quick.ts' || // The arithmetic, and circuits that a user gives, have tests of their own.
    /^liabilities\/okx-zk-v2\/(?!machine|wasm|poseidon|field|format|pins)/.test(file),
  [...HONEST, ...HONEST_ODD, ...ODD_FILES],
  CASES,
  async (made) => (await made.load<{ okxZkV2: LiabilityFormat }>('liabilities/okx-zk-v2/format.js')).okxZkV2.check,
  UNNOTICED,
  { slow: true },
);
