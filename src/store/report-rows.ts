import type { ListedRow } from '../domain/attestation.ts';
import type { OwnershipVerdict } from '../domain/ownership.ts';
import { stringifyJson } from '../lib/json.ts';

/** The columns of a listed row, in the order in which they are written and hashed. */
export const ROW_COLUMNS = [
  'line',
  'label',
  'network_text',
  'row_type',
  'height',
  'address_text',
  'amount',
  'message',
  'signature1',
  'signature2',
  'script_or_pubkey',
  'owner1',
  'owner2',
  'network',
  'chain',
  'caip19',
  'asset',
  'address',
  'address_fault',
  'grade',
  'scheme',
  'reason',
  'flags',
] as const;

/** A row's values in the order of ROW_COLUMNS. */
export function rowValues(
  { row, resolved, address, addressFault }: ListedRow,
  verdict: OwnershipVerdict,
): readonly (string | number | null)[] {
  return [
    row.line,
    row.label,
    row.network,
    row.rowType,
    row.height,
    row.addressText,
    // Empty where the file states none: read back as zero it would bound what an unread address may hold.
    row.unstated ? '' : row.amount,
    row.message,
    row.signature1,
    row.signature2,
    row.scriptOrPubkey,
    row.owner1,
    row.owner2,
    resolved.network,
    resolved.chain,
    resolved.assetId,
    resolved.asset,
    address,
    addressFault,
    verdict.grade,
    verdict.scheme,
    verdict.reason,
    stringifyJson(verdict.flags),
  ];
}

/** A row of a report as the text that is hashed: its kind and its values in the order of its columns. */
export const reportLeaf = (kind: string, values: readonly unknown[]): string => stringifyJson([kind, ...values]);

/** What is read back of a report, in the order of its content root. */
export const REPORT_CONTENT = [
  { kind: 'summary', sql: 'SELECT seq, line, label, height, amount FROM report_summary WHERE report = ? ORDER BY seq' },
  { kind: 'fault', sql: 'SELECT seq, line, reason FROM report_fault WHERE report = ? ORDER BY seq' },
  { kind: 'row', sql: `SELECT ${ROW_COLUMNS.join(', ')} FROM report_row WHERE report = ? ORDER BY line` },
] as const;
