import type Database from 'better-sqlite3';
import type { Address, AssetId, ChainId, EntityId } from '../domain/ids.ts';
import { chainOfAsset } from '../domain/ids.ts';

/** What a cell is called outside the store: the names that hashes and people use. */
export interface CellName {
  readonly entity: EntityId;
  readonly asset: AssetId;
  readonly address: Address;
}

/** The integer ids that stand for names inside the database. */
export interface Names {
  /** The entity's id; null where nothing was ever stored of it. */
  findEntity(code: EntityId): number | null;
  entity(code: EntityId): number;
  asset(id: AssetId): number;
  /** A new cell's id, one above the last: the ids stay dense. */
  addCell(name: CellName): number;
  /** The names of all cells in the order of their ids, from 1. */
  allCells(): IterableIterator<CellName & { readonly id: number }>;
}

/** Looks names up and adds those that are new; to be called inside the transaction that uses them. */
export function createNames(db: Database.Database): Names {
  const find = {
    entity: db.prepare('SELECT id FROM entity WHERE code = ?').pluck(),
    asset: db.prepare('SELECT id FROM asset WHERE caip19 = ?').pluck(),
    account: db.prepare('SELECT id FROM account WHERE chain = ? AND address = ?').pluck(),
  };
  const add = {
    entity: db.prepare('INSERT INTO entity (code) VALUES (?) RETURNING id').pluck(),
    asset: db.prepare('INSERT INTO asset (caip19) VALUES (?) RETURNING id').pluck(),
    account: db.prepare('INSERT INTO account (chain, address) VALUES (?, ?) RETURNING id').pluck(),
    cell: db.prepare('INSERT INTO cell (entity, asset, account) VALUES (?, ?, ?) RETURNING id').pluck(),
  };
  const all = db.prepare<[], CellName & { readonly id: number }>(
    `SELECT cell.id, entity.code AS entity, asset.caip19 AS asset, account.address AS address FROM cell
     JOIN entity ON entity.id = cell.entity JOIN asset ON asset.id = cell.asset JOIN account ON account.id = cell.account
     ORDER BY cell.id`,
  );
  const account = (chain: ChainId, address: Address): number =>
    (find.account.get(chain, address) ?? add.account.get(chain, address)) as number;
  const names: Names = {
    findEntity: (code) => (find.entity.get(code) as number | undefined) ?? null,
    entity: (code) => (find.entity.get(code) ?? add.entity.get(code)) as number,
    asset: (id) => (find.asset.get(id) ?? add.asset.get(id)) as number,
    addCell: ({ entity, asset, address }) =>
      add.cell.get(names.entity(entity), names.asset(asset), account(chainOfAsset(asset), address)) as number,
    allCells: () => all.iterate(),
  };
  return names;
}
