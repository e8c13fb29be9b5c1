import type Database from 'better-sqlite3';
import { OWNER_ROW } from '../domain/attestation.ts';
import type { EntityId, Sha256 } from '../domain/ids.ts';

/** Addresses of two kept lists beside each other. */
export interface AddressTables {
  changedAddresses(one: Sha256, other: Sha256, entity: EntityId): readonly string[];
}

export function createAddressTables(db: Database.Database): AddressTables {
  const find = db
    .prepare('SELECT report.id FROM report JOIN entity ON entity.id = report.entity WHERE sha256 = ? AND code = ?')
    .pluck();
  const places = (report: string): string =>
    `SELECT coalesce(chain, network_text) AS place, coalesce(address, address_text) AS address
     FROM report_row WHERE report = ${report} AND row_type IS NOT '${OWNER_ROW}'`;
  const onlyIn = db
    .prepare<{ one: unknown; other: unknown }, string>(
      `SELECT DISTINCT address FROM (${places('@one')} EXCEPT ${places('@other')})`,
    )
    .pluck();
  return {
    changedAddresses(a, b, entity) {
      const [one, other] = [find.get(a, entity), find.get(b, entity)];
      return [...new Set([...onlyIn.all({ one, other }), ...onlyIn.all({ one: other, other: one })])];
    },
  };
}
