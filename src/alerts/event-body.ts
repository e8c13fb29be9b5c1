import type { AlertEventType, AlertPhase, AlertState, RatioRule, Rule, Severity } from '../domain/alert.ts';
import { type Attestation, stateOf } from '../domain/attestation.ts';
import type { AssetCode, EntityId, Sha256 } from '../domain/ids.ts';
import { escapeText } from '../domain/ids.ts';
import { toPpm } from '../domain/ratio.ts';
import type { Registry } from '../domain/registry.ts';
import { compare, type Point, reservesOn } from '../domain/solvency.ts';
import { formatTime } from '../domain/time.ts';
import { stringifyJson } from '../lib/json.ts';
import type { Move } from '../seams.ts';
import { percentText } from './explain.ts';
import { approveCommand } from './explain-report.ts';
import { setChangeJson } from './set-text.ts';

/** Standard Webhooks asks for payloads below 20 kB. */
const MAX_BODY_BYTES = 20_000;
const MAX_MOVES = 10;

/** All that one event says. */
export interface EventFacts {
  readonly type: AlertEventType;
  readonly rule: Rule | null;
  /** The alert as it was up to this event, with the sequence of this event. */
  readonly state: AlertState;
  readonly previousPhase: AlertPhase;
  readonly severity: Severity;
  readonly atMs: number;
  readonly test: boolean;
  readonly entity: { readonly id: EntityId; readonly name: string };
  readonly point: Point | null;
  readonly confirmations: number;
  readonly report: Sha256 | null;
  /** The version of the address set in use; null where no list is. */
  readonly setVersion: number | null;
  /** A newer list that waits for the operator. */
  readonly waiting: Sha256 | null;
  /** The list that an alert about lists is about. */
  readonly list: Attestation | null;
  readonly assets: Registry['assets'];
  readonly moves: readonly Move[];
  /** What is disputed and with whom, as it is printed; absent for other alerts. */
  readonly disputed?: unknown;
  readonly reason: string;
}

/**
 * The body of one event: JSON `por.alert/1` in a fixed order of fields, the same text for the same facts; amounts, heights
 * and ppm are strings. Above 20 kB moves and then blocks are left out, last first, and counted in `truncated`.
 */
export function eventBody(facts: EventFacts): string {
  const moves = largest(facts.moves, facts.assets);
  const evidence = [...(facts.point?.evidence ?? [])].sort((a, b) => Number(b.heavy) - Number(a.heavy));
  let shownMoves = Math.min(moves.length, MAX_MOVES);
  let shownBlocks = evidence.length;
  for (;;) {
    const body = stringifyJson({
      type: facts.type,
      timestamp: formatTime(facts.atMs),
      data: {
        ...head(facts),
        evidence: evidence.slice(0, shownBlocks).map((one) => ({
          chain: one.chain,
          height: one.height,
          block_hash: one.hash,
          finality: one.finality,
          groups: one.groups,
          assurance: one.assurance,
          observed_at: formatTime(one.blockTimeMs),
        })),
        ...dates(facts),
        moved: moves.slice(0, shownMoves).map(({ address, assetId, before, after }) => ({
          address,
          asset: assetId,
          decimals: facts.assets.get(assetId)?.decimals ?? null,
          before,
          after,
        })),
        ...(facts.disputed === undefined ? {} : { disputed: facts.disputed }),
        ...(facts.list === null ? {} : listJson(facts.list)),
        reason: facts.reason,
        truncated: moves.length - shownMoves + (evidence.length - shownBlocks),
        next: facts.disputed ? `reservewatch addresses overlaps --entity ${facts.entity.id}` : nextCommand(facts),
      },
    });
    if (Buffer.byteLength(body) <= MAX_BODY_BYTES || shownMoves + shownBlocks === 0) return body;
    if (shownMoves > 0) shownMoves -= 1;
    else shownBlocks -= 1;
  }
}

function explainedJson(point: Point | null): unknown {
  if (!point?.explained) return null;
  const { by, former, atMs, lost, raised, gained, explained, unexplained, unknown } = point.explained;
  const sums = { lost, raised, gained, explained, unexplained };
  return { report: by, former_report: former, at: formatTime(atMs), ...sums, unknown_cells: unknown };
}

const listJson = (list: Attestation): Record<string, unknown> => ({
  list: {
    sha256: list.file.sha256,
    name: shortText(list.file.name),
    set_version: list.set.version,
    state: stateOf(list),
    origin: list.origin === undefined ? null : shortText(list.origin),
  },
  set_change: list.change === undefined ? null : setChangeJson(list.change),
});

const nextCommand = ({ rule, type, list, entity, state }: EventFacts): string =>
  rule?.name === 'report.approval' && list !== null && type !== 'alert.resolved'
    ? approveCommand(list)
    : `reservewatch ratio ${entity.id}${state.asset === null ? '' : ` ${state.asset}`}`;

const head = ({ rule, state, ...facts }: EventFacts): Record<string, unknown> => ({
  schema: 'por.alert/1',
  alert_id: `${state.fingerprint}-${state.episode}`,
  fingerprint: state.fingerprint,
  episode: state.episode,
  sequence: state.sequence,
  rule: state.rule,
  severity: facts.severity,
  state: facts.type === 'alert.resolved' ? 'resolved' : state.phase,
  previous_state: facts.previousPhase,
  test: facts.test,
  entity: { id: facts.entity.id, name: escapeText(facts.entity.name) },
  asset: assetOf(state.asset, facts.point),
  kind: rule?.family === 'level' ? rule.kind : null,
  value: rule?.family === 'level' && facts.point ? comparisonOf(rule, facts.point) : null,
});

const assetOf = (asset: AssetCode | null, point: Point | null): unknown =>
  asset === null ? null : { id: asset, symbol: asset, decimals: point?.asset === asset ? point.decimals : null };

function comparisonOf(rule: RatioRule, point: Point): unknown {
  const reserves = reservesOn(point, rule.basis);
  const owed = point.liabilities;
  const value = compare(reserves, owed);
  return {
    basis: rule.basis,
    reserves: reserves && { lo: reserves.lo, hi: reserves.hi },
    liabilities: owed && { lo: owed.amount.lo, hi: owed.openEnded ? null : owed.amount.hi },
    ratio_ppm: value && { lo: toPpm(value.lo), hi: toPpm(value.hi) },
    percent: value && percentText(value, owed?.openEnded ?? false),
    fire_below_ppm: rule.firePpm,
    clear_at_ppm: rule.clearPpm,
    unit: 'base',
  };
}

function dates({ state, type, point, atMs, ...facts }: EventFacts): Record<string, unknown> {
  const owed = point?.liabilities ?? null;
  const time = (ms: number | null): string | null => (ms === null ? null : formatTime(ms));
  return {
    confirmations: facts.confirmations,
    started_at: time(state.startedAtMs),
    fired_at: time(state.firedAtMs),
    resolved_at: type === 'alert.resolved' ? formatTime(atMs) : null,
    data_stale: state.dataStale,
    reserves_as_of: time(point?.atMs ?? null),
    liabilities_as_of: time(owed?.asOfMs ?? null),
    liabilities_age_seconds: owed && Math.floor(owed.ageMs / 1000),
    liabilities: owed && { source: shortText(owed.source), grade: owed.grade, binding: owed.binding },
    report: facts.report,
    address_set_version: facts.setVersion,
    explained_by: explainedJson(point),
    report_waiting: facts.waiting,
  };
}

/** Untrusted text for a payload: escaped, and at most 200 code points with the number of those left out. */
export function shortText(text: string): string {
  const points = [...text];
  return points.length <= 200
    ? escapeText(text)
    : `${escapeText(points.slice(0, 200).join(''))}… (+${points.length - 200})`;
}

/** Moves by how much they moved, largest first, compared across chain assets of different decimals. */
function largest(moves: readonly Move[], assets: Registry['assets']): readonly Move[] {
  const decimals = (move: Move): number => assets.get(move.assetId)?.decimals ?? 0;
  const finest = moves.reduce((most, move) => Math.max(most, decimals(move)), 0);
  const size = (move: Move): bigint => {
    const change = move.after - move.before;
    return (change < 0n ? -change : change) * 10n ** BigInt(finest - decimals(move));
  };
  return [...moves].sort((a, b) => (size(a) < size(b) ? 1 : size(a) > size(b) ? -1 : 0));
}
