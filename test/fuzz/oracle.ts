import { createInlineChecker } from '../../src/check-here.ts';
import type { SummaryLine } from '../../src/domain/attestation.ts';
import type { LabelBook, Registry } from '../../src/domain/registry.ts';
import { combinedBook } from '../../src/domain/resolve-label.ts';
import type { ProofChecker } from '../../src/proof-checker.ts';
import { openReport } from '../../src/read-report.ts';
import type { Tally, VerifiedItem } from '../../src/report-tally.ts';
import { createLineVerifier } from '../../src/verify-lines.ts';
import { verifyReport } from '../../src/verify-report.ts';
import { fileOf } from '../fixtures/read-items.ts';

/** What the whole pipeline makes of some bytes; `refused`: why the file cannot be read as any list. */
export type Outcome =
  | { readonly kind: 'refused'; readonly reason: string }
  | {
      readonly kind: 'verified';
      readonly format: string;
      readonly tally: Tally;
      readonly summaries: readonly SummaryLine[];
      readonly items: readonly VerifiedItem[];
      readonly claimed: readonly string[];
    };

const books = new WeakMap<Registry, LabelBook>();

function bookOf(registry: Registry): LabelBook {
  const book = books.get(registry) ?? combinedBook(registry);
  books.set(registry, book);
  return book;
}

/** Reads and verifies bytes as the commands do, with every rule on. */
export async function outcomeOf(bytes: Uint8Array, registry: Registry): Promise<Outcome> {
  const report = await openReport(fileOf(bytes));
  if (!report.ok) return { kind: 'refused', reason: report.error };
  const items: VerifiedItem[] = [];
  const verified = await verifyReport(report.value, {
    registry,
    book: bookOf(registry),
    entity: null,
    checker: createInlineChecker(),
    salt: 'fuzz',
    onItems: (batch) => void items.push(...batch),
  });
  if (!verified.ok) return { kind: 'refused', reason: verified.error };
  const { tally, summaries, totals, file } = verified.value;
  return {
    kind: 'verified',
    format: file.format,
    tally,
    summaries,
    items,
    claimed: totals.assets.map(({ claimed }) => claimed),
  };
}

/** Verifies lines in pieces as threads do, in this thread; so small that most documents have several. */
function pieceChecker(): ProofChecker {
  let verify: ReturnType<typeof createLineVerifier> | null = null;
  const lines = {
    setUp: async (setup: Parameters<typeof createLineVerifier>[0]) => {
      verify = createLineVerifier({ ...setup, rows: structuredClone(setup.rows) });
    },
    verify: async (bytes: Uint8Array) => (verify === null ? null : verify(bytes)),
    inFlight: 2,
    pieceBytes: 100,
  };
  return { ...createInlineChecker(), lines };
}

/** What differs where rows are read in pieces, as threads read them, from what the whole file gives; empty where nothing does. */
export async function piecesDiffer(bytes: Uint8Array, registry: Registry, whole: Outcome): Promise<readonly string[]> {
  if (whole.kind === 'refused') return [];
  const report = await openReport(fileOf(bytes));
  if (!report.ok) return ['refused when opened again'];
  const verified = await verifyReport(report.value, {
    ...{ registry, book: bookOf(registry), entity: null, checker: pieceChecker(), salt: 'fuzz' },
  });
  if (!verified.ok) return [`refused in pieces: ${verified.error}`];
  const { tally, summaries } = verified.value;
  const { flags: _one, ...pieced } = tally;
  const { flags: _other, ...inOrder } = whole.tally;
  const [a, b] = [
    { ...pieced, summaries },
    { ...inOrder, summaries: whole.summaries },
  ].map(textOf);
  return a === b ? [] : [`in pieces ${a}`, `in order ${b}`];
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? `${one}` : one));

const SCALE = 200;

/** A printed amount times 10^200, by another way than the code's: whole arithmetic on its digits. */
export function scaled(amount: string): bigint {
  const [whole = '', fraction = ''] = amount.split('.');
  if (!/^\d+$/.test(whole) || !/^\d*$/.test(fraction) || fraction.length > SCALE)
    throw new Error(`not canonical: ${amount}`);
  return BigInt(whole + fraction.padEnd(SCALE, '0'));
}

/** Every number that stands in a text, canonical, also as satoshis of a bitcoin. */
function numbersIn(text: string): ReadonlySet<string> {
  const found = new Set(['0']);
  for (const [token] of text.matchAll(/[0-9]+(?:\.[0-9]+)?/g)) {
    // A point or digits before it are another amount's end: `1.2.3` reads as 1.2 and as 2.3 here, the code refuses it.
    found.add(canonical(token));
    if (!token.includes('.')) {
      const digits = token.padStart(9, '0');
      found.add(canonical(`${digits.slice(0, -8)}.${digits.slice(-8)}`));
    }
  }
  return found;
}

function canonical(token: string): string {
  const [whole = '', fraction = ''] = token.split('.');
  const rest = fraction.replace(/0+$/, '');
  return `${whole.replace(/^0+(?=\d)/, '')}${rest === '' ? '' : `.${rest}`}`;
}

/** Lines as a person would count them: by their ends, without a byte order mark. */
export function linesOf(bytes: Buffer): readonly string[] {
  const text = bytes.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** A line that says nothing (blanks, commas, quotes), as Latin-1; a no-break space is two bytes. */
const saysNothing = (line: string): boolean => /^(?:[\s",\u00a0]|\u00c2\u00a0|\u00ef\u00bb\u00bf)*$/.test(line);
/** A line that may be a header of some layout. */
const mayBeHeader = (line: string): boolean => /coin|chain|digitalasset|address/i.test(line);

/** What must hold of any document whatever was done to it; empty where it does. */
export function violations(bytes: Buffer, shape: string, outcome: Outcome): readonly string[] {
  const wrong: string[] = [];
  if (outcome.kind === 'refused') return outcome.reason === '' ? ['refused without a reason'] : [];
  const { tally, summaries, items, claimed } = outcome;
  const rows = items.flatMap((item) => (item.kind === 'row' ? [item] : []));
  const faults = items.flatMap((item) => (item.kind === 'fault' ? [item.fault] : []));
  const say = (what: string, ok: boolean): void => void (ok || wrong.push(what));

  say('counted is not the rows that came', tally.rows.counted === rows.length);
  say(
    'faults are not the faults that came',
    tally.rows.faults === faults.length && tally.faults.length === faults.length,
  );
  say('total is not rows and faults', tally.rows.total === rows.length + faults.length);
  say('grades do not add up', Object.values(tally.grades).reduce((sum, count) => sum + count, 0) === rows.length);
  for (const { reason } of faults)
    say(`a fault says nothing or too much: ${reason.slice(0, 80)}`, reason !== '' && reason.length < 2000);

  const sums = new Map<string, bigint>();
  for (const { listed } of rows) {
    const { label, amount } = listed.row;
    sums.set(label, (sums.get(label) ?? 0n) + scaled(amount));
  }
  say('other labels have sums', tally.sums.length === sums.size);
  for (const { label, sum } of tally.sums) {
    say(
      `the sum of ${JSON.stringify(label)} differs`,
      sum.unscaled * 10n ** BigInt(SCALE - sum.scale) === sums.get(label),
    );
  }
  const all = [...sums.values()].reduce((sum, one) => sum + one, 0n);
  say(
    'what all assets claim differs from what all rows claim',
    claimed.reduce((sum, one) => sum + scaled(one), 0n) === all,
  );

  const lines = linesOf(bytes);
  const numbers = [...rows.map(({ listed }) => listed.row.line), ...faults.map(({ line }) => line)];
  say('two entries have one number', new Set(numbers).size === numbers.length);
  const inFile = numbersIn(bytes.toString('latin1'));
  const byLine = shape === 'line';
  const within = shape === 'line' || shape === 'block' ? lines.length : Number.POSITIVE_INFINITY;
  for (const line of [...numbers, ...summaries.map(({ line }) => line)]) {
    say(`number ${line} is not in the file`, line >= 1 && line <= within);
  }
  const escapes = shape === 'json' && bytes.includes('\\');
  for (const { line, amount } of [...rows.map(({ listed }) => listed.row), ...summaries]) {
    const printed = byLine ? numbersIn(lines[line - 1] ?? '') : inFile;
    say(`amount ${amount} of ${line} does not stand there`, escapes || printed.has(amount));
  }
  if (byLine) {
    const told = new Set([...numbers, ...summaries.map(({ line }) => line)]);
    for (const [at, line] of lines.entries()) {
      if (!told.has(at + 1) && !saysNothing(line) && !mayBeHeader(line) && !/^\s*#|^---\s*$|:\s*(#.*)?$/.test(line)) {
        wrong.push(`line ${at + 1} is lost: ${JSON.stringify(line.slice(0, 80))}`);
      }
    }
  }
  if (shape === 'block') {
    const records = lines.filter((line) => /^\s*-\s/.test(line)).length;
    say('more rows than records', rows.length <= records);
  }
  if (shape === 'json') wrong.push(...lostElements(bytes, tally));
  return wrong;
}

/** Where another parser reads the document, each element of its list must be a row or a fault. */
function lostElements(bytes: Buffer, { rows }: Tally): readonly string[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch {
    return [];
  }
  const { addresses, reserveAddresses } = parsed as { addresses?: unknown; reserveAddresses?: unknown };
  const elements = addresses ?? reserveAddresses;
  if (!Array.isArray(elements) || rows.total >= elements.length) return [];
  // A key that stands twice is refused by ours and overwritten by the other.
  return rows.total === 1 && rows.faults === 1 ? [] : [`${elements.length} elements came to ${rows.total} entries`];
}
