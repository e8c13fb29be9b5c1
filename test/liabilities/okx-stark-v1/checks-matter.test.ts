import { okxStarkV1 } from '../../../src/liabilities/okx-stark-v1/format.ts';
import type { LiabilityFormat } from '../../../src/liabilities/types.ts';
import { describeConditions } from '../force-conditions.ts';
import { describeSwitches } from '../switches.ts';
import { CASES, HONEST } from './cases.ts';
import { ODD_FILES } from './odd-files.ts';
import { UNNOTICED } from './unnoticed.ts';

describeSwitches(['okx-stark-v1-sum', 'okx-stark-v1-inclusion'], CASES, HONEST, okxStarkV1.check, {
  'okx-stark-v1-sum': { 'sum-proof': 'it says that no proof is there' },
  'okx-stark-v1-inclusion': { 'root-link': 'it says that no sum proofs are there to be held against' },
});

describeConditions(
  (file) => file === 'lib/json-quick.ts' || (file.startsWith('liabilities/okx-stark-v1/') && !/format/.test(file)),
  [...HONEST, ...ODD_FILES],
  CASES,
  async (made) =>
    (await made.load<{ okxStarkV1: LiabilityFormat }>('liabilities/okx-stark-v1/format.js')).okxStarkV1.check,
  UNNOTICED,
  { slow: true },
);
