import type { ReportItem } from '../domain/attestation.ts';
import { quote } from '../domain/ids.ts';
import { beyondLimit, type Limits } from '../domain/limits.ts';
import { ok } from '../domain/result.ts';
import type { PhysicalLine } from '../lib/lines.ts';
import type { ReportFormat } from '../seams.ts';
import { createHeader, isRecordBlock } from './bitmex-header.ts';
import { addLine, type BitmexRecord, beginRecord, needsOf, rowOf, spoil } from './bitmex-record.ts';
import { faultAt, isBeyondField } from './report-cells.ts';
import { readYamlLine, type Scalar, type YamlLine } from './yaml-lines.ts';

/**
 * BitMEX's Bitcoin reserves (data/porl; BitMEX/proof-of-reserves-liabilities, validate_reserves.py): the keys of its founders,
 * then one record an address with the script that locks it, hundreds of megabytes of them, read line by line. Nobody signs.
 * Where the keys stand below the records, as yaml.dump sorts them, the records wait for them. What is in no record and not
 * understood is a fault of its line; anything wrong in a record is one fault, of that record.
 */
export const format: ReportFormat = {
  name: 'bitmex-yaml',
  lookedFor: `YAML with "address:" and records with addr and addr_type, or with "chain:", "claim:" and "keys:", as in BitMEX's reserves`,
  recognise: (head) =>
    !/^\s*[{[]/.test(head) && MARKS.some((marks) => marks.every((mark) => mark.test(head))) ? ok('bitmex-yaml') : null,
  read,
};

const MARKS: readonly (readonly RegExp[])[] = [
  [/^(?:address|custodial):/m, /(?:^|[ {])addr(?:_type)?: /m],
  [/^chain: /m, /^claim:/m, /^keys:/m],
];

async function* read(
  batches: AsyncIterable<readonly PhysicalLine[]>,
  limits: Limits,
): AsyncGenerator<readonly ReportItem[]> {
  const reader = createReader(limits);
  for await (const lines of batches) {
    for (const line of lines) reader.add(line);
    yield reader.take();
  }
  reader.end();
  yield reader.take();
}

function createReader(limits: Limits): { add(line: PhysicalLine): void; end(): void; take(): readonly ReportItem[] } {
  const header = createHeader();
  let items: ReportItem[] = [];
  /** The key at the margin that lines stand under; null where its lines are not read. */
  let section: string | null = null;
  let open: BitmexRecord | null = null;
  /** Records in file order, the first of which waits for keys. */
  let waiting: BitmexRecord[] = [];
  let waitingSize = 0;

  const flush = (all: boolean): void => {
    let done = 0;
    for (; done < waiting.length; done += 1) {
      const record = waiting[done] as BitmexRecord;
      if (!all && waitingSize <= limits.maxDocument && !header.has(needsOf(record))) break;
      items.push(rowOf(record, header.facts));
      waitingSize -= record.size;
    }
    if (done > 0) waiting = waiting.slice(done);
  };
  const close = (): void => {
    if (open === null) return;
    waiting.push(open);
    waitingSize += open.size;
    open = null;
    flush(false);
  };
  const fault = (line: number, reason: string): void => {
    if (open === null) items.push(faultAt(line, reason));
    else spoil(open, line, reason);
  };
  const addMargin = (line: number, text: string, { key, value }: YamlLine): void => {
    close();
    const wrong = key === null ? `${quote(text)} is no line of this layout` : header.top(line, key, value);
    section = wrong === null ? key : null;
    if (wrong !== null) items.push(faultAt(line, wrong));
  };
  const addRecordLine = (line: number, text: string, block: string, read: YamlLine): void => {
    if (read.dash) {
      close();
      open = beginRecord(line, block, read.column);
    }
    if (open === null) fault(line, `${quote(text)} stands in no record`);
    else addLine(open, read, line, text);
  };
  return {
    add({ line, text, fault: unreadable }) {
      if (unreadable !== undefined) return fault(line, unreadable);
      const read = readYamlLine(text);
      if (!read.ok) {
        // A line at the margin ends what stands above it, even where it is not understood.
        if (!/^[ -]/.test(text)) {
          close();
          section = null;
        }
        return fault(line, read.error);
      }
      if (read.value === null) return;
      const { dash, indent, key } = read.value;
      if (scalarsOf(read.value).some((scalar) => scalar !== null && isBeyondField(scalar, limits))) {
        return fault(line, `${key ?? 'a value'} ${beyondLimit('maxField', limits)}`);
      }
      if (!dash && indent === 0) return addMargin(line, text, read.value);
      if (section !== null && isRecordBlock(section)) return addRecordLine(line, text, section, read.value);
      const wrong =
        section === null ? `${quote(text)} stands under no key that is read` : header.under(section, read.value);
      if (wrong !== null) fault(line, wrong);
    },
    end() {
      close();
      flush(true);
      items.push(...header.total());
    },
    take() {
      const taken = items;
      items = [];
      return taken;
    },
  };
}

function scalarsOf({ value }: YamlLine): readonly Scalar[] {
  if (value.kind === 'scalar') return [value.scalar];
  if (value.kind === 'list') return value.items;
  return value.kind === 'map' ? value.fields.map(([, scalar]) => scalar) : [];
}
