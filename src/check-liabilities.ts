import { basename } from 'node:path';
import type { Result } from './domain/result.ts';
import { mayName } from './liabilities/merkle/file-label.ts';
import { merkle } from './liabilities/merkle/format.ts';
import { okxStarkV1 } from './liabilities/okx-stark-v1/format.ts';
import { okxZkV2 } from './liabilities/okx-zk-v2/format.ts';
import {
  LIABILITY_KINDS,
  type LiabilityCheck,
  type LiabilityFile,
  type LiabilityFormat,
  type LiabilityKind,
  type LiabilityOptions,
  type RecognisedFile,
} from './liabilities/types.ts';
import { zkmerkle } from './liabilities/zkmerkle/format.ts';

/** Every family of proof formats, by folder under src/liabilities/; asked in this order, the first that knows a file has it. */
const FORMATS: readonly LiabilityFormat[] = [okxZkV2, okxStarkV1, zkmerkle, merkle];

/** A file of the call, with its beginning. */
export interface CallFile extends LiabilityFile {
  /** Whether it was named itself, or came with a folder. */
  readonly origin: 'given' | 'folder';
  /** The first bytes (at most 64 KiB) as UTF-8 text. */
  readHead(): Promise<Result<string>>;
}

/** One entry of `reservewatch.liabilities/1`; `kind` is null where no format knows the file. */
export type LiabilityEntry = Omit<LiabilityCheck, 'kind'> & { readonly kind: LiabilityKind | null };

/** What a call's files were found to be. */
export interface CheckedLiabilities {
  readonly entries: readonly LiabilityEntry[];
  readonly warnings: readonly string[];
}

/** Names as exchanges give them: a file of a folder that is called so, but is none, is not passed over. */
const PROOF_NAME = /proof|merk(?:le|el)|inclusion|liabilit|sum_values|user_(?:config|info)|^PoR/i;

/**
 * Checks the files of one call, which form one set: each goes to the format that its content shows, whatever its name. A file that no
 * format knows is an undecided entry; one that merely lies in a folder beside proofs is a warning.
 */
export async function checkLiabilities(
  files: readonly CallFile[],
  options: LiabilityOptions,
): Promise<CheckedLiabilities> {
  const families = new Map<LiabilityFormat, RecognisedFile[]>();
  const unknown: UnknownFile[] = [];
  for (const [i, file] of files.entries()) {
    const head = await file.readHead();
    const known = head.ok ? recognise(head.value) : null;
    if (known === null) {
      const label = mayName(basename(file.name)) ? `file ${i + 1}` : file.name;
      unknown.push({ file, label, reason: head.ok ? LOOKED_FOR : head.error, read: head.ok });
      continue;
    }
    const family = families.get(known.format) ?? [];
    family.push({ file, kind: known.kind, place: i + 1 });
    families.set(known.format, family);
  }
  const entries: LiabilityEntry[] = [];
  for (const format of FORMATS) {
    const family = families.get(format);
    if (family !== undefined) entries.push(...(await format.check(family, options)));
  }
  const hasProofs = entries.length > 0;
  const passedOver = unknown.filter((one) => hasProofs && liesBeside(one));
  for (const one of unknown) if (!hasProofs || !liesBeside(one)) entries.push(unknownEntry(one));
  const names = passedOver.map(({ label }) => label);
  return { entries, warnings: namesWarning('passed over, as no proof that is known', names) };
}

/** A file that no format knows. */
interface UnknownFile {
  readonly file: CallFile;
  /** Its name as given, or its place in the call where the name may be a customer's id. */
  readonly label: string;
  readonly reason: string;
  /** Whether its beginning could be read at all. */
  readonly read: boolean;
}

/** Whether nothing but its folder says that a file belongs to the call. */
const liesBeside = ({ file, read }: UnknownFile): boolean =>
  read && file.origin === 'folder' && !PROOF_NAME.test(basename(file.name));

const LOOKED_FOR = `looked for the contents of ${LIABILITY_KINDS.join(', ')}: none of them`;

function recognise(head: string): { readonly format: LiabilityFormat; readonly kind: LiabilityKind } | null {
  const text = head.startsWith('\uFEFF') ? head.slice(1) : head;
  for (const format of FORMATS) {
    const kind = format.recognise(text);
    if (kind !== null) return { format, kind };
  }
  return null;
}

const unknownEntry = ({ label, reason }: UnknownFile): LiabilityEntry => ({
  file: label,
  uses: [],
  kind: null,
  verdict: 'undecided',
  grade: 'none',
  binding: 'none',
  totals: [],
  root: null,
  checks: [{ name: 'format', status: 'skipped', detail: reason }],
  caveats: [],
});

/** The most names that one warning lists. */
const NAMES_SHOWN = 10;

/** One warning with the first of the names that it is about; none where there are no names. */
export function namesWarning(what: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
  return [`${what}: ${names.slice(0, NAMES_SHOWN).join(', ')}${more}`];
}
