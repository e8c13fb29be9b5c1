import { type ListedRow, OWNER_ROW, type ReportRow } from './domain/attestation.ts';
import { addressKey } from './lib/address-key.ts';
import { createPairHasher, createPairIndex } from './lib/pair-index.ts';
import { createSeenIndex, createTextHasher } from './lib/seen-index.ts';

/** Only so many lines of repeated cells are named. */
const NAMED_LINES = 20;

/** Cells (asset and address) that several rows list; their claims stand in the sums as often as they are printed. */
export interface RepeatedCells {
  /** Rows whose cell an earlier row lists already. */
  readonly rows: number;
  /** Lines of the first of them. */
  readonly lines: readonly number[];
}

/** What must be remembered of every row to tell which signatures and cells a file has more than once. */
export interface FileMarks {
  addSignatures(row: ReportRow): void;
  addCell(listed: ListedRow): void;
  /** Adds what another thread packed of lines that begin after so many. */
  addPacked(marks: PackedMarks, linesBefore: number): void;
  /** Whether one of the row's signatures was added with two different addresses so far. */
  hasSharedSignature(row: ReportRow): boolean;
  rowsWithSharedSignature(): number;
  repeatedCells(): RepeatedCells;
}

/** Hashes of many rows on their way from another thread. */
export interface PackedMarks {
  readonly signatures: Uint32Array<ArrayBuffer>;
  readonly cells: Uint32Array<ArrayBuffer>;
}

/** Marks of a whole file in bounded memory: hashes of texts, under an unpredictable salt. */
export function createFileMarks(salt: string): FileMarks {
  const signatures = createPairIndex(salt);
  const cellHash = createTextHasher(salt);
  const cells = createSeenIndex();
  const lines: number[] = [];
  let repeated = 0;

  function addCell(a: number, b: number, line: number): void {
    if (!cells.add(a, b)) return;
    repeated += 1;
    if (lines.length < NAMED_LINES) lines.push(line);
  }

  return {
    addSignatures: (row) => signatures.add(signaturesOf(row), addressKey(row.addressText)),
    addCell(listed) {
      const key = cellOf(listed);
      if (key !== null) addCell(...cellHash(key), listed.row.line);
    },
    addPacked(marks, linesBefore) {
      signatures.addPacked(marks.signatures);
      for (let at = 0; at < marks.cells.length; at += 3) {
        addCell(
          marks.cells[at] as number,
          marks.cells[at + 1] as number,
          (marks.cells[at + 2] as number) + linesBefore,
        );
      }
    },
    hasSharedSignature: (row) => signatures.isShared(signaturesOf(row)),
    rowsWithSharedSignature: () => signatures.sharedEntries(),
    repeatedCells: () => ({ rows: repeated, lines }),
  };
}

/** Packs marks for `addPacked` of marks with the same salt. */
export function createMarkPacker(salt: string): { add(listed: ListedRow): void; take(): PackedMarks } {
  const signatures = createPairHasher(salt);
  const cellHash = createTextHasher(salt);
  let cells = new Uint32Array(3 * 256);
  let used = 0;
  return {
    add(listed) {
      signatures.add(signaturesOf(listed.row), addressKey(listed.row.addressText));
      const key = cellOf(listed);
      if (key === null) return;
      if (used === cells.length) {
        const larger = new Uint32Array(cells.length * 2);
        larger.set(cells);
        cells = larger;
      }
      const [a, b] = cellHash(key);
      cells[used] = a;
      cells[used + 1] = b;
      cells[used + 2] = listed.row.line;
      used += 3;
    },
    take() {
      const taken = { signatures: signatures.take(), cells: cells.slice(0, used) };
      used = 0;
      return taken;
    },
  };
}

/** Null for a row that names an owner only: it claims nothing. */
function cellOf({ row, resolved, address }: ListedRow): string | null {
  if (row.rowType === OWNER_ROW && row.unstated) return null;
  const asset = resolved.assetId ?? `${resolved.chain ?? row.network ?? ''} ${row.label}`;
  return `${asset}\n${address ?? row.addressText}`;
}

/** A row's signatures without `0x` and in one case: both are spelling in hex, and case alone never makes two others equal. */
function signaturesOf({ signature1, signature2 }: ReportRow): readonly string[] {
  if (signature1 === null) return signature2 === null ? [] : [spelledOneWay(signature2)];
  return signature2 === null ? [spelledOneWay(signature1)] : [spelledOneWay(signature1), spelledOneWay(signature2)];
}

const spelledOneWay = (signature: string): string => {
  const lower = signature.toLowerCase();
  return lower.startsWith('0x') ? lower.slice(2) : lower;
};
