import type { ProofTotal } from './types.ts';

/** A total in coins. */
export const inCoins = (asset: string, amount: string): ProofTotal => ({ asset, amount, unit: 'coins', decimals: 0 });

/** A total in smallest units whose number of decimals the format leaves open. */
export const inSmallestUnits = (asset: string, amount: string): ProofTotal => ({
  asset,
  amount,
  unit: 'smallest-units',
  decimals: null,
});

/** A total in a unit that the format leaves open: by itself no amount of any asset. */
export const unitOpen = (asset: string, amount: string): ProofTotal => ({ asset, amount, unit: null, decimals: null });
