import { parseJsonQuick } from '../../lib/json-quick.ts';
import { createChecklist } from '../checklist.ts';
import type { LiabilityCheck } from '../types.ts';
import { createField, type Field } from './field.ts';
import { checkInclusion, type Globals } from './inclusion.ts';

/** Some inclusion files' texts, and what they are judged against. */
export interface InclusionChunk {
  readonly files: readonly { readonly label: string; readonly text: string }[];
  readonly globals: Globals;
  /** Checks that a test leaves out. */
  readonly disabled: ReadonlySet<string>;
}

let field: Field | undefined;

/** The task of an inclusion thread: one result a file, in order. Each thread makes its field machine once. */
export async function checkChunk({ files, globals, disabled }: InclusionChunk): Promise<readonly LiabilityCheck[]> {
  field ??= createField();
  const machine = field;
  return files.map(({ label, text }) =>
    checkInclusion(parseJsonQuick(text), label, globals, machine, createChecklist(disabled)),
  );
}
