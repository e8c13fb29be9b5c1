import { CHECKS } from '../../../src/liabilities/check-names.ts';
import { merkle } from '../../../src/liabilities/merkle/format.ts';
import type { LiabilityFormat } from '../../../src/liabilities/types.ts';
import { describeConditions } from '../force-conditions.ts';
import { describeSwitches } from '../switches.ts';
import { CHANGED_PATHS, HONEST_PATHS, ODD_PATHS, PATH_CASES } from './path-cases.ts';
import { CHANGED_TREES, HONEST_TREES, ODD_TREES, TREE_CASES } from './tree-cases.ts';
import { UNNOTICED } from './unnoticed.ts';

const KINDS = [
  ...(['okx-merkle-v1', 'okx-merkle-v2', 'bitget', 'mexc', 'bybit', 'htx', 'coinex', 'bitmex', 'leaf-list'] as const),
];
const cases = [...PATH_CASES, ...TREE_CASES];
const honest = [...HONEST_PATHS, ...HONEST_TREES];

describeSwitches(KINDS, cases, honest, merkle.check, {
  htx: {
    leaf: 'the publisher does not say what a leaf is made of',
    ...Object.fromEntries(
      CHECKS.htx
        .filter((name) => !PATH_CASES.some((one) => one.kind === 'htx' && one.check === name) && name !== 'leaf')
        .map((name) => [
          name,
          "not in a sum tree's path: the zero-knowledge files have it, and share Gate.io's verifier",
        ]),
    ),
  },
  coinex: { leaf: 'the leaf is computed from its contents: the file has no hash of it' },
  'leaf-list': { proof: 'a root or totals alone prove nothing' },
});

describeConditions(
  (file) =>
    file === 'lib/json-quick.ts' ||
    (file.startsWith('liabilities/merkle/') && !/recognise|quick-|line-cursor|wasm/.test(file)),
  [...honest, ...ODD_PATHS, ...ODD_TREES, ...CHANGED_PATHS, ...CHANGED_TREES],
  cases,
  async (made) => (await made.load<{ merkle: LiabilityFormat }>('liabilities/merkle/format.js')).merkle.check,
  UNNOTICED,
);
