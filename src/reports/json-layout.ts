import type { ReportItem } from '../domain/attestation.ts';
import { ok } from '../domain/result.ts';
import { type Json, parseJson } from '../lib/json.ts';
import type { PhysicalLine } from '../lib/lines.ts';
import type { ReportFormat } from '../seams.ts';
import { type Entry, itemOf } from './csv-layout.ts';

/** Longest JSON document that is read: it has to be in memory whole. */
const MAX_DOCUMENT_LENGTH = 64 * 1024 * 1024;

/** A layout of one JSON document. Entries are numbered by their position, as a document may have no lines at all. */
export interface JsonLayout {
  readonly name: string;
  readonly lookedFor: string;
  /** What its first bytes, which start with `{`, must contain. */
  readonly marks: readonly RegExp[];
  entries(document: Json): readonly Entry[];
}

/** The reader of a JSON layout: a document that is cut, too long or not JSON is one fault, and no rows. */
export function jsonFormat(layout: JsonLayout): ReportFormat {
  return {
    name: layout.name,
    lookedFor: layout.lookedFor,
    recognise: (head) =>
      /^\s*\{/.test(head) && layout.marks.every((mark) => mark.test(head)) ? ok(layout.name) : null,
    read: (batches) => read(layout, batches),
  };
}

async function* read(
  layout: JsonLayout,
  batches: AsyncIterable<readonly PhysicalLine[]>,
): AsyncGenerator<readonly ReportItem[]> {
  const texts: string[] = [];
  let length = 0;
  let unreadable: string | null = null;
  for await (const lines of batches) {
    for (const { line, text, fault } of lines) {
      length += text.length + 1;
      if (fault !== undefined) unreadable ??= `line ${line}: ${fault}`;
      if (length > MAX_DOCUMENT_LENGTH) unreadable ??= `the document is longer than ${MAX_DOCUMENT_LENGTH} characters`;
      if (unreadable === null) texts.push(text);
    }
  }
  yield entriesOf(layout, texts, unreadable).map((entry, at) => itemOf(entry, at + 1));
}

function entriesOf(layout: JsonLayout, texts: readonly string[], unreadable: string | null): readonly Entry[] {
  if (unreadable !== null) return [{ kind: 'fault', reason: unreadable }];
  const document = parseJson(texts.join('\n'));
  return document.ok ? layout.entries(document.value) : [{ kind: 'fault', reason: document.error }];
}
