const refuse = (table: string, change: 'UPDATE' | 'DELETE'): string =>
  `CREATE TRIGGER ${table}_no_${change.toLowerCase()} BEFORE ${change} ON ${table}
   BEGIN SELECT RAISE(ABORT, '${table} is append-only: correct it with a new row'); END;`;

/** The columns of the four tables that follow from the rows of reports: made once for the history and again, apart, by the check. */
export const LEDGER_TABLES: Readonly<
  Record<'trust_sum' | 'signature' | 'signature_address' | 'signature_use', string>
> = {
  // What rows of one label, grade and kind of message claim together, as src/domain/trust.ts adds them up.
  trust_sum: `(
    report INTEGER NOT NULL, seq INTEGER NOT NULL, label TEXT NOT NULL, asset TEXT, grade TEXT NOT NULL,
    proven INTEGER NOT NULL, signed INTEGER NOT NULL, dated INTEGER NOT NULL, named INTEGER NOT NULL,
    rows INTEGER NOT NULL, amount TEXT NOT NULL, message_date TEXT, PRIMARY KEY (report, seq)
  ) STRICT, WITHOUT ROWID`,
  // A distinct signature of an entity (name: src/lib/signature-key.ts); first and newest by the reports' as-of, in whatever order they came.
  signature: `(
    id INTEGER PRIMARY KEY, entity INTEGER NOT NULL, name BLOB NOT NULL CHECK (length(name) = 16),
    first_report INTEGER NOT NULL, newest_report INTEGER NOT NULL, reports INTEGER NOT NULL, UNIQUE (name, entity)
  ) STRICT`,
  signature_address: `(
    signature INTEGER NOT NULL, address BLOB NOT NULL CHECK (length(address) = 16), first_report INTEGER NOT NULL,
    PRIMARY KEY (signature, address)
  ) STRICT, WITHOUT ROWID`,
  // sum: the trust_sum that the row with the signature is part of.
  signature_use: `(
    report INTEGER NOT NULL, sum INTEGER NOT NULL, signature INTEGER NOT NULL, PRIMARY KEY (report, sum, signature)
  ) STRICT, WITHOUT ROWID`,
};

/**
 * The ledger of signatures and the sums of trust: all of it follows from report_row. `signature` and `signature_address` are
 * present state: an older report that comes later makes them older. The other two never change.
 */
export const SCHEMA_SIGNATURES = `
${Object.entries(LEDGER_TABLES)
  .map(([table, columns]) => `CREATE TABLE ${table} ${columns};`)
  .join('\n')}
${['trust_sum', 'signature_use'].map((table) => refuse(table, 'UPDATE') + refuse(table, 'DELETE')).join('\n')}
`;
