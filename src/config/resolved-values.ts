import type { StatementRule } from '../domain/alert.ts';
import { formatPpm } from '../domain/ratio.ts';
import type { Config, ConfigValue } from './types.ts';

/** What a config came to where it said nothing: defaults, the registry entry of each polled network, every rule in full. */
export function resolvedValues(config: Config): readonly ConfigValue[] {
  const written = new Set(config.values.map(({ path }) => path));
  const value = (path: string, text: string, origin = 'default'): ConfigValue => ({ path, value: text, origin });
  const defaults = [
    value('database', config.database),
    value('archive', config.archive),
    value('poll.every', formatDuration(config.poll.everyMs)),
    value('poll.deadline', formatDuration(config.poll.deadlineMs)),
    value('log.level', config.log.level),
  ].filter(({ path }) => !written.has(path));
  const networks = [...config.networks.values()].flatMap(({ network, providers }) => [
    value(`networks.${network.slug}.caip2`, network.chainId, 'registry'),
    value(`networks.${network.slug}.family`, network.family, 'registry'),
    value(`networks.${network.slug}.groups`, [...new Set(providers.map(({ group }) => group))].join(', '), 'counted'),
  ]);
  const rules = config.rules.map((rule) => {
    const path = ['rule', rule.entity, rule.asset ?? '*', rule.name].join('.');
    const repeat = `repeat ${formatDuration(rule.repeatMs)}, severity ${rule.severity}`;
    if (rule.family === 'data') return value(path, `after ${formatDuration(rule.afterMs)}, ${repeat}`, 'rule');
    if (rule.family === 'statement') return value(path, `${limitOf(rule)}${repeat}`, 'rule');
    if (rule.family === 'dispute') return value(path, repeat, 'rule');
    if (rule.family === 'report') {
      const limit = rule.afterMs === 0 ? '' : `after ${formatDuration(rule.afterMs)}, `;
      return value(path, `${limit}${repeat}`, 'rule');
    }
    const bounds = `fire below ${formatPpm(rule.firePpm)}, clear at ${formatPpm(rule.clearPpm)}`;
    const confirm = `${rule.confirmations} confirmations, ${rule.clears} clears`;
    return value(path, `${rule.basis}: ${bounds}, ${confirm}, ${rule.minAssurance}, ${repeat}`, 'rule');
  });
  return [...defaults, ...networks, ...rules];
}

function limitOf(rule: StatementRule): string {
  if (rule.name === 'liabilities.stale') return `after ${formatDuration(rule.afterMs)}, `;
  return rule.name === 'liabilities.conflict' ? '' : `above ${formatPpm(rule.sharePpm)}, `;
}

/** A duration as the config writes it, in its largest whole unit. */
function formatDuration(ms: number): string {
  const [unit, size] = (
    [
      ['d', 86_400_000],
      ['h', 3_600_000],
      ['m', 60_000],
      ['s', 1_000],
    ] as const
  ).find(([, one]) => ms > 0 && ms % one === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}
