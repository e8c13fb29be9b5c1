/** Ownership grades, strongest first. */
export const GRADES = [
  'address-bound',
  'owner-confirmed',
  'owner-bound',
  'key-only',
  'partial',
  'listed',
  'undecided',
  'invalid',
] as const;

/** How strong the proof of one row is (README, "Grades"). */
export type Grade = (typeof GRADES)[number];

/** What else is true of a row's proof. `message-variant:<which>` names the hash that matched. */
export type OwnershipFlag =
  | 'static-message'
  | 'foreign-message'
  | 'repeated-signature'
  | 'non-canonical'
  | 'duplicate-signer'
  | 'case-mismatch'
  | 'disputed'
  | `message-variant:${string}`;

/** All that a row offers as proof, as printed; absent cells are null. */
export interface OwnershipProof {
  readonly label: string;
  readonly network: string | null;
  readonly addressText: string;
  readonly message: string | null;
  readonly signature1: string | null;
  readonly signature2: string | null;
  readonly scriptOrPubkey: string | null;
  readonly owner1: string | null;
  readonly owner2: string | null;
  readonly rowType: string | null;
}

/** The verdict on one row's proof. */
export interface OwnershipVerdict {
  readonly grade: Grade;
  /** Which scheme was tried, e.g. `evm-text`, `bip137-p2wpkh`, `utxo-multisig`, `ed25519-raw`; null where none applies. */
  readonly scheme: string | null;
  /** Why it is not better, as a sentence; null for a plain success. */
  readonly reason: string | null;
  readonly flags: readonly OwnershipFlag[];
}

/** A count per grade with every key present. */
export type GradeCounts = Readonly<Record<Grade, number>>;

/** Whether the grade alone lets a row count as proven (flags may still forbid it). */
export const isProvingGrade = (grade: Grade): boolean => grade === 'address-bound' || grade === 'owner-confirmed';

/** Whether a verdict counts as proven: a proving grade, the message not foreign, the row not disputed. */
export const countsAsProven = (verdict: Pick<OwnershipVerdict, 'grade' | 'flags'>): boolean =>
  isProvingGrade(verdict.grade) && !verdict.flags.includes('foreign-message') && !verdict.flags.includes('disputed');
