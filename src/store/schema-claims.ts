/** Figures that are published about an entity, as printed: never changed, never removed. digest: SHA-256 over what is claimed. */
export const SCHEMA_CLAIMS = `
CREATE TABLE claim (
  id INTEGER PRIMARY KEY, entity INTEGER NOT NULL REFERENCES entity, report_no TEXT, subject TEXT NOT NULL, asset TEXT,
  metric TEXT NOT NULL, digits TEXT NOT NULL, qualifier TEXT, word TEXT, rounding TEXT NOT NULL, date_text TEXT NOT NULL,
  date_precision TEXT NOT NULL, precision_text TEXT, source TEXT NOT NULL, note TEXT, document_sha256 TEXT NOT NULL,
  line INTEGER NOT NULL, recorded_at_ms INTEGER NOT NULL, digest TEXT NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER claim_no_update BEFORE UPDATE ON claim
BEGIN SELECT RAISE(ABORT, 'claim is append-only: correct it with a new row'); END;
CREATE TRIGGER claim_no_delete BEFORE DELETE ON claim
BEGIN SELECT RAISE(ABORT, 'claim is append-only: correct it with a new row'); END;
`;
