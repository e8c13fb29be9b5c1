import type { EntityPart } from '../config-schema.ts';
import type { StatementRule } from '../domain/alert.ts';
import type { EntityId } from '../domain/ids.ts';
import type { EntityConfig } from './types.ts';

const DAY_MS = 86_400_000;
const DEFAULT_GRACE_MS = 7 * DAY_MS;
const DEFAULT_CHANGE_PPM = 200_000n;
/** A statement stands for weeks: more often than weekly would only teach people to look away. */
const REPEAT_MS = 7 * DAY_MS;

/**
 * The rules about an entity's statements, for each asset in scope: changes and conflicts always; overdue liabilities only where the report has
 * a cadence. An asset that is owed as on-chain supply alone states nothing that could change or be late.
 */
export function statementRules(
  entity: EntityId,
  { data }: Pick<EntityPart, 'data'>,
  { assets, supplies, statements, report }: EntityConfig,
): readonly StatementRule[] {
  return assets.flatMap((asset): StatementRule[] => {
    const common = { family: 'statement', entity, asset, repeatMs: REPEAT_MS, severity: 'warning' } as const;
    const stated = statements.some((one) => one.kind === 'liability' && one.asset === asset);
    const custodyPpm = data.custodyChange ?? DEFAULT_CHANGE_PPM;
    const custody: StatementRule = { ...common, name: 'custody.changed', sharePpm: custodyPpm };
    if (supplies.has(asset) && !stated) return [custody];
    const sharePpm = data.liabilitiesChange ?? DEFAULT_CHANGE_PPM;
    const changed: StatementRule = { ...common, name: 'liabilities.changed', sharePpm };
    const always = [changed, { ...common, name: 'liabilities.conflict' } as const, custody];
    if (report.cadenceMs === null) return always;
    const afterMs = report.cadenceMs + (data.staleLiabilitiesGrace ?? DEFAULT_GRACE_MS);
    return [{ ...common, name: 'liabilities.stale', afterMs }, ...always];
  });
}
