import type Database from 'better-sqlite3';
import type { AssetId } from '../domain/ids.ts';
import type { Clock, Store, StoreStats } from '../seams.ts';
import { createSetTables } from './address-sets.ts';
import { createAlertTables } from './alerts.ts';
import { backupStore } from './backup.ts';
import { createAddressTables } from './changed-addresses.ts';
import { checkStore } from './check.ts';
import { createClaimTable } from './claims.ts';
import { createComparedTables } from './compared-cells.ts';
import { write } from './connection.ts';
import { createCurrentTable } from './current.ts';
import { createIssuerTable } from './issuers.ts';
import { createListedTables } from './listed-rows.ts';
import { versionOf } from './migrations.ts';
import { createNames } from './names.ts';
import { createOutbox } from './outbox.ts';
import { createPointTable } from './points.ts';
import { createPollerLock } from './poller-lock.ts';
import { createPollTables } from './polls.ts';
import { createReadings } from './readings.ts';
import { createReportTables } from './reports.ts';
import { createSharedAccountTables } from './shared-accounts.ts';
import { createSignatureTables } from './signatures.ts';
import { createStatementTable } from './statements.ts';
import { createTrackedTables } from './tracked-cells.ts';
import { createVerdictCache } from './verdicts.ts';

/** A store over an open, migrated connection, which it owns from now on. */
export function createSqliteStore(db: Database.Database, clock: Pick<Clock, 'now'>): Store {
  const names = createNames(db);
  const outbox = createOutbox(db);
  const alerts = createAlertTables(db, names, outbox, () => clock.now());
  const lock = createPollerLock(db);
  const current = createCurrentTable(db);
  const issuers = createIssuerTable(db);
  const sets = createSetTables(db);
  const polls = createPollTables({ db, names, current, alerts, assertMayPoll: () => lock.assertMayPoll(clock.now()) });
  return {
    ...createReportTables(db, names, issuers, sets),
    decideReport: sets.decideReport,
    recordIssuer: issuers.recordIssuer,
    ...createSharedAccountTables(db),
    ...createTrackedTables(db),
    ...createComparedTables(db),
    ...createListedTables(db),
    ...createAddressTables(db),
    ...createSignatureTables(db),
    ...createStatementTable(db, names),
    ...createClaimTable(db, names),
    ...createVerdictCache(db),
    ...createReadings(db),
    ...createPins(db),
    ...createPointTable(db),
    alertStates: alerts.alertStates,
    commitPoll: polls.commitPoll,
    latestPoll: polls.latestPoll,
    enqueueDelivery: outbox.enqueueDelivery,
    dueDeliveries: outbox.dueDeliveries,
    recordDelivery: outbox.recordDelivery,
    deliveries: outbox.deliveries,
    lockPoller: lock.lockPoller,
    unlockPoller: lock.unlockPoller,
    check: () => checkStore(db, names),
    backup: (path) => backupStore(db, path),
    stats: () => measure(db, polls.head()),
    close: () => {
      db.close();
    },
  };
}

/** Decimals and code of an asset as first seen: set once, changed only by a person who accepts the new ones. */
function createPins(db: Database.Database): Pick<Store, 'pinnedMetadata' | 'pinMetadata'> {
  const get = db.prepare('SELECT metadata FROM pin WHERE caip19 = ?').pluck();
  const put = db.prepare(
    'INSERT INTO pin (caip19, metadata) VALUES (?, ?) ON CONFLICT (caip19) DO UPDATE SET metadata = excluded.metadata',
  );
  return {
    pinnedMetadata: (asset: AssetId) => (get.get(asset) as string | undefined) ?? null,
    pinMetadata: (asset, metadata) => {
      write(db, () => put.run(asset, metadata));
    },
  };
}

function measure(db: Database.Database, head: StoreStats['head']): StoreStats {
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all() as string[];
  const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
  const page = db.pragma('page_size', { simple: true }) as number;
  return {
    schema: versionOf(db),
    bytes: page * (db.pragma('page_count', { simple: true }) as number),
    head,
    rows: Object.fromEntries(tables.map((table) => [table, count(table)])),
  };
}
