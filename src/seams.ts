import type { AddressSet, SetChange } from './domain/address-set.ts';
import type { AlertState, Delivery } from './domain/alert.ts';
import type { BaseUnits } from './domain/amount.ts';
import type {
  Attestation,
  IssuedBy,
  ListDecision,
  ListedRow,
  ReportFile,
  ReportItem,
  RowFault,
  SummaryLine,
} from './domain/attestation.ts';
import type { PublishedClaim } from './domain/claim.ts';
import type { SharedAccount } from './domain/dispute.ts';
import type { Address, AssetCode, AssetId, ChainId, EntityId, Sha256 } from './domain/ids.ts';
import type { Statement } from './domain/liability.ts';
import type { Limits } from './domain/limits.ts';
import type { ChainAsset, Network } from './domain/network.ts';
import type { OwnershipProof, OwnershipVerdict } from './domain/ownership.ts';
import type { PollRecord } from './domain/poll.ts';
import type { Result } from './domain/result.ts';
import type { SignatureHistory, SignatureSummary } from './domain/signature-history.ts';
import type { BalanceQuery, BalanceReading, BlockRef, ReadFailure } from './domain/snapshot.ts';
import type { Point } from './domain/solvency.ts';
import type { ReportTrust } from './domain/trust.ts';

/** The clock and its timers: the only way to know the time or to wait. */
export interface Clock {
  /** Wall clock, ms since 1970: for labels. */
  now(): number;
  /** Monotonic ms: for durations. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** One request as the adapters make it. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The most response bytes (after decompression) that are read. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** For an answer whose status is all that counts: at the cap its body is cut, and an encoded body left unread, instead of failing. */
  readonly cutAtCap?: boolean;
  /** For a file: the response's body holds one character (0-255) a byte instead of UTF-8 text. */
  readonly binary?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Why no response came. The message names the host at most, never path, query or credentials. */
export interface HttpFailure {
  readonly code: 'timeout' | 'unreachable' | 'too_large' | 'blocked' | 'aborted';
  readonly message: string;
}

/** Outgoing HTTP: never follows a redirect, always ends by the deadline, never throws. */
export interface HttpClient {
  request(request: HttpRequest, signal: AbortSignal): Promise<Result<HttpResponse, HttpFailure>>;
}

/** One endpoint of one operator group, as the config names it. */
export interface ProviderOptions {
  readonly network: Network;
  /** What people see; never the URL. */
  readonly name: string;
  readonly group: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Deadline of one request and cap of one response. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** What the admission probes found. `requests` counts HTTP requests, probes included. */
export interface Admission {
  readonly client: string;
  readonly chainProof: string;
  readonly headHeight: bigint;
  readonly headTimeMs: number;
  readonly finalHeight: bigint | null;
  /** Which way of reading balances the endpoint supports, e.g. `state-override`, `batch`, `utxo-walk`. */
  readonly reader: string;
}

/** A live connection to one provider of one chain. */
export interface ChainAdapter {
  readonly chain: ChainId;
  readonly provider: string;
  readonly group: string;
  readonly capabilities: {
    readonly history: 'none' | 'recent' | 'archive';
    readonly pins: boolean;
    readonly maxBatch: number;
  };
  /** HTTP requests made so far: read before and after to count a poll's. */
  requestCount(): number;
  /** Probes: chain id, genesis, unknown-hash canary must fail, far-future height must fail, lag. */
  admit(signal: AbortSignal): Promise<Result<Admission, ReadFailure>>;
  /** The newest block that is final by the network's rule (or the newest block, marked not_final, where none is yet). */
  finalTip(signal: AbortSignal): Promise<Result<BlockRef, ReadFailure>>;
  blockAt(height: bigint, signal: AbortSignal): Promise<Result<BlockRef, ReadFailure>>;
  /** The last final block at or before the time. */
  blockAtTime(timeMs: number, signal: AbortSignal): Promise<Result<BlockRef, ReadFailure>>;
  /** One result a query, in the order asked, all at that block where the protocol can. Never throws, never guesses. */
  readBalances(
    queries: readonly BalanceQuery[],
    at: BlockRef,
    signal: AbortSignal,
  ): Promise<readonly Result<BalanceReading, ReadFailure>[]>;
  /** A token's total supply at that block. */
  readSupply(asset: ChainAsset, at: BlockRef, signal: AbortSignal): Promise<Result<BalanceReading, ReadFailure>>;
  /** Decimals and code hash of tokens at that block, one result an asset, in the order asked; absent where the chain has none. */
  readMetadata?(
    assets: readonly ChainAsset[],
    at: BlockRef,
    signal: AbortSignal,
  ): Promise<readonly Result<{ readonly decimals: number; readonly codeHash: string }, ReadFailure>[]>;
  close(): Promise<void>;
}

/** A pure verifier of ownership proofs for the networks of one family. */
export interface OwnershipVerifier {
  /** The grade of one proof; well-formed but unsupported schemes are `undecided`, never guessed. Never throws. */
  verify(proof: OwnershipProof, network: Network): OwnershipVerdict;
}

/** What every chains/<family>/index.ts exports as `family`. */
export interface ChainFamily {
  readonly name: string;
  /** CAIP-2 namespace, e.g. `eip155`. */
  readonly namespace: string;
  /** Decodes with checksum for that very network and returns the canonical spelling. */
  parseAddress(text: string, network: Network): Result<Address>;
  /** Canonical spelling of a token's contract or mint. */
  parseTokenReference(text: string, network: Network): Result<string>;
  readonly ownership: OwnershipVerifier;
  /** Checks the network's params and makes an adapter; opens no connection yet. */
  connect(options: ProviderOptions): Result<ChainAdapter>;
}

/** A published layout: one file under src/reports/. */
export interface ReportFormat {
  readonly name: string;
  /** What it looks for, for the error when nothing matches. */
  readonly lookedFor: string;
  /** True where a file is one document and its line ends mean nothing: a line may then be as long as a document. */
  readonly document?: true;
  /**
   * Recognises a file by its first bytes (at most 64 KiB, decoded as UTF-8, BOM removed), never by its name: the exact form;
   * null where it is not this layout; an error where it is, but its header cannot be used.
   */
  recognise(head: string): Result<string> | null;
  /**
   * Reads physical lines (1-based, without line ends, BOM removed; `fault`: not readable as text) into items, in file order;
   * both come many at a time, as a file has hundreds of thousands. What is larger than `limits` allow is a fault.
   */
  read(
    lines: AsyncIterable<readonly { readonly line: number; readonly text: string; readonly fault?: string }[]>,
    limits: Limits,
  ): AsyncIterable<readonly ReportItem[]>;
  readonly rowLines?: RowLines;
}

/** How to read rows apart from one another, on any thread: for layouts with one row a line. */
export interface RowLines {
  /**
   * After how many lines of the head (the text that `recognise` gets) every line stands alone, and what it takes to read those (a value
   * that can be sent to a thread); null where the head does not tell.
   */
  find(head: string, limits: Limits): { readonly after: number; readonly layout: unknown } | null;
  /**
   * What `read` makes of one line behind those: its item, null for none; `header` where the lines after it no longer stand alone, so
   * that the whole file must be read in order.
   */
  read(layout: unknown, line: number, text: string, limits: Limits): ReportItem | null | 'header';
}

/** A receiver of alert events. */
export interface Notifier {
  readonly name: string;
  send(delivery: Delivery, signal: AbortSignal): Promise<SendOutcome>;
}

export type SendOutcome =
  | { readonly kind: 'delivered'; readonly status: number | null }
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs: number | null }
  /** Will never succeed; `disable` where the receiver asked to be left alone (410). */
  | { readonly kind: 'rejected'; readonly reason: string; readonly disable: boolean };

/** What an import hands to the store, rows streamed in file order. */
export interface ReportImport {
  readonly file: ReportFile;
  readonly entity: EntityId;
  /** Default: its publisher. */
  readonly issuedBy?: IssuedBy;
  readonly asOfMs: number | null;
  readonly importedAtMs: number;
  readonly summaries: readonly SummaryLine[];
  readonly faults: readonly RowFault[];
  readonly rows: Iterable<{ readonly listed: ListedRow; readonly verdict: OwnershipVerdict }>;
  /** Host and path of the URL that it came from; null where it was a file. */
  readonly origin?: string | null;
  /**
   * Judges the list once its rows are in the store, in the transaction that keeps them: how its set differs from that of the
   * list in use, and what is decided of it (null: nothing, it is approved). Default: neither.
   */
  readonly judge?: (set: AddressSet) => {
    readonly change: SetChange | null;
    readonly decision: ListDecision | null;
  };
}

/** One distinct cell that an entity's newest report lists: duplicate rows are merged, their claims kept once. */
export interface TrackedCell {
  readonly address: Address;
  readonly assetId: AssetId;
  readonly asset: AssetCode;
  /** Coin units as claimed, canonical decimal. */
  readonly claimed: string;
  /** True where no row of the cell states an amount: `claimed` is 0 then, and bounds nothing. */
  readonly unstated?: true;
  readonly line: number;
  readonly verdict: OwnershipVerdict;
  /** Lines of later rows that list the same cell again: their claims are not added. */
  readonly repeatedAt?: readonly number[];
  /** Whose lists put the cell in doubt: then the verdict is flagged `disputed`. Absent where nobody's do, and in what the store keeps. */
  readonly disputedWith?: readonly EntityId[];
}

/** What one list claims of a cell, by its first line of it. */
export type ClaimedCell = Pick<TrackedCell, 'address' | 'assetId' | 'asset' | 'claimed' | 'unstated' | 'line'>;

/** A cell that at least one of two lists tracks (null: that one does not), and the amount of its last complete reading, if any. */
export interface ComparedCell {
  readonly before: ClaimedCell | null;
  readonly after: ClaimedCell | null;
  readonly lastRead: BaseUnits | null;
}

/** A row of a kept report as it was imported, with the verdict that was reached then. */
export interface KeptRow {
  readonly listed: ListedRow;
  readonly verdict: OwnershipVerdict;
}

/** A listed row that cannot be polled: no adapter or registry entry for its chain. */
export interface UnreadRow {
  readonly asset: AssetCode | null;
  readonly label: string;
  readonly claimed: string;
  /** True where the row states no amount: `claimed` is 0 then, and bounds nothing. */
  readonly unstated?: true;
  readonly line: number;
  readonly reason: string;
  /** Whose lists claim its account too. */
  readonly disputedWith?: readonly EntityId[];
}

/** The last complete reading of a cell. */
export interface LastReading {
  readonly amount: BaseUnits;
  readonly poll: number;
  readonly height: bigint;
  readonly atMs: number;
}

/** A stored poll's own facts. */
export interface PollHead {
  readonly poll: number;
  readonly entity: EntityId;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** Hash of the poll's header, which binds the RFC 6962 root of its rows to the header before. */
  readonly rootHash: Sha256;
  /** The same of the poll before, of any entity; 64 zeros before the first. */
  readonly previousRootHash: Sha256;
}

/** A point as stored, with its poll. */
export interface StoredPoint {
  readonly poll: number;
  readonly startedAtMs: number;
  readonly point: Point;
}

/** What `db check` found: every list empty when clean. */
export interface StoreCheck {
  readonly polls: number;
  readonly rows: number;
  readonly faults: readonly string[];
}

/** How large the history is. */
export interface StoreStats {
  /** Version of the schema. */
  readonly schema: number;
  readonly bytes: number;
  /** The newest poll and the hash of its header; null before the first. */
  readonly head: { readonly poll: number; readonly hash: Sha256 } | null;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/** One kept list of one entity. */
export interface KeptList {
  readonly report: Sha256;
  readonly entity: EntityId;
}

/** The history. Append-only; every method is one transaction; corrections supersede. */
export interface Store {
  /** Keeps a report and its rows whole; `known` where this sha256 is already there for this entity. */
  importReport(report: ReportImport): 'stored' | 'known';
  reports(entity?: EntityId): readonly Attestation[];
  /** Records what was decided of a kept list: the newest decision holds. False where it is not kept for the entity. */
  decideReport(report: Sha256, entity: EntityId, decision: ListDecision): boolean;
  /** Records who issued a kept list; the same again changes nothing, another word supersedes the one before. */
  recordIssuer(report: Sha256, entity: EntityId, issuedBy: IssuedBy, atMs: number): void;
  /** The accounts that two kept lists both claim, by the own list's lines; rows not understood are not compared. */
  sharedAccounts(own: KeptList, other: KeptList): readonly SharedAccount[];
  trackedCells(report: Sha256, entity: EntityId): readonly TrackedCell[];
  /** The tracked cells of two kept lists by asset id and address, each once; read as they are asked for, so that long lists cost no memory. */
  comparedCells(before: Sha256, after: Sha256, entity: EntityId): IterableIterator<ComparedCell>;
  unreadRows(report: Sha256, entity: EntityId): readonly UnreadRow[];
  /** Every row of a kept report, or those of the addresses (canonical, or as printed), by chain, address and line; read as they are asked for. */
  listedRows(report: Sha256, entity: EntityId, addresses?: readonly string[]): IterableIterator<KeptRow>;

  /** The addresses (canonical, or as printed) that on some chain only one of two kept lists has; those that only name an owner left out. */
  changedAddresses(one: Sha256, other: Sha256, entity: EntityId): readonly string[];

  /** What is known of a signature, however it is spelled: one entry an entity whose kept reports carry it, oldest first. */
  signatureHistory(signature: string): readonly SignatureHistory[];
  /** What a kept report's signatures are beside those of the entity's older reports. */
  signatureSummary(report: Sha256, entity: EntityId): SignatureSummary;
  /** Whether a kept report of any entity, seen at that time or before, carries a signature of the row at another address. */
  carriedElsewhere(listed: ListedRow, untilMs: number): boolean;
  /** How well a kept report's claims are proven, one entry a ratio asset (or unknown label), or of one asset only. */
  reportTrust(report: Sha256, entity: EntityId, asset?: AssetCode): readonly ReportTrust[];
  /** The report whose cells a poll read; null where it had none. */
  reportOfPoll(poll: number): Sha256 | null;

  /** The same statement again changes nothing; another figure of the same source, asset and as-of supersedes the one before. */
  addStatement(statement: Statement): void;
  /** All statements of a kind that nothing supersedes, newest as-of first. */
  statements(entity: EntityId, kind: Statement['kind']): readonly Statement[];

  /** Keeps published figures in one transaction and gives how many are new: the same claim again changes nothing. */
  addClaims(claims: readonly PublishedClaim[]): number;
  /** All published figures about an entity, or about all, in the order in which they were kept. */
  claims(entity?: EntityId): readonly PublishedClaim[];

  /** Verdicts by (row inputs hash, policy version). */
  verdicts(keys: readonly string[]): ReadonlyMap<string, OwnershipVerdict>;
  putVerdicts(verdicts: ReadonlyMap<string, OwnershipVerdict>): void;

  /** The last complete reading of each cell, by `cellKey` of src/domain/snapshot.ts. */
  lastReadings(entity: EntityId): ReadonlyMap<string, LastReading>;
  /**
   * What cells held when a list came into use, by `cellKey`: at the first poll of the newest run of polls on it, their last reading
   * up to then, else their first one in that run. Empty where the list was never polled.
   */
  readingsAtStart(report: Sha256, entity: EntityId): ReadonlyMap<string, BaseUnits>;
  /** Decimals and code hash pinned at first contact, by asset. */
  pinnedMetadata(asset: AssetId): string | null;
  pinMetadata(asset: AssetId, metadata: string): void;
  alertStates(entity: EntityId): readonly AlertState[];
  /** Poll, balances that changed, coverage, points, alert state and outbox rows: one transaction. Returns the poll number. */
  commitPoll(record: PollRecord): number;

  dueDeliveries(nowMs: number, limit: number): readonly Delivery[];
  recordDelivery(id: string, change: Pick<Delivery, 'state' | 'attempts' | 'notBeforeMs' | 'lastError'>): void;
  enqueueDelivery(delivery: Delivery): void;
  deliveries(state: Delivery['state'], limit: number): readonly Delivery[];

  latestPoints(entity?: EntityId): readonly StoredPoint[];
  points(entity: EntityId, asset: AssetCode, fromMs: number, toMs: number): readonly StoredPoint[];
  latestPoll(entity: EntityId): PollHead | null;
  /**
   * Cells of an asset whose balance changed most (absolute), largest first: between the newest poll and the last one that
   * started at or before `sinceMs` (by default the poll before the newest).
   */
  largestMoves(entity: EntityId, asset: AssetCode, limit: number, sinceMs?: number): readonly Move[];

  /** Takes the poller's lock, or says who holds it. Refresh by calling again with the same owner. */
  lockPoller(owner: string, nowMs: number, ttlMs: number): Result<void>;
  unlockPoller(owner: string): void;
  check(): StoreCheck;
  stats(): StoreStats;
  /** Copies the database to a new file, checked before it gets its name; refuses to overwrite. */
  backup(path: string): Promise<Result<void>>;
  close(): void;
}

/** How much one cell moved since the last differing reading. */
export interface Move {
  readonly address: Address;
  readonly assetId: AssetId;
  readonly before: BaseUnits;
  readonly after: BaseUnits;
}
