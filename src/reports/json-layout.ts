import type { ReportItem } from '../domain/attestation.ts';
import { beyondLimit, type Limits } from '../domain/limits.ts';
import { ok } from '../domain/result.ts';
import { type Json, parseJson } from '../lib/json.ts';
import type { PhysicalLine } from '../lib/lines.ts';
import type { ReportFormat } from '../seams.ts';
import { type Entry, itemOf } from './csv-layout.ts';
import { isBeyondField } from './report-cells.ts';

/** A layout of one JSON document. Entries are numbered by their position, as a document may have no lines at all. */
export interface JsonLayout {
  readonly name: string;
  readonly lookedFor: string;
  /** What its first bytes, which start with `{`, must contain. */
  readonly marks: readonly RegExp[];
  entries(document: Json): readonly Entry[] | Promise<readonly Entry[]>;
}

/** The reader of a JSON layout: a document that is cut, too long or not JSON is one fault, and no rows. */
export function jsonFormat(layout: JsonLayout): ReportFormat {
  return {
    name: layout.name,
    lookedFor: layout.lookedFor,
    document: true,
    recognise: (head) =>
      /^\s*\{/.test(head) && layout.marks.every((mark) => mark.test(head)) ? ok(layout.name) : null,
    read: (batches, limits) => read(layout, batches, limits),
  };
}

async function* read(
  layout: JsonLayout,
  batches: AsyncIterable<readonly PhysicalLine[]>,
  limits: Limits,
): AsyncGenerator<readonly ReportItem[]> {
  const texts: string[] = [];
  let length = 0;
  let unreadable: string | null = null;
  for await (const lines of batches) {
    for (const { line, text, fault } of lines) {
      length += text.length + 1;
      if (fault !== undefined) unreadable ??= `line ${line}: ${fault}`;
      if (length > limits.maxDocument) unreadable ??= `the document ${beyondLimit('maxDocument', limits)}`;
      if (unreadable === null) texts.push(text);
    }
  }
  const entries = await entriesOf(layout, texts, unreadable, limits);
  yield entries.map((entry, at) => itemOf(entry, at + 1));
}

async function entriesOf(
  layout: JsonLayout,
  texts: readonly string[],
  unreadable: string | null,
  limits: Limits,
): Promise<readonly Entry[]> {
  if (unreadable !== null) return [{ kind: 'fault', reason: unreadable }];
  const document = parseJson(texts.join('\n'));
  if (!document.ok) return [{ kind: 'fault', reason: document.error }];
  return (await layout.entries(document.value)).map((entry) => withinField(entry, limits));
}

/** The entry, or a fault where a text in it takes more bytes than a field may. */
function withinField(entry: Entry, limits: Limits): Entry {
  if (entry.kind === 'fault') return entry;
  const fields = Object.entries(entry.kind === 'row' ? entry.row : entry.summary);
  const beyond = fields.find(([, value]) => typeof value === 'string' && isBeyondField(value, limits));
  return beyond === undefined
    ? entry
    : { kind: 'fault', reason: `${entry.kind}: ${beyond[0]} ${beyondLimit('maxField', limits)}` };
}
