import type { LiabilityEntry } from '../check-liabilities.ts';
import { escapeText } from '../domain/ids.ts';

/** What people read: one sentence on what is proven and what is not, then every proof with its totals, faults and caveats. */
export function liabilitiesText(entries: readonly LiabilityEntry[]): string {
  return `${[escapeText(verdictSentence(entries)), ...entries.map(entryText)].join('\n\n')}\n`;
}

/** One sentence: what the valid proofs of the call show, and what they do not. */
export function verdictSentence(entries: readonly LiabilityEntry[]): string {
  const valid = entries.filter(({ verdict }) => verdict === 'valid');
  const rest = [count(entries, 'invalid'), count(entries, 'undecided')].filter((text) => text !== '');
  const others = rest.length === 0 ? '' : `, and ${rest.join(' and ')}`;
  if (valid.length === 0) return `Nothing is proven: ${rest.join(' and ') || 'no proof was found'}.`;
  const totals = valid.filter(({ binding }) => binding !== 'none');
  const inclusions = valid.filter(({ grade }) => grade === 'inclusion-only');
  const proven = [
    ...totals.map(totalText),
    ...(inclusions.length === 0 ? [] : [inclusionText(inclusions)]),
    ...valid
      .filter((entry) => !totals.includes(entry) && !inclusions.includes(entry))
      .map(({ kind }) => `a ${kind} proof`),
  ];
  const open = [
    ...(totals.length === 0 ? ['any total'] : []),
    'that nobody was left out',
    ...(inclusions.some(({ uses }) => uses.length === 0) ? ['that the root is the one that everybody was shown'] : []),
    'that the reserves are there',
  ];
  return `Proven: ${proven.join('; ')}; not proven: ${open.join(', ')}${others}.`;
}

function count(entries: readonly LiabilityEntry[], verdict: LiabilityEntry['verdict']): string {
  const found = entries.filter((entry) => entry.verdict === verdict).length;
  return found === 0 ? '' : `${found} ${found === 1 ? 'proof is' : 'proofs are'} ${verdict}`;
}

function totalText({ totals, binding }: LiabilityEntry): string {
  const listed = totals.map(({ asset, amount }) => `${amount} ${asset}`);
  const open = totals.some(({ unit }) => unit === null) ? ' (in a unit that the files do not state)' : '';
  const shown =
    listed.length > 6 ? `${listed.slice(0, 6).join(', ')} and ${listed.length - 6} more` : listed.join(', ');
  return `${binding === 'combined-total' ? 'one combined total' : 'totals by asset'} of ${shown}${open}`;
}

function inclusionText(entries: readonly LiabilityEntry[]): string {
  const lists = entries.filter(
    ({ kind, checks }) => kind === 'leaf-list' && checks.some(({ name }) => name === 'positions'),
  );
  const accounts = entries.length - lists.length;
  return [
    ...(accounts === 0
      ? []
      : [`${accounts} ${accounts === 1 ? 'account is' : 'accounts are'} in the tree under the root shown`]),
    ...(lists.length === 0 ? [] : ['the published list of leaves gives the published root']),
  ].join('; ');
}

/** The most names that one line lists; JSON has all. */
const NAMES_SHOWN = 3;

const firstOf = (names: readonly string[]): string =>
  names.length <= NAMES_SHOWN + 1
    ? names.join(', ')
    : `${names.slice(0, NAMES_SHOWN).join(', ')} and ${names.length - NAMES_SHOWN} more`;

function entryText(entry: LiabilityEntry): string {
  const { file, uses, kind, verdict, grade, binding, totals, root, checks, caveats } = entry;
  const passed = checks.filter(({ status }) => status === 'pass').length;
  const told = checks.filter(({ status }) => status !== 'pass');
  return [
    `${verdict.toUpperCase()}  ${file}  (${kind ?? 'unknown'}${uses.length === 0 ? '' : `, with ${firstOf(uses)}`})`,
    `  grade ${grade}, binding ${binding}, ${passed} of ${checks.length} checks passed`,
    ...(root === null ? [] : [`  root ${root}`]),
    ...totals.map(
      ({ asset, amount, unit }) => `  total ${amount} ${asset}${unit === null ? ' (unit not stated)' : ''}`,
    ),
    ...told.map(({ name, status, detail }) => `  ${status === 'fail' ? 'FAILED' : 'skipped'} ${name}: ${detail}`),
    ...caveats.map((caveat) => `  note: ${caveat}`),
  ]
    .map(escapeText)
    .join('\n');
}
