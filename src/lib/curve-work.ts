import { createHash } from 'node:crypto';
import { INPUT_BYTES, openSharedResults, type SharedResults } from './shared-results.ts';

/** Operations on curves besides the recovery of secp256k1 keys, by the name under which they are counted. */
export const OTHER_OPERATIONS = ['ecdsa-verify', 'schnorr', 'ed25519', 'bls12-381', 'starknet'] as const;
export type OtherOperation = (typeof OTHER_OPERATIONS)[number];

/** How many of each were really done; those never done are absent. */
export type OperationCounts = Partial<Readonly<Record<OtherOperation, number>>>;

/** Counts with others added or taken away, in the order of their names; none that are zero. */
export function addCounts(one: OperationCounts, other: OperationCounts, sign: 1 | -1): OperationCounts {
  const sums = new Map(Object.entries(one));
  for (const [name, count] of Object.entries(other)) sums.set(name, (sums.get(name) ?? 0) + sign * count);
  return Object.fromEntries([...sums].filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The counts as a field, which is absent where there are none. */
export const countsIfAny = (counts: OperationCounts): { readonly otherOperations?: OperationCounts } =>
  Object.keys(counts).length === 0 ? {} : { otherOperations: counts };

let shared: SharedResults | null = null;
const counts = new Map<OtherOperation, number>();

/** Lets this thread share its results with the others of the run that were given the same memory; null ends it. */
export function shareResults(memory: SharedArrayBuffer | null): void {
  shared = memory === null ? null : openSharedResults(memory);
}

/** The results that the threads of this run share; null where there is one thread. */
export const sharedResults = (): SharedResults | null => shared;

/** What this thread did so far; what it or another thread answered from memory is not counted. */
export const otherOperations = (): OperationCounts => Object.fromEntries(counts);

/** Outcomes kept in this thread: an address is listed once an asset with one and the same signature. */
const KEPT = 32_768;
const kept = new Map<string, boolean>();

/** «Fits», as a result in shared memory. */
const FITS = new Uint8Array(1);

/**
 * Whether a signature fits: `check` is run once for each distinct kind and parts (key, message, signature) in the whole run, and
 * counted. `check` must be pure.
 */
export function fitsOnce(kind: OtherOperation, parts: readonly Uint8Array[], check: () => boolean): boolean {
  const counted = (): boolean => {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return check();
  };
  const digest = digestOf(kind, parts);
  if (shared !== null) {
    const outcome = shared.once(inputOf(digest), () => (counted() ? FITS : null));
    if (outcome !== undefined) return outcome !== null;
  }
  const key = digest.toString('latin1');
  const known = kept.get(key);
  if (known !== undefined) return known;
  const fits = counted();
  const oldest = kept.size >= KEPT ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(key, fits);
  return fits;
}

function digestOf(kind: OtherOperation, parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256').update(`${kind} ${parts.map(({ length }) => length).join(' ')}\n`);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The last byte tells it from the input of a recovery, whose last byte is a recovery id. */
function inputOf(digest: Uint8Array): Uint8Array {
  const input = new Uint8Array(INPUT_BYTES);
  input.set(digest);
  input[INPUT_BYTES - 1] = 0xff;
  return input;
}
