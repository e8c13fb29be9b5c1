import type Database from 'better-sqlite3';
import type { Grade, OwnershipFlag, OwnershipVerdict } from '../domain/ownership.ts';
import { sha256Hex } from '../lib/hash.ts';
import { stringifyJson } from '../lib/json.ts';
import { Decoder } from './codec.ts';
import { write } from './connection.ts';

/** A verdict's columns, wherever it is kept. */
export interface VerdictRow {
  readonly grade: Grade;
  readonly scheme: string | null;
  readonly reason: string | null;
  readonly flags: string;
}

/** The verdict of its columns. */
export const toVerdict = ({ grade, scheme, reason, flags }: VerdictRow): OwnershipVerdict => ({
  grade,
  scheme,
  reason,
  flags: Decoder.of(flags, 'flags').list((flag) => flag.text<OwnershipFlag>()),
});

/** The digest that a kept verdict carries: SHA-256 over its key and its columns. */
export const verdictDigest = (key: string, { grade, scheme, reason, flags }: VerdictRow): string =>
  sha256Hex(stringifyJson(['verdict', key, grade, scheme, reason, flags]));

/** Verdicts that were reached once and need not be again. */
export interface VerdictCache {
  /** Those of the keys that are known. */
  verdicts(keys: readonly string[]): ReadonlyMap<string, OwnershipVerdict>;
  /** Keeps verdicts for ever; the first one of a key stands, because a key names all inputs and the policy version. */
  putVerdicts(verdicts: ReadonlyMap<string, OwnershipVerdict>): void;
}

export function createVerdictCache(db: Database.Database): VerdictCache {
  const get = db.prepare<[string], VerdictRow>('SELECT grade, scheme, reason, flags FROM verdict WHERE key = ?');
  const put = db.prepare(
    `INSERT INTO verdict (key, grade, scheme, reason, flags, digest) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO NOTHING`,
  );
  return {
    verdicts(keys) {
      const found = new Map<string, OwnershipVerdict>();
      for (const key of keys) {
        const row = get.get(key);
        if (row) found.set(key, toVerdict(row));
      }
      return found;
    },
    putVerdicts: (verdicts) =>
      write(db, () => {
        for (const [key, { grade, scheme, reason, flags }] of verdicts) {
          const row: VerdictRow = { grade, scheme, reason, flags: stringifyJson(flags) };
          put.run(key, row.grade, row.scheme, row.reason, row.flags, verdictDigest(key, row));
        }
      }),
  };
}
