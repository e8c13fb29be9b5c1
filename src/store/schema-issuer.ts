/**
 * Who issued each kept list, and an index by which two lists' accounts are compared. A list without a row here was issued by its
 * publisher; of several rows the newest holds. digest: SHA-256 over what is recorded, without the time.
 */
export const SCHEMA_ISSUER = `
CREATE TABLE report_issuer (
  id INTEGER PRIMARY KEY, report INTEGER NOT NULL REFERENCES report,
  issued_by TEXT NOT NULL CHECK (issued_by IN ('publisher', 'third-party')),
  recorded_at_ms INTEGER NOT NULL, digest TEXT NOT NULL
) STRICT;
CREATE INDEX report_issuer_of ON report_issuer (report, id);
CREATE INDEX report_row_account ON report_row (report, address) WHERE address IS NOT NULL;

CREATE TRIGGER report_issuer_no_update BEFORE UPDATE ON report_issuer
BEGIN SELECT RAISE(ABORT, 'report_issuer is append-only: correct it with a new row'); END;
CREATE TRIGGER report_issuer_no_delete BEFORE DELETE ON report_issuer
BEGIN SELECT RAISE(ABORT, 'report_issuer is append-only: correct it with a new row'); END;
`;
