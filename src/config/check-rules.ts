import type { Sourced } from '../build-registry.ts';
import type { EntityPart, RulePart } from '../config-schema.ts';
import {
  type DataRule,
  DEFAULT_LEVELS,
  DEFAULT_MAX_SKEW_MS,
  LEVELS,
  type Level,
  type RatioRule,
  type Rule,
} from '../domain/alert.ts';
import type { EntityId, NetworkSlug } from '../domain/ids.ts';
import { ONE_PPM } from '../domain/ratio.ts';
import { formatAge } from '../domain/time.ts';
import type { YamlPath } from '../lib/yaml.ts';
import type { Context } from './check-entities.ts';
import { disputeRules } from './dispute-rules.ts';
import { reportRules } from './report-rules.ts';
import { statementRules } from './statement-rules.ts';
import type { EntityConfig } from './types.ts';

/** A rule with the path at which it is written, and the written reason to keep it although it fires at rest. */
export interface PlacedRule {
  readonly rule: Rule;
  readonly path: YamlPath;
  readonly firesAtRest: string | null;
}

const DATA_REPEAT_MS = 24 * 3_600_000;

/** An entity's ratio rules, one a level, its three data rules, and those about disputes, its reports and statements. */
export function checkRules(
  id: EntityId,
  section: Sourced<EntityPart>,
  entity: EntityConfig,
  pollEveryMs: number,
  context: Context,
): readonly PlacedRule[] {
  const { value, path } = section;
  const seen = new Set<string>();
  const rules = value.rules.flatMap((part, index): PlacedRule[] => {
    const at = [...path, 'rules', index];
    const key = `${part.kind} ${part.asset} ${part.basis}`;
    if (seen.has(key)) context.faults.push(section.yaml.faultAt(at, `there are two rules for ${key}`));
    seen.add(key);
    checkSense(part, at, section, entity, context);
    const levels = LEVELS.filter((level) => part.levels[level] !== undefined);
    return levels.map((level) => ({
      rule: toRule(id, part, level),
      path: [...at, 'levels', level],
      firesAtRest: part.firesAtRest ?? null,
    }));
  });
  const unlevelled = [
    ...dataRules(id, value, pollEveryMs),
    ...disputeRules(id),
    ...reportRules(id, value, entity),
    ...statementRules(id, value, entity),
  ];
  return [...rules, ...unlevelled.map((rule) => ({ rule, path, firesAtRest: null }))];
}

function toRule(entity: EntityId, part: RulePart, level: Level): RatioRule {
  const bounds = part.levels[level] as { fire: bigint; clear: bigint };
  const defaults = DEFAULT_LEVELS[level];
  return {
    family: 'level',
    name: `${part.kind}.${level}`,
    entity,
    asset: part.asset,
    kind: part.kind,
    basis: part.basis,
    level,
    firePpm: bounds.fire,
    clearPpm: bounds.clear,
    confirmations: part.confirmations ?? defaults.confirmations,
    clears: part.clears ?? defaults.clears,
    minAssurance: part.minAssurance,
    repeatMs: part.repeat ?? defaults.repeatMs,
    maxSkewMs: part.maxSkew ?? DEFAULT_MAX_SKEW_MS,
    liftAgeCap: part.liftAgeCap !== undefined,
    severity: defaults.severity,
  };
}

function dataRules(entity: EntityId, { data }: EntityPart, pollEveryMs: number): readonly DataRule[] {
  const rule = (name: DataRule['name'], afterMs: number): DataRule => ({
    family: 'data',
    name,
    entity,
    asset: null,
    afterMs,
    repeatMs: DATA_REPEAT_MS,
    severity: 'warning',
  });
  return [
    rule('data.stale', data.staleAfter ?? 3 * pollEveryMs),
    rule('data.incomplete', data.incompleteAfter ?? 3 * pollEveryMs),
    rule('data.disagree', data.disagreeAfter ?? 0),
  ];
}

/** Levels that could never clear, never fire or never be known are refused. */
function checkSense(
  part: RulePart,
  at: YamlPath,
  section: Sourced<EntityPart>,
  entity: EntityConfig,
  context: Context,
): void {
  const place = (key: YamlPath, message: string) => section.yaml.faultAt([...at, ...key], message);
  const fault = (key: YamlPath, message: string): void => {
    context.faults.push(place(key, message));
  };
  const warn = (key: YamlPath, message: string): void => {
    context.warnings.push(place(key, message));
  };
  const written = LEVELS.flatMap((level) => (part.levels[level] ? [{ level, ...part.levels[level] }] : []));
  if (written.length === 0 && context.whole) fault(['levels'], `needs at least one of ${LEVELS.join(', ')}`);
  for (const { level, fire, clear } of written) {
    if (clear <= fire) fault(['levels', level, 'clear'], `${level}: clear must be above fire, or it flaps`);
    if (level === 'below-100' && fire !== ONE_PPM)
      fault(['levels', level, 'fire'], 'below-100 fires below 100 %, by its name');
    if (level !== 'below-100' && fire < ONE_PPM)
      fault(['levels', level, 'fire'], `${level}: a level below 100 % is too late; below-100 is its name`);
  }
  for (const [index, { level, fire }] of written.entries()) {
    const milder = written[index - 1];
    if (milder && milder.fire <= fire) fault(['levels', level, 'fire'], `${level} must fire below ${milder.level}`);
  }
  if (entity.assets.length > 0 && !entity.assets.includes(part.asset) && context.whole) {
    fault(['asset'], `${part.asset} is not in this entity's assets`);
  }
  if (part.kind === 'ratio' && !entity.supplies.has(part.asset)) {
    fault(['kind'], `ratio needs both sides of one moment, but no supply of ${part.asset} is listed: use coverage`);
  }
  const stated = (kind: 'liability' | 'custody') =>
    entity.statements.some((one) => one.kind === kind && one.asset === part.asset);
  if (part.kind === 'coverage' && !stated('liability')) {
    if (entity.supplies.has(part.asset)) fault(['kind'], `${part.asset} is owed as on-chain supply: use ratio`);
    else
      warn(['asset'], `no liabilities of ${part.asset} in the config: unknown until \`reservewatch liabilities add\``);
  }
  if (part.basis === 'observed+custody' && !stated('custody')) {
    warn(['basis'], `no custody of ${part.asset} in the config: this basis is unknown until there is a statement`);
  }
  checkAssurance(part, context, fault, warn);
  const { cadenceMs } = entity.report;
  const maxSkewMs = part.maxSkew ?? DEFAULT_MAX_SKEW_MS;
  const pages = written.some(({ level }) => level !== 'warning');
  if (
    part.kind === 'coverage' &&
    pages &&
    part.liftAgeCap === undefined &&
    cadenceMs !== null &&
    cadenceMs > maxSkewMs
  ) {
    const message = `a report is due every ${formatAge(cadenceMs)}, so ${part.asset} liabilities are mostly older than ${formatAge(maxSkewMs)} and this rule is then at most a warning; liftAgeCap lifts that`;
    warn(['levels'], message);
  }
}

function checkAssurance(
  part: RulePart,
  { registry, groups, whole }: Context,
  fault: (key: YamlPath, message: string) => void,
  warn: (key: YamlPath, message: string) => void,
): void {
  const carriers = new Set<NetworkSlug>();
  for (const asset of registry.assets.values()) {
    const slug = registry.networksById.get(asset.chain)?.slug;
    if (asset.countsAs === part.asset && slug !== undefined && groups.has(slug)) carriers.add(slug);
  }
  if (!whole) return;
  if (carriers.size === 0)
    fault(['asset'], `no network with providers carries ${part.asset}: this rule can never be known`);
  const alone = [...carriers].filter((slug) => (groups.get(slug) ?? 0) < 2);
  if (part.minAssurance === 'A2' && alone.length > 0) {
    const message = `A2 needs two groups, but ${alone.join(', ')} has one: this rule can never fire or clear on it. Add a provider of another operator, or write minAssurance: A1`;
    fault(part.minAssurance === undefined ? [] : ['minAssurance'], message);
  }
  if (part.minAssurance === 'A1') {
    warn(['minAssurance'], 'A1 means that one provider alone can make this alert fire, or keep it silent');
  }
  if (part.minAssurance === 'A0') {
    warn(
      ['minAssurance'],
      'A0 means that one provider, not even pinned to one block, can make this alert fire, or keep it silent',
    );
  }
}
