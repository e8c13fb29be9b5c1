import { parseJsonQuick } from '../../lib/json-quick.ts';
import type { LiabilityCheck } from '../types.ts';
import { createField, type Field } from './field.ts';
import { checkInclusion, type GlobalLink } from './inclusion.ts';

/** Some inclusion files' texts, and what they are judged against. */
export interface InclusionChunk {
  readonly files: readonly { readonly label: string; readonly text: string }[];
  readonly links: readonly GlobalLink[];
}

let field: Field | undefined;

/** The task of an inclusion thread: one result a file, in order. Each thread makes its field machine once. */
export async function checkChunk({ files, links }: InclusionChunk): Promise<readonly LiabilityCheck[]> {
  field ??= createField();
  const machine = field;
  return files.map(({ label, text }) => checkInclusion(parseJsonQuick(text), label, links, machine));
}
