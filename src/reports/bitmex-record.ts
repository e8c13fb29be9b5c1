import { CUSTODY_ROW, type ReportItem, SCRIPT_ROW, UNSPENDABLE_ROW } from '../domain/attestation.ts';
import { quote } from '../domain/ids.ts';
import type { BitmexFacts } from './bitmex-header.ts';
import { readSatoshis } from './bitmex-header.ts';
import { faultAt, rowWith } from './report-cells.ts';
import type { Scalar, YamlLine } from './yaml-lines.ts';

/** One record as it is read, line by line. */
export interface BitmexRecord {
  readonly line: number;
  readonly block: string;
  /** Where its fields begin: all in one column. */
  readonly column: number;
  readonly fields: Map<string, Scalar>;
  /** The first thing wrong in it. */
  fault: string | null;
  /** Characters of its lines. */
  size: number;
}

const FIELDS = ['addr', 'addr_type', 'balance', 'script'];

/** A record that begins with that line; its fields are added by `addLine`. */
export const beginRecord = (line: number, block: string, column: number): BitmexRecord => ({
  line,
  block,
  column,
  fields: new Map(),
  fault: null,
  size: 0,
});

/** Remembers the first thing that is wrong in a record, with its line where that is another than the record's. */
export function spoil(record: BitmexRecord, line: number, reason: string): void {
  record.fault ??= record.line === line ? reason : `line ${line}: ${reason}`;
}

/** Adds what a line of a record says: `key: value`, or all its fields in brackets. */
export function addLine(record: BitmexRecord, { key, value, column }: YamlLine, line: number, text: string): void {
  record.size += text.length;
  let fields: readonly (readonly [string, Scalar])[] | null = null;
  if (value.kind === 'map' && key === null) fields = value.fields;
  else if (value.kind === 'scalar' && key !== null) fields = [[key, value.scalar]];
  if (fields === null || column !== record.column) {
    spoil(record, line, `${quote(text)} is no field of a record`);
    return;
  }
  for (const [name, scalar] of fields) {
    if (!FIELDS.includes(name)) spoil(record, line, `${quote(name)} is no field of a record`);
    else if (record.fields.has(name)) spoil(record, line, `${name} stands twice`);
    else record.fields.set(name, scalar);
  }
}

const textOf = (record: BitmexRecord, name: string): string | null => record.fields.get(name) ?? null;

/** What must be known of the file before a record's row is whole. */
export function needsOf(record: BitmexRecord): readonly (keyof BitmexFacts)[] {
  const type = record.block === 'address' ? textOf(record, 'addr_type') : null;
  if (type === null || type === UNSPENDABLE) return ['chain', 'height'];
  return isMultisig(type) ? ['chain', 'height', 'keys', 'claim'] : ['chain', 'height', 'xpubs'];
}

const UNSPENDABLE = 'unspendable';
/** validate_reserves.py: these print the script itself, the others a descriptor. */
const isMultisig = (type: string): boolean => ['sh', 'sh_wsh', 'wsh'].includes(type);

/** A record's row, or why it is none. A row that prints its script carries the keys that the file names as owners. */
export function rowOf(record: BitmexRecord, { chain, height, keys, xpubs, claim }: BitmexFacts): ReportItem {
  const { line, block } = record;
  if (record.fault !== null) return faultAt(line, record.fault);
  const addressText = textOf(record, 'addr');
  if (addressText === null) return faultAt(line, 'addr is missing');
  const amount = readSatoshis('balance', record.fields.get('balance'));
  if (!amount.ok) return faultAt(line, amount.error);
  const type = textOf(record, 'addr_type');
  const row = { label: 'BTC', network: chain, height, addressText, amount: amount.value };
  if (block === 'custodial') return { kind: 'row', row: { line, ...rowWith({ ...row, rowType: CUSTODY_ROW }) } };
  if (type === null) return faultAt(line, 'addr_type is missing');
  const scriptOrPubkey = textOf(record, 'script');
  if (type === UNSPENDABLE) {
    return { kind: 'row', row: { line, ...rowWith({ ...row, rowType: UNSPENDABLE_ROW, scriptOrPubkey }) } };
  }
  const owners = isMultisig(type) ? { owner1: keys, owner2: claim } : { owner1: xpubs };
  return {
    kind: 'row',
    row: { line, ...rowWith({ ...row, rowType: `${SCRIPT_ROW}${type}`, scriptOrPubkey, ...owners }) },
  };
}
