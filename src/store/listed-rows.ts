import type Database from 'better-sqlite3';
import type { EntityId, Sha256 } from '../domain/ids.ts';
import { stringifyJson } from '../lib/json.ts';
import type { KeptRow } from '../seams.ts';
import { ROW_COLUMNS } from './report-rows.ts';
import { toVerdict, type VerdictRow } from './verdicts.ts';

/** The rows of kept reports, read back one at a time. */
export interface ListedTables {
  listedRows(report: Sha256, entity: EntityId, addresses?: readonly string[]): IterableIterator<KeptRow>;
}

type Column = Exclude<(typeof ROW_COLUMNS)[number], keyof VerdictRow | 'line'>;
type Row = Readonly<Record<Column, string | null>> & VerdictRow & { readonly line: number };

export function createListedTables(db: Database.Database): ListedTables {
  const columns = ROW_COLUMNS.map((column) => `report_row.${column}`).join(', ');
  const rows = db.prepare<{ sha256: string; entity: string; wanted: string | null }, Row>(
    `SELECT ${columns} FROM report_row JOIN report ON report.id = report_row.report
       JOIN entity ON entity.id = report.entity
     WHERE report.sha256 = @sha256 AND entity.code = @entity AND (@wanted IS NULL
       OR report_row.address IN (SELECT value FROM json_each(@wanted))
       OR report_row.address_text IN (SELECT value FROM json_each(@wanted)))
     ORDER BY report_row.chain, report_row.address, report_row.address_text, report_row.line`,
  );
  return {
    *listedRows(sha256, entity, addresses) {
      const wanted = addresses === undefined ? null : stringifyJson(addresses);
      for (const row of rows.iterate({ sha256, entity, wanted })) yield toKeptRow(row);
    },
  };
}

const toKeptRow = (kept: Row): KeptRow =>
  ({
    listed: {
      row: {
        line: kept.line,
        label: kept.label,
        network: kept.network_text,
        rowType: kept.row_type,
        height: kept.height,
        addressText: kept.address_text,
        amount: kept.amount || '0',
        // Written empty where the file states none.
        ...(kept.amount === '' ? { unstated: true } : {}),
        message: kept.message,
        signature1: kept.signature1,
        signature2: kept.signature2,
        scriptOrPubkey: kept.script_or_pubkey,
        owner1: kept.owner1,
        owner2: kept.owner2,
      },
      resolved: { network: kept.network, chain: kept.chain, assetId: kept.caip19, asset: kept.asset },
      address: kept.address,
      addressFault: kept.address_fault,
    },
    verdict: toVerdict(kept),
  }) as KeptRow;
