import { formatDecimal } from '../domain/amount.ts';
import { quote } from '../domain/ids.ts';
import type { Entity, Registry } from '../domain/registry.ts';
import { LISTED_FAULTS } from '../report-tally.ts';
import type { VerifiedReport } from '../verify-report.ts';

/** Says, of signed rows of nobody's list, that no message was held to a name; a layout alone does not say whose list it is. */
export function namelessNote(
  registry: Registry,
  { file, tally }: VerifiedReport,
  entity: Entity | null,
): readonly string[] {
  if (entity !== null || tally.rows.counted === tally.grades.listed) return [];
  const publisher = [...registry.entities.keys()].find((id) => file.format.startsWith(`${id}-`));
  return [
    `Whose list it is was not said, so that no message was held to a name: add --entity ${publisher === undefined ? '<id>' : `${publisher} if it is ${publisher}'s`}.`,
  ];
}

/** What is to be said of a verified file besides its figures: totals that differ, rows that fail, names that are not known, and whatever else a reader would miss. */
export function warningsOf({ tally, totals, work, repeatedCells: twice }: VerifiedReport): readonly string[] {
  const { unmatched, rows, grades } = tally;
  const unnamed = grades.invalid + grades.partial + grades.undecided - tally.failing.length;
  return [
    ...totals.warnings,
    ...tally.failing.map(({ line, grade, reason }) => `line ${line} is ${grade}: ${reason}`),
    ...(unnamed === 0 ? [] : [`${unnamed} more rows are invalid, partial or undecided; --rows writes all`]),
    ...(twice.rows === 0
      ? []
      : [
          `${twice.rows} rows list an account and asset that an earlier row lists (line ${twice.lines.join(', ')}${twice.rows > twice.lines.length ? ', …' : ''}): these sums hold each, a poll counts one; next: reservewatch addresses inside --file`,
        ]),
    ...(unmatched.rows === 0
      ? []
      : [
          `${unmatched.rows} rows carry a coin or network name that the label book does not know: ${unmatched.labels.map(quote).join(', ')}`,
        ]),
    ...tally.apart.map(
      ({ kind, label, rows: count, sum }) =>
        `${count} rows with ${formatDecimal(sum)} ${quote(label)} are ${kind === 'unspendable' ? 'unspendable, as the file says: in its total, never counted as reserves' : 'held by somebody else: a custodian, whose word cannot be checked here'}`,
    ),
    ...(tally.unstated === 0 ? [] : [`${tally.unstated} rows state no amount: they claim nothing`]),
    ...(rows.counted === 0 ? ['the file has no row that could be read: nothing was verified'] : []),
    ...(rows.faults > LISTED_FAULTS ? [`only the first ${LISTED_FAULTS} faults are listed; --rows writes all`] : []),
    ...(work.secp256k1 === 'native'
      ? []
      : ['the native secp256k1 library could not be loaded: JavaScript did the work, about 25 times slower']),
  ];
}
