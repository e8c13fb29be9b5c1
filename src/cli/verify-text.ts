import type { Writable } from 'node:stream';
import { escapeText } from '../domain/ids.ts';
import { GRADES, type Grade } from '../domain/ownership.ts';
import type { Entity } from '../domain/registry.ts';
import { formatPpm } from '../domain/trust.ts';
import type { VerifiedReport } from '../verify-report.ts';
import type { CliContext } from './context.ts';
import { paint, tableText } from './output.ts';

/** What each grade shows, in a line. */
const MEANING: Readonly<Record<Grade, string>> = {
  'address-bound': 'the signing key or script gives the address',
  'owner-confirmed': 'the owner signed, and the chain ties it to the address',
  'owner-bound': 'the named owner signed; its link to the address was not checked',
  'key-only': 'fits a key that the file itself supplies',
  partial: "fewer distinct signers than the script's threshold",
  listed: 'no signature',
  undecided: 'scheme, variant or chain not supported',
  invalid: 'signature, address or script does not fit',
};

const SHOWN_FAULTS = 10;

/** The result for people: grades, flags, totals, trust with what is to be said of it, the first faults, and what all that proves and what it does not. */
export function verifyText(
  context: CliContext,
  stream: Writable,
  { file, tally, totals }: VerifiedReport,
  entity: Entity | null,
  sentences: readonly string[],
  warnings: readonly string[],
): string {
  const colors = paint(context, stream);
  const parts = [
    `${escapeText(file.name)}: ${file.format}, ${file.bytes} bytes, sha256 ${file.sha256}\n` +
      `${tally.rows.counted} rows read, ${tally.rows.faults} lines not understood${entity ? `, entity ${entity.id}` : ''}\n`,
    tableText(
      stream,
      ['grade', 'rows', 'meaning'],
      GRADES.filter((grade) => tally.grades[grade] > 0).map((grade) => [
        grade,
        `${tally.grades[grade]}`,
        MEANING[grade],
      ]),
      ['rows'],
    ),
  ];
  const flags = Object.entries(tally.flags);
  if (flags.length > 0) {
    parts.push(
      tableText(
        stream,
        ['flag', 'rows'],
        flags.map(([flag, count]) => [flag, `${count}`]),
        ['rows'],
      ),
    );
  }
  if (totals.assets.length > 0) {
    const cells = totals.assets.map(({ asset, claimed, summary, equal }) => [
      asset,
      claimed,
      summary ?? '-',
      equal === null ? '-' : equal ? 'yes' : 'NO',
    ]);
    parts.push(
      tableText(stream, ['asset', 'sum of rows', 'total in file', 'equal'], cells, ['sum of rows', 'total in file']),
    );
  }
  if (tally.trust.length > 0) {
    const cells = tally.trust.map(({ asset, grades, dated, named }) => [
      asset,
      formatPpm(grades['address-bound'].ppm),
      formatPpm(grades['owner-confirmed'].ppm),
      formatPpm(grades['owner-bound'].ppm),
      formatPpm(grades.listed.ppm),
      formatPpm(dated.ppm),
      entity === null ? '-' : formatPpm(named.ppm),
    ]);
    const head = ['share of claims', 'address-bound', 'owner-confirmed', 'owner-bound', 'listed', 'dated', 'names it'];
    parts.push(tableText(stream, head, cells, head.slice(1)));
    if (sentences.length > 0) parts.push(`${sentences.join('\n')}\n`);
  }
  const shown = tally.faults.slice(0, SHOWN_FAULTS);
  if (shown.length > 0) {
    const more = tally.rows.faults - shown.length;
    const lines = shown.map(({ line, reason }) => `line ${line}: ${escapeText(reason)}`);
    parts.push(`${[...lines, ...(more > 0 ? [`and ${more} more: --rows writes all`] : [])].join('\n')}\n`);
  }
  parts.push(...warnings.map((warning) => `${colors.yellow('warning:')} ${escapeText(warning)}\n`));
  parts.push(`${colors.bold(verdictSentence(tally.grades, tally.rows.counted))}\n`);
  return parts.join('\n');
}

function verdictSentence(grades: Readonly<Record<Grade, number>>, counted: number): string {
  const proven = grades['address-bound'] + grades['owner-confirmed'];
  return (
    `Proven: for ${proven} of ${counted} rows, somebody held the key of the address when the message was signed. ` +
    'Not proven: that the balances are there now, that nobody else has the keys, or that nothing is owed against them.'
  );
}
