import type { LiabilityKind } from './types.ts';

/** What every customer's path in a sum tree is checked for, whatever its publisher. */
const PATH = [
  ...(['file', 'shape', 'levels', 'amounts', 'signs', 'copies'] as const),
  ...(['root-hash', 'root-sums', 'root-link'] as const),
] as const;
/** What a whole published tree is checked for. */
const TREE = ['size', 'lines', 'signs', 'amounts', 'levels', 'parents', 'root-link'] as const;
/** What an exchange's batch proofs, list of assets and customers' files are checked for in Binance's family. */
const BATCHES = [
  ...(['file', 'shape', 'table', 'batch-numbers', 'canonical', 'asset-chain', 'root-start', 'root-chain'] as const),
  ...(['batch-commitment', 'proof-points', 'asset-totals', 'asset-start', 'asset-names', 'asset-amounts'] as const),
  ...(['asset-debts', 'groth16', 'asset-order', 'amounts', 'solvent', 'position', 'path', 'root-link'] as const),
  ...(['user-totals', 'within-totals'] as const),
] as const;

/**
 * The name of every check by kind, as results print it; `*` stands for a number from 0. A check that is not listed here does not
 * compile, and the tests demand of each one listed a file that only it refuses.
 */
export const CHECKS = {
  'okx-merkle-v1': [...PATH, 'sides', 'heights', 'padding', 'round', 'leaf', 'round-root'],
  bitget: [...PATH, 'sides', 'heights', 'padding', 'assets', 'round', 'leaf', 'round-root'],
  mexc: [...PATH, 'sides', 'heights', 'padding', 'leaf', 'round-root'],
  bybit: [...PATH, 'sides', 'heights', 'padding', 'assets', 'round', 'leaf', 'round-root'],
  // Paths in its sum tree, and its zero-knowledge files.
  htx: [...PATH, 'sides', 'assets', 'leaf', ...BATCHES],
  coinex: [...PATH, 'leaf'],
  'okx-merkle-v2': [...TREE, 'padding', 'file', 'shape', 'user-hash', 'leaf', 'leaf-sums', 'tree-link'],
  bitmex: TREE,
  'leaf-list': ['size', 'lines', 'positions', 'root-link', 'totals', 'proof'],
  'okx-stark-v1-sum': [
    ...(['number-of-files', 'file', 'config', 'one-config', 'sum-proof', 'sum-values', 'shape', 'uts'] as const),
    ...(['sum-range', 'sum-adds-up', 'canonical', 'proof-of-work', 'trace-path', 'trace-leaf'] as const),
    ...(['linear-path', 'constraint-net-start', 'constraint-net-digits', 'constraint-net-sum'] as const),
    ...(['constraint-net-total', 'constraint-coin-sum', 'constraint-coin-total', 'linear-combination'] as const),
    ...(['fri-column-path-*', 'fri-value-path-*', 'fri-fold-*', 'fri-last-root', 'fri-last-degree'] as const),
    ...(['distinct-roots', 'batch-sums', 'trunk-rows', 'trunk-places'] as const),
  ],
  'okx-stark-v1-inclusion': [
    ...(['file', 'shape', 'amounts', 'uts', 'net', 'coins-add-up', 'position', 'user-leaf', 'user-path'] as const),
    ...(['batch-leaf', 'batch-path', 'batch-id', 'root-link', 'config-link', 'trunk-link', 'batch-link'] as const),
    ...(['batch-sums-link', 'size-link', 'within-totals'] as const),
  ],
  'okx-zk-v2-global': [
    ...(['file', 'general', 'circuit-pin', 'circuit', 'fri-security', 'public-input-gate', 'circuit-digest'] as const),
    ...(['root-vd-digest', 'circuit-config', 'parameters', 'shape', 'canonical', 'vanishing-*'] as const),
    ...(['fri-proof-of-work', 'fri-merkle-constants', 'fri-merkle-wires', 'fri-merkle-products'] as const),
    ...(['fri-merkle-quotient', 'fri-consistency-*', 'fri-merkle-step-*', 'fri-final', 'totals'] as const),
  ],
  'okx-zk-v2-inclusion': [
    ...(['file', 'shape', 'amounts', 'sums', 'branch-out', 'position', 'canonical', 'root-link'] as const),
    ...(['depth', 'levels', 'tokens', 'within-totals'] as const),
  ],
  gateio: [...BATCHES, 'groth16-key'],
  binance: [...BATCHES, 'asset-terms', 'account-range'],
} as const satisfies Readonly<Record<LiabilityKind, readonly string[]>>;

type Numbered<Name> = Name extends `${infer Start}*` ? `${Start}${number}` : Name;

/** The name of a check of any kind. */
export type CheckName = Numbered<(typeof CHECKS)[LiabilityKind][number]>;
