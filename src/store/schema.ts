/** Tables whose rows are never changed or removed: corrections are new rows. */
const HISTORY = [
  'entity',
  'asset',
  'account',
  'cell',
  'report',
  'report_row',
  'report_fault',
  'report_summary',
  'verdict',
  'statement',
  'poll',
  'coverage',
  'supply',
  'provider_fault',
  'balance',
  'reading',
  'rollup',
  'point',
  'alert_event',
  'header',
] as const;

const refuse = (table: string, change: 'UPDATE' | 'DELETE'): string =>
  `CREATE TRIGGER ${table}_no_${change.toLowerCase()} BEFORE ${change} ON ${table}
   BEGIN SELECT RAISE(ABORT, '${table} is append-only: correct it with a new row'); END;`;

/**
 * The first schema. Numbers in INTEGER columns are ids, counts and milliseconds, all far below 2^53; amounts are never
 * among them: a balance is a minimal big-endian BLOB, a total, a claim or a height is TEXT.
 */
export const SCHEMA_1 = `
CREATE TABLE entity (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE asset (id INTEGER PRIMARY KEY, caip19 TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE account (
  id INTEGER PRIMARY KEY, chain TEXT NOT NULL, address TEXT NOT NULL, UNIQUE (chain, address)
) STRICT;
-- What is polled: an asset at an account for an entity. Ids are dense from 1: cell n is leaf n - 1 of the state tree.
CREATE TABLE cell (
  id INTEGER PRIMARY KEY,
  entity INTEGER NOT NULL REFERENCES entity, asset INTEGER NOT NULL REFERENCES asset,
  account INTEGER NOT NULL REFERENCES account, UNIQUE (entity, asset, account)
) STRICT;

-- content_root: RFC 6962 root over the summaries, faults and rows, in that order.
CREATE TABLE report (
  id INTEGER PRIMARY KEY, entity INTEGER NOT NULL REFERENCES entity,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64), name TEXT NOT NULL, bytes INTEGER NOT NULL, format TEXT NOT NULL,
  as_of_ms INTEGER, imported_at_ms INTEGER NOT NULL, rows INTEGER NOT NULL, faults INTEGER NOT NULL,
  content_root TEXT NOT NULL CHECK (length(content_root) = 64), UNIQUE (entity, sha256)
) STRICT;
CREATE TABLE report_row (
  report INTEGER NOT NULL REFERENCES report DEFERRABLE INITIALLY DEFERRED, line INTEGER NOT NULL,
  label TEXT NOT NULL, network_text TEXT, row_type TEXT, height TEXT, address_text TEXT NOT NULL, amount TEXT NOT NULL,
  message TEXT, signature1 TEXT, signature2 TEXT, script_or_pubkey TEXT, owner1 TEXT, owner2 TEXT,
  network TEXT, chain TEXT, caip19 TEXT, asset TEXT, address TEXT, address_fault TEXT,
  grade TEXT NOT NULL, scheme TEXT, reason TEXT, flags TEXT NOT NULL,
  PRIMARY KEY (report, line)
) STRICT, WITHOUT ROWID;
CREATE TABLE report_fault (
  report INTEGER NOT NULL REFERENCES report DEFERRABLE INITIALLY DEFERRED, seq INTEGER NOT NULL,
  line INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (report, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE report_summary (
  report INTEGER NOT NULL REFERENCES report DEFERRABLE INITIALLY DEFERRED, seq INTEGER NOT NULL,
  line INTEGER NOT NULL, label TEXT NOT NULL, height TEXT, amount TEXT NOT NULL, PRIMARY KEY (report, seq)
) STRICT, WITHOUT ROWID;

-- digest: SHA-256 over the key and the verdict.
CREATE TABLE verdict (
  key TEXT PRIMARY KEY, grade TEXT NOT NULL, scheme TEXT, reason TEXT, flags TEXT NOT NULL, digest TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- digest: SHA-256 over what is stated; recorded_at_ms is not part of it.
CREATE TABLE statement (
  id INTEGER PRIMARY KEY, entity INTEGER NOT NULL REFERENCES entity,
  kind TEXT NOT NULL CHECK (kind IN ('liability', 'custody')), asset TEXT NOT NULL, amount TEXT,
  as_of_ms INTEGER NOT NULL, source TEXT NOT NULL, document_sha256 TEXT, grade TEXT NOT NULL, binding TEXT NOT NULL,
  percent TEXT, rounding TEXT, as_of_text TEXT, as_of_precision TEXT, scope TEXT, auditor TEXT,
  recorded_at_ms INTEGER NOT NULL, supersedes INTEGER UNIQUE REFERENCES statement, digest TEXT NOT NULL,
  CHECK ((percent IS NULL) = (rounding IS NULL) AND (percent IS NULL OR amount IS NULL))
) STRICT;
CREATE INDEX statement_subject ON statement (entity, kind, asset, as_of_ms);

-- supersedes: the poll that this one corrects, e.g. after a reorganisation.
CREATE TABLE poll (
  id INTEGER PRIMARY KEY, entity INTEGER NOT NULL REFERENCES entity, report_sha256 TEXT,
  started_at_ms INTEGER NOT NULL, finished_at_ms INTEGER NOT NULL, moment_ms INTEGER,
  code_version TEXT NOT NULL, supersedes INTEGER REFERENCES poll,
  FOREIGN KEY (entity, report_sha256) REFERENCES report (entity, sha256)
) STRICT;
CREATE INDEX poll_of_entity ON poll (entity, started_at_ms);
CREATE TABLE coverage (
  poll INTEGER NOT NULL REFERENCES poll, chain TEXT NOT NULL, height TEXT, hash TEXT, block_time_ms INTEGER,
  finality TEXT, height_from TEXT, skew_seconds INTEGER NOT NULL, assurance TEXT NOT NULL, groups TEXT NOT NULL,
  requests INTEGER NOT NULL, asked INTEGER NOT NULL, read INTEGER NOT NULL, failed INTEGER NOT NULL,
  changed INTEGER NOT NULL, PRIMARY KEY (poll, chain)
) STRICT, WITHOUT ROWID;
CREATE TABLE supply (
  poll INTEGER NOT NULL REFERENCES poll, caip19 TEXT NOT NULL, amount TEXT, assurance TEXT, code TEXT, provider TEXT,
  message TEXT, PRIMARY KEY (poll, caip19), CHECK ((amount IS NULL) = (code IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE TABLE provider_fault (
  poll INTEGER NOT NULL REFERENCES poll, seq INTEGER NOT NULL, chain TEXT NOT NULL, operator TEXT NOT NULL,
  code TEXT NOT NULL, provider TEXT NOT NULL, message TEXT NOT NULL, PRIMARY KEY (poll, seq)
) STRICT, WITHOUT ROWID;

-- A cell was read in this poll with an amount that differs from its last reading.
CREATE TABLE balance (
  cell INTEGER NOT NULL REFERENCES cell, poll INTEGER NOT NULL REFERENCES poll,
  amount BLOB NOT NULL CHECK (length(amount) = 0 OR substr(amount, 1, 1) <> x'00'), assurance TEXT NOT NULL,
  PRIMARY KEY (cell, poll)
) STRICT, WITHOUT ROWID;
-- From this poll on the cell is failed (with this code and provider), read again with its amount unchanged, or no longer asked.
-- A balance row also ends a failure. So the outcome of every cell in every poll follows from changes alone.
CREATE TABLE reading (
  cell INTEGER NOT NULL REFERENCES cell, poll INTEGER NOT NULL REFERENCES poll,
  state TEXT NOT NULL CHECK (state IN ('read', 'failed', 'dropped')), code TEXT, provider TEXT, message TEXT,
  PRIMARY KEY (cell, poll), CHECK ((state = 'failed') = (code IS NOT NULL AND provider IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup (
  poll INTEGER NOT NULL REFERENCES poll, asset INTEGER NOT NULL REFERENCES asset, counts_as TEXT,
  decimals INTEGER NOT NULL, total TEXT NOT NULL CHECK (total NOT GLOB '*[^0-9]*' AND total <> ''),
  read INTEGER NOT NULL, unread INTEGER NOT NULL, PRIMARY KEY (poll, asset)
) STRICT, WITHOUT ROWID;
CREATE INDEX rollup_series ON rollup (asset, poll);
CREATE TABLE point (
  poll INTEGER NOT NULL REFERENCES poll, seq INTEGER NOT NULL, entity INTEGER NOT NULL REFERENCES entity,
  asset TEXT NOT NULL, kind TEXT NOT NULL, quality TEXT NOT NULL, at_ms INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (poll, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX point_series ON point (entity, asset, at_ms);
CREATE TABLE alert_event (
  id TEXT PRIMARY KEY, poll INTEGER NOT NULL REFERENCES poll, seq INTEGER NOT NULL, type TEXT NOT NULL,
  fingerprint TEXT NOT NULL, episode INTEGER NOT NULL, sequence INTEGER NOT NULL, rule TEXT NOT NULL,
  severity TEXT NOT NULL, at_ms INTEGER NOT NULL, test INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX alert_event_of_poll ON alert_event (poll, seq);
-- hash: SHA-256 of the header; previous: the hash of the poll before, of any entity.
CREATE TABLE header (
  poll INTEGER PRIMARY KEY REFERENCES poll, previous TEXT NOT NULL, root TEXT NOT NULL, leaves INTEGER NOT NULL,
  config_sha256 TEXT NOT NULL, hash TEXT NOT NULL UNIQUE
) STRICT;

-- What follows is present state, and may change.
-- last_read: the last poll that read the cell, null while the newest poll did.
CREATE TABLE current_balance (
  cell INTEGER PRIMARY KEY REFERENCES cell, state TEXT NOT NULL, amount BLOB, changed_poll INTEGER,
  state_poll INTEGER NOT NULL, last_read INTEGER, code TEXT, provider TEXT
) STRICT;
CREATE INDEX current_balance_changed ON current_balance (changed_poll);
CREATE TABLE alert_state (
  fingerprint TEXT PRIMARY KEY, entity INTEGER NOT NULL REFERENCES entity, body TEXT NOT NULL
) STRICT;
CREATE TABLE pin (caip19 TEXT PRIMARY KEY, metadata TEXT NOT NULL) STRICT;
CREATE TABLE poller (
  one INTEGER PRIMARY KEY CHECK (one = 1), owner TEXT NOT NULL, machine TEXT NOT NULL, pid INTEGER NOT NULL,
  heartbeat_ms INTEGER NOT NULL, ttl_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, event_id TEXT NOT NULL, receiver TEXT NOT NULL,
  fingerprint TEXT NOT NULL, episode INTEGER NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL,
  body TEXT NOT NULL, created_at_ms INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'sent', 'dead', 'superseded')),
  attempts INTEGER NOT NULL, not_before_ms INTEGER NOT NULL, last_error TEXT
) STRICT;
CREATE INDEX outbox_queue ON outbox (receiver, fingerprint, episode, sequence);
CREATE INDEX outbox_state ON outbox (state, seq);

${HISTORY.map((table) => refuse(table, 'UPDATE') + refuse(table, 'DELETE')).join('\n')}
${refuse('outbox', 'DELETE')}
CREATE TRIGGER outbox_frozen BEFORE UPDATE OF
  seq, id, event_id, receiver, fingerprint, episode, sequence, type, body, created_at_ms ON outbox
BEGIN SELECT RAISE(ABORT, 'outbox: a message is frozen, only its delivery state changes'); END;
`;
