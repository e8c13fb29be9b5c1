import type { RatioRule, Rule } from '../domain/alert.ts';
import type { EntityId } from '../domain/ids.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import type { Point, Quality } from '../domain/solvency.ts';
import { formatTime } from '../domain/time.ts';
import { pointJson } from './point-json.ts';
import { pointStatus } from './point-status.ts';

/** The level rules among the rules of a config. */
export const levelRules = (rules: readonly Rule[]): readonly RatioRule[] =>
  rules.filter((rule): rule is RatioRule => rule.family === 'level');

/** What one look found. */
export interface PollView {
  readonly poll: number;
  readonly entity: EntityId;
  readonly snapshot: Snapshot;
  readonly points: readonly Point[];
  readonly rules: readonly Rule[];
  readonly changed: ReadonlyMap<Snapshot['sources'][number]['chain'], number>;
}

/** The `data` of `reservewatch.poll/1`: sources, failed cells, faults of providers, and the points. */
export function pollJson({ poll, entity, snapshot, points, rules, changed }: PollView): Record<string, unknown> {
  return {
    poll,
    entity,
    at: snapshot.momentMs === null ? null : formatTime(snapshot.momentMs),
    quality: pollQuality(points),
    sources: snapshot.sources.map((source) => ({
      chain: source.chain,
      height: source.block?.height.toString() ?? null,
      blockHash: source.block?.hash ?? null,
      finality: source.block?.finality ?? null,
      skewSeconds: source.skewSeconds,
      assurance: source.assurance,
      groups: source.groups,
      requests: source.requests,
      cells: { asked: source.asked, read: source.read, failed: source.failed, changed: changed.get(source.chain) ?? 0 },
    })),
    failures: snapshot.cells.flatMap(({ query, outcome }) =>
      outcome.kind === 'read'
        ? []
        : [
            {
              chain: query.asset.chain,
              address: query.address,
              asset: query.asset.id,
              code: outcome.failure.code,
              message: outcome.failure.message,
              provider: outcome.failure.provider,
            },
          ],
    ),
    providerFaults: snapshot.providerFaults.map(({ chain, group, code, message, provider }) => ({
      chain,
      group,
      code,
      message,
      provider,
    })),
    points: points.map((point) => pointJson(point, pointStatus(point, levelRules(rules)), snapshot.finishedAtMs)),
  };
}

const WORST_FIRST: readonly Quality[] = ['disagree', 'not_final', 'incomplete', 'stale', 'complete'];

/** The worst quality of the points; `incomplete` where there is none. */
export const pollQuality = (points: readonly Point[]): Quality =>
  WORST_FIRST.find((quality) => points.some((point) => point.quality === quality)) ?? 'incomplete';
