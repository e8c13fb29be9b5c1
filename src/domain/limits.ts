/** What is read of one published file at most: whatever lies beyond is refused by name, never silently cut. */
export interface Limits {
  /** Bytes of a file, after unpacking: it is streamed. */
  readonly maxBytes: number;
  /** Bytes of one record: a line of a file of lines. */
  readonly maxRecord: number;
  /** UTF-8 bytes of one field. */
  readonly maxField: number;
  /** Bytes of a document that has no lines (JSON): it is in memory whole. */
  readonly maxDocument: number;
  /** Unpacked bytes a packed byte; only counted once a MiB came out, as no small file is a bomb. */
  readonly maxRatio: number;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/** What is read where nobody says otherwise. */
export const LIMITS: Limits = {
  maxBytes: 512 * MIB,
  maxRecord: MIB,
  maxField: 64 * KIB,
  maxDocument: 64 * MIB,
  maxRatio: 100,
};

/** The command line flag that raises each limit. */
export const LIMIT_FLAGS: Readonly<Record<keyof Limits, string>> = {
  maxBytes: '--max-bytes',
  maxRecord: '--max-record',
  maxField: '--max-field',
  maxDocument: '--max-document',
  maxRatio: '--max-ratio',
};

/** «is larger than 65536 bytes (--max-field raises this cap)»: which cap something broke, and what raises it. */
export const beyondLimit = (limit: Exclude<keyof Limits, 'maxRatio'>, limits: Limits): string =>
  `is larger than ${limits[limit]} bytes (${LIMIT_FLAGS[limit]} raises this cap)`;
