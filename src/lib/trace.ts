/** A value of a step: bytes stand as lower-case hex without prefix. */
export type TraceValue = string | number | boolean | null;

/** One thing that a verifier did on the way to its verdict, in the order done; all bytes as lower-case hex without prefix. */
export type TraceStep =
  /** Begins a part of the row, such as one of its signatures. */
  | { readonly step: 'part'; readonly what: string }
  /** Begins one way of making the signed bytes; where it does not count it is tried for the diagnosis only. */
  | { readonly step: 'try'; readonly what: string; readonly counts: boolean }
  /** A cell was read. */
  | { readonly step: 'read'; readonly what: string; readonly fields: Readonly<Record<string, TraceValue>> }
  /** Exactly these bytes were hashed by that function. */
  | { readonly step: 'hash'; readonly function: string; readonly input: string; readonly output: string }
  /** A key was recovered from an ECDSA signature of the digest (65 bytes, uncompressed; null where there is none). */
  | {
      readonly step: 'recover';
      readonly curve: 'secp256k1';
      readonly digest: string;
      readonly r: string;
      readonly s: string;
      readonly recoveryId: number;
      readonly key: string | null;
    }
  /** A signature of these bytes was checked against a key. */
  | {
      readonly step: 'verify';
      readonly algorithm: string;
      readonly key: string;
      readonly signed: string;
      readonly signature: string;
      readonly holds: boolean;
    }
  /** Two things were compared, in text or hex. */
  | {
      readonly step: 'compare';
      readonly what: string;
      readonly found: string;
      readonly wanted: string;
      readonly equal: boolean;
    };

type Bytes = Uint8Array | string;

/** Takes down what is done; every method copies what it is given. Text that stands for bytes counts as its UTF-8. */
export interface Tracer {
  part(what: string): void;
  attempt(what: string, counts?: boolean): void;
  read(what: string, fields: Readonly<Record<string, TraceValue | Uint8Array>>): void;
  hash(name: string, input: Bytes, output: Uint8Array): void;
  recover(digest: Uint8Array, rs: Uint8Array, recoveryId: number, key: Uint8Array | null): void;
  verify(algorithm: string, key: Uint8Array, signed: Uint8Array, signature: Uint8Array, holds: boolean): void;
  compare(what: string, found: Bytes, wanted: Bytes, equal: boolean): void;
}

/**
 * The tracer while `withTrace` runs, else null: `trace?.hash(…)` then costs one comparison and does not even make its arguments.
 * Whatever remembers results must make them anew while it is on, so that the steps are there.
 */
export let trace: Tracer | null = null;

/** Runs something synchronous and hands back what it returned, with every step that it took. Pure functions give the same steps each time. */
export function withTrace<T>(run: () => T): readonly [T, readonly TraceStep[]] {
  const steps: TraceStep[] = [];
  const outer = trace;
  trace = createTracer(steps);
  try {
    return [run(), steps];
  } finally {
    trace = outer;
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const plainOf = (value: TraceValue | Uint8Array): TraceValue => (value instanceof Uint8Array ? hex(value) : value);
const textOf = (value: Bytes): string => (typeof value === 'string' ? value : hex(value));

const createTracer = (steps: TraceStep[]): Tracer => ({
  part: (what) => steps.push({ step: 'part', what }),
  attempt: (what, counts = true) => steps.push({ step: 'try', what, counts }),
  read(what, fields) {
    const read = Object.entries(fields).map(([name, value]): [string, TraceValue] => [name, plainOf(value)]);
    steps.push({ step: 'read', what, fields: Object.fromEntries(read) });
  },
  hash(name, input, output) {
    const bytes = typeof input === 'string' ? Buffer.from(input, 'utf8') : input;
    steps.push({ step: 'hash', function: name, input: hex(bytes), output: hex(output) });
  },
  recover(digest, rs, recoveryId, key) {
    const [r, s] = [hex(rs.subarray(0, 32)), hex(rs.subarray(32))];
    steps.push({
      step: 'recover',
      curve: 'secp256k1',
      digest: hex(digest),
      r,
      s,
      recoveryId,
      key: key === null ? null : hex(key),
    });
  },
  verify(algorithm, key, signed, signature, holds) {
    steps.push({
      step: 'verify',
      algorithm,
      key: hex(key),
      signed: hex(signed),
      signature: hex(signature),
      holds,
    });
  },
  compare: (what, found, wanted, equal) =>
    steps.push({ step: 'compare', what, found: textOf(found), wanted: textOf(wanted), equal }),
});
