import { quote } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { splitCells, trimBlanks } from '../lib/csv-cells.ts';

/** Where each column of the address rows stands: 0-based indexes; undefined where the form has no such column. */
export interface Columns {
  readonly count: number;
  readonly amountName: string;
  readonly coin: number;
  readonly rowType: number | undefined;
  readonly network: number;
  readonly height: number | undefined;
  readonly address: number;
  readonly amount: number;
  readonly message: number;
  readonly signature1: number;
  readonly signature2: number | undefined;
  readonly scriptOrPubkey: number | undefined;
  readonly owner1: number | undefined;
  readonly owner2: number | undefined;
}

/** Where each column of the totals stands. */
export interface SummaryColumns {
  readonly count: number;
  readonly amountName: string;
  readonly height: number | null;
  readonly amount: number;
}

/** A header line of either block. */
export type Header =
  | { readonly kind: 'rows'; readonly form: '9' | '11' | '12'; readonly columns: Columns }
  | { readonly kind: 'summary'; readonly columns: SummaryColumns };

type Field = Exclude<keyof Columns, 'count' | 'amountName'>;

/** Header cells by what they mean, blanks around slashes and between words collapsed, lower case. */
const FIELDS: Readonly<Record<string, Field>> = {
  coin: 'coin',
  type: 'rowType',
  network: 'network',
  'snapshot height': 'height',
  height: 'height',
  address: 'address',
  amount: 'amount',
  balance: 'amount',
  message: 'message',
  signature1: 'signature1',
  signature2: 'signature2',
  'redeem script': 'scriptOrPubkey',
  'redeem script/public key': 'scriptOrPubkey',
  eoa1: 'owner1',
  eoa2: 'owner2',
};

const REQUIRED: readonly Field[] = ['coin', 'network', 'address', 'amount', 'message', 'signature1'];

const MAY_BE_HEADER = /^[\s"\u00a0]*coin[\s"\u00a0]*,/i;

/**
 * Reads a line as a header: null where it is none (its first cell is not `coin`); an error where a column stands twice, is
 * not known, or one that rows cannot do without is missing. A header without a `network` column next to `address` belongs
 * to another publisher's layout and is none either.
 */
export function headerOf(text: string): Result<Header> | null {
  if (!MAY_BE_HEADER.test(text)) return null;
  const split = splitCells(text);
  if (!split.ok) return null;
  const cells = split.value.map((cell) =>
    trimBlanks(cell)
      .toLowerCase()
      .replace(/\s+/g, ' ')
      .replace(/ ?\/ ?/g, '/'),
  );
  while (cells.at(-1) === '') cells.pop();
  if (cells.includes('address')) return cells.includes('network') ? rowHeader(cells) : null;
  return summaryHeader(cells);
}

function rowHeader(cells: readonly string[]): Result<Header> {
  const found = new Map<Field, number>();
  for (const [index, cell] of cells.entries()) {
    const field = Object.hasOwn(FIELDS, cell) ? FIELDS[cell] : undefined;
    if (field === undefined) {
      return err(`header column ${index + 1} ${quote(cell)} is not known; known are ${Object.keys(FIELDS).join(', ')}`);
    }
    if (found.has(field)) return err(`header column ${index + 1} ${quote(cell)} stands twice`);
    found.set(field, index);
  }
  const missing = REQUIRED.find((field) => !found.has(field));
  if (missing !== undefined) return err(`header has no column for ${missing}`);
  const at = (field: Field): number => found.get(field) as number;
  const form = found.has('rowType') ? '12' : found.has('owner1') || found.has('owner2') ? '11' : '9';
  const columns: Columns = {
    count: cells.length,
    amountName: cells[at('amount')] as string,
    coin: at('coin'),
    rowType: found.get('rowType'),
    network: at('network'),
    height: found.get('height'),
    address: at('address'),
    amount: at('amount'),
    message: at('message'),
    signature1: at('signature1'),
    signature2: found.get('signature2'),
    scriptOrPubkey: found.get('scriptOrPubkey'),
    owner1: found.get('owner1'),
    owner2: found.get('owner2'),
  };
  return ok({ kind: 'rows', form, columns });
}

/** `coin,amount` or `coin,snapshot height,amount` (also `balance`); any other line that starts with coin is no header. */
function summaryHeader(cells: readonly string[]): Result<Header> | null {
  const amount = cells.findIndex((cell) => cell === 'amount' || cell === 'balance');
  if (amount < 1 || amount !== cells.length - 1 || cells.length > 3) return null;
  if (cells.length === 3 && FIELDS[cells[1] as string] !== 'height') return null;
  const columns = { count: cells.length, amountName: cells[amount] as string, height: amount === 2 ? 1 : null, amount };
  return ok({ kind: 'summary', columns });
}
