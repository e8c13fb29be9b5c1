import type { RatioRule } from '../domain/alert.ts';
import { formatPercent } from '../domain/ratio.ts';
import { decidePoint, type Point } from '../domain/solvency.ts';
import type { Fault } from '../lib/yaml.ts';
import type { Config } from './types.ts';

/**
 * Levels that would fire on the last stored figures without anything having happened: each is a fault, unless its rule says
 * `firesAtRest` with a reason. `latest` holds the newest points of the entities; a rule without one passes. Pure.
 */
export function levelsFiringAtRest(
  config: Pick<Config, 'rules' | 'faultAtRule' | 'allowedAtRest'>,
  latest: readonly Point[],
): readonly Fault[] {
  return config.rules.flatMap((rule) => {
    if (rule.family !== 'level' || config.allowedAtRest.has(rule)) return [];
    const point = latest.find(
      (one) => one.entity === rule.entity && one.asset === rule.asset && one.kind === rule.kind,
    );
    if (!point || decidePoint(point, rule.basis, rule) !== 'breach') return [];
    return [config.faultAtRule(rule, message(rule, point))];
  });
}

function message(rule: RatioRule, point: Point): string {
  const value = point.values[rule.basis];
  const now = value ? formatPercent(value.hi) : 'its last value';
  return `${rule.asset} ${rule.name} already fires at rest: ${rule.kind} on ${rule.basis} is ${now}. Lower it, choose another basis, or write firesAtRest with the reason`;
}
