import type { LiabilityBinding, LiabilityGrade } from '../domain/liability.ts';
import type { Result } from '../domain/result.ts';
import type { PhysicalLine } from '../lib/lines.ts';

/** Every proof format, by the name that `liabilities check --json` prints. */
export const LIABILITY_KINDS = [
  'okx-merkle-v1',
  'okx-merkle-v2',
  'okx-stark-v1-inclusion',
  'okx-stark-v1-sum',
  'okx-zk-v2-inclusion',
  'okx-zk-v2-global',
  'bitget',
  'mexc',
  'bybit',
  'htx',
  'coinex',
  'bitmex',
  'gateio',
  'binance',
  'leaf-list',
] as const;
export type LiabilityKind = (typeof LIABILITY_KINDS)[number];

/** What one check of a proof ended in; `skipped` names what was missing to make it. Names: check-names.ts. */
export interface ProofCheck {
  readonly name: string;
  readonly status: 'pass' | 'fail' | 'skipped';
  readonly detail: string;
}

/** A checked proof's grade: a statement's grade, or `zk-unpinned` (the circuit is only the file's own), or `none`. */
export type CheckGrade = LiabilityGrade | 'zk-unpinned' | 'none';

/** One total of a proof. */
export interface ProofTotal {
  readonly asset: string;
  /** Canonical decimal string. */
  readonly amount: string;
  /** What the amount counts: whole coins, or a coin's smallest units; null where the format fixes neither. */
  readonly unit: 'coins' | 'smallest-units' | null;
  /** Coins are amount / 10^decimals (0 for coins); null where nothing that the format fixes tells. */
  readonly decimals: number | null;
}

/** One entry of `reservewatch.liabilities/1`: what one proof was found to be. Holds no customer's id, amount or path. */
export interface LiabilityCheck {
  /** The file as given, or a numbered label where its name may identify a customer. */
  readonly file: string;
  /** What else the verdict rests on: other files of the call, a pinned circuit. */
  readonly uses: readonly string[];
  readonly kind: LiabilityKind;
  readonly verdict: 'valid' | 'invalid' | 'undecided';
  readonly grade: CheckGrade;
  readonly binding: LiabilityBinding;
  /** Empty when nothing is proven. */
  readonly totals: readonly ProofTotal[];
  /** The root as the format prints it, or null when none was established. */
  readonly root: string | null;
  readonly checks: readonly ProofCheck[];
  readonly caveats: readonly string[];
}

/** A file to check. Reading is lazy, so that a format can bound its work before it starts. */
export interface LiabilityFile {
  readonly name: string;
  readonly bytes: number;
  /** The whole file as UTF-8 text; an error when it is larger than `maxBytes` or cannot be read. */
  readText(maxBytes: number): Promise<Result<string>>;
  /** Physical lines without their ends, streamed, as many at a time as came together; from the start each time it is called. */
  readLines(): AsyncIterable<readonly PhysicalLine[]>;
  /**
   * The same bytes as they come, for formats that read very many short lines; each piece holds until the next one is asked for. Left
   * out where only lines are at hand.
   */
  readChunks?(): AsyncIterable<Uint8Array>;
}

/** A circuit's verifier data that somebody vouches for, and what is known about the rounds that it proves. */
export interface CircuitPin {
  readonly name: string;
  /** The whole verifier data, lower-case hex. */
  readonly verifierData: string;
  /** Who made the pin and how, for people. */
  readonly provenance: string;
  /** `known`: applies to its own rounds and digest; `given`: the user says that this is the circuit, whatever the round. */
  readonly scope: 'known' | 'given';
  readonly rounds: readonly string[];
  /** Parameters that the proof itself does not bind; null where nobody has established them. */
  readonly batchSize: number | null;
  readonly branchout: number | null;
  readonly levels: number | null;
  readonly tokenCount: number | null;
}

/** What the user and the shipped configuration bring to a check. */
export interface LiabilityOptions {
  readonly circuits: readonly CircuitPin[];
}

/** A file together with the kind that its content shows. */
export interface RecognisedFile {
  readonly file: LiabilityFile;
  readonly kind: LiabilityKind;
  /** Its place among all files of the call, from 1: what a customer's file is called by. Left out where these files are the whole call. */
  readonly place?: number;
}

/** A family of proof formats: one file or folder under src/liabilities/. */
export interface LiabilityFormat {
  readonly name: string;
  /** Recognises a file by its first bytes (at most 64 KiB, decoded as UTF-8), never by its name. */
  recognise(head: string): LiabilityKind | null;
  /**
   * Checks the files of one call, which form one set: an inclusion is judged against the global proof beside it, never only
   * against the root inside itself. One entry a proof, in the order of the files. Never throws for what a file holds.
   * `disabled` names checks that are left out, to show that a test notices: nothing but a test passes it.
   */
  check(
    files: readonly RecognisedFile[],
    options: LiabilityOptions,
    disabled?: ReadonlySet<string>,
  ): Promise<readonly LiabilityCheck[]>;
}
