import type { AddressSet, SetChange } from './address-set.ts';
import type { Address, AssetCode, AssetId, ChainId, EntityId, NetworkSlug, Sha256 } from './ids.ts';

/** One row of a published list, as printed: empty, `-`, `null` and `\N` cells are null. */
export interface ReportRow {
  /** 1-based physical line in the file. */
  readonly line: number;
  /** The publisher's coin label, e.g. `USDT-ERC20`. */
  readonly label: string;
  /** The publisher's network text, if the layout has one. */
  readonly network: string | null;
  /** `Type` column (e.g. `Native ETH Staking`), if the layout has one. */
  readonly rowType: string | null;
  readonly height: string | null;
  readonly addressText: string;
  /** Canonical decimal in coin units; `0` where the file states none. */
  readonly amount: string;
  /** True where the file states no amount for the row: it claims nothing, which is not the same as claiming zero. */
  readonly unstated?: true;
  readonly message: string | null;
  readonly signature1: string | null;
  readonly signature2: string | null;
  readonly scriptOrPubkey: string | null;
  readonly owner1: string | null;
  readonly owner2: string | null;
}

/** The `rowType` of a row that names an owner of the address above it, and claims nothing itself. */
export const OWNER_ROW = 'owner';

/** The `rowType` of a row whose coins nobody can move, as the list itself says: part of its total, never of reserves. */
export const UNSPENDABLE_ROW = 'unspendable';

/** How the `rowType` of a row begins whose coins somebody else holds for the publisher; a name may follow. */
export const CUSTODY_ROW = 'third-party custody';

/** How the `rowType` of a row begins that prints the script of its address instead of a signature; the kind of script follows. */
export const SCRIPT_ROW = 'script ';

/** A line that was not understood: kept, counted and shown, never dropped. */
export interface RowFault {
  readonly line: number;
  /** What is wrong and which field, with the offending value escaped. */
  readonly reason: string;
}

/** One line of a file's summary block. */
export interface SummaryLine {
  readonly line: number;
  readonly label: string;
  readonly height: string | null;
  /** Canonical decimal in coin units. */
  readonly amount: string;
}

/** What a report reader yields, in file order. */
export type ReportItem =
  | { readonly kind: 'row'; readonly row: ReportRow }
  | { readonly kind: 'fault'; readonly fault: RowFault }
  | { readonly kind: 'summary'; readonly summary: SummaryLine };

/** The identity of a published file: the SHA-256 of its inner bytes, never its name. */
export interface ReportFile {
  readonly sha256: Sha256;
  readonly name: string;
  readonly bytes: number;
  /** The reader that recognised it, e.g. `okx-csv-11`. */
  readonly format: string;
}

/** What the registry made of a row's labels: the chain it claims to be on, and the assets it counts as. */
export interface ResolvedLabel {
  readonly network: NetworkSlug | null;
  readonly chain: ChainId | null;
  /** CAIP-19 id of the asset on that chain; null where the registry does not know it. */
  readonly assetId: AssetId | null;
  /** The ratio asset; null where the label is unknown. */
  readonly asset: AssetCode | null;
}

/** A row as imported: printed values, what they resolve to, and its canonical address or why it has none. */
export interface ListedRow {
  readonly row: ReportRow;
  readonly resolved: ResolvedLabel;
  readonly address: Address | null;
  readonly addressFault: string | null;
}

/** Who made a list: the entity that it is about, or somebody else, e.g. a researcher. Only the first kind disputes another's. */
export const ISSUERS = ['publisher', 'third-party'] as const;
export type IssuedBy = (typeof ISSUERS)[number];

/** Whether a kept list may be polled: one that waits for the operator, or that he rejected, is not. */
export type ListState = 'approved' | 'waiting' | 'rejected';

/** What was decided of a list, and by whom: `operator`, or `watch` for one that waits. */
export interface ListDecision {
  readonly state: ListState;
  readonly by: string;
  readonly atMs: number;
  readonly note: string | null;
}

/** An imported report without its rows. */
export interface Attestation {
  readonly file: ReportFile;
  readonly entity: EntityId;
  readonly issuedBy: IssuedBy;
  /** When the publisher took the snapshot, ms since 1970, if known. */
  readonly asOfMs: number | null;
  readonly importedAtMs: number;
  readonly rows: number;
  readonly faults: number;
  readonly set: AddressSet;
  /** Host and path of the URL that it came from; absent where it was a file. */
  readonly origin?: string;
  /** How its set differed from that of the list in use when it came; absent for an entity's first list. */
  readonly change?: SetChange;
  /** The newest decision; absent where nobody had to decide: the list is approved. */
  readonly decision?: ListDecision;
}

/** Whether a list is approved, waits, or was rejected. */
export const stateOf = ({ decision }: Pick<Attestation, 'decision'>): ListState => decision?.state ?? 'approved';

/**
 * The list that stands for an entity, of its lists with the newest import first: the newest approved one that it issued itself,
 * else the newest of somebody else. So nobody else's list takes the place of the entity's own.
 */
export const listInUse = (reports: readonly Attestation[]): Attestation | null =>
  firstChoice(reports.filter((one) => stateOf(one) === 'approved'));

/** The list that would stand if the operator approved it, while he has not decided; null where nothing waits. */
export function listWaiting(reports: readonly Attestation[]): Attestation | null {
  const first = firstChoice(reports.filter((one) => stateOf(one) !== 'rejected'));
  return first && stateOf(first) === 'waiting' ? first : null;
}

const firstChoice = (reports: readonly Attestation[]): Attestation | null =>
  reports.find(({ issuedBy }) => issuedBy === 'publisher') ?? reports[0] ?? null;
