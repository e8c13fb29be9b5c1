/** Gate.io's layout comes from Binance's: other names for the same. */
const NAMES: Readonly<Record<string, string>> = {
  ...{ Arrangement: 'AccountIndex', UniqueIdentification: 'AccountIdHash', TotalAssetEquity: 'TotalEquity' },
  ...{ TotalAssetDebt: 'TotalDebt', AssetDetails: 'Assets', TreeRootHash: 'Root', MerkleProofEncode: 'Proof' },
  ...{ ProofCsv: 'ProofTable', ZkKeyVKDirectoryAndPrefix: 'ZkKeyName' },
};
/** Gate.io's file as Binance wrote it until 2024-09. */
export const earlyNames = (text: string): string =>
  Object.entries(NAMES).reduce((all, [from, to]) => all.replaceAll(`"${from}"`, `"${to}"`), text);
