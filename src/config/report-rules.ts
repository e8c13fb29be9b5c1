import type { EntityPart } from '../config-schema.ts';
import type { ReportRule } from '../domain/alert.ts';
import type { EntityId } from '../domain/ids.ts';
import type { EntityConfig } from './types.ts';

const DAY_MS = 86_400_000;
const DEFAULT_GRACE_MS = 7 * DAY_MS;

/** The rules about an entity's published lists: that one came is news for whoever wants it, one that waits asks for an answer; overdue only where there is a cadence. */
export function reportRules(
  entity: EntityId,
  { data }: Pick<EntityPart, 'data'>,
  { report }: Pick<EntityConfig, 'report'>,
): readonly ReportRule[] {
  const common = { family: 'report', entity, asset: null, repeatMs: 7 * DAY_MS } as const;
  const news: ReportRule = { ...common, name: 'report.new', afterMs: 0, severity: 'info' };
  // Every day: until the operator decides, the ratio rests on a list that its publisher has replaced.
  const asks: ReportRule = { ...news, name: 'report.approval', repeatMs: DAY_MS, severity: 'warning' };
  if (report.cadenceMs === null) return [news, asks];
  const afterMs = report.cadenceMs + (data.overdueReportGrace ?? DEFAULT_GRACE_MS);
  return [news, asks, { ...common, name: 'report.overdue', afterMs, severity: 'warning' }];
}
