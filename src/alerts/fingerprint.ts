import type { AlertState, Rule } from '../domain/alert.ts';
import { sha256Hex } from '../lib/hash.ts';

/** What tells one alert from another: first 32 hex of sha256("por1|rule|entity|asset|subject"); values never enter it. */
export function fingerprintOf(rule: Rule): string {
  const subject =
    rule.family === 'level' ? `${rule.kind}/${rule.basis}` : rule.family === 'dispute' ? (rule.with ?? '') : '';
  return sha256Hex(['por1', rule.name, rule.entity, rule.asset ?? '', subject].join('|')).slice(0, 32);
}

/** The state of an alert that nobody has looked at yet. */
export const freshState = (rule: Rule): AlertState => ({
  fingerprint: fingerprintOf(rule),
  rule: rule.name,
  entity: rule.entity,
  asset: rule.asset,
  phase: 'ok',
  episode: 0,
  sequence: 0,
  count: 0,
  lastHeights: {},
  dataStale: false,
  severity: null,
  startedAtMs: null,
  firedAtMs: null,
  lastNotifiedAtMs: null,
  sinceMs: null,
});

/** Whether an episode is open: it fired and did not resolve yet. */
export const isOpen = ({ phase }: Pick<AlertState, 'phase'>): boolean => phase === 'firing' || phase === 'recovering';

/** The state after an alert fired: the next episode, no event of it sent yet. */
export const fire = (state: AlertState, nowMs: number): AlertState => ({
  ...state,
  phase: 'firing',
  episode: state.episode + 1,
  sequence: 0,
  count: 0,
  severity: null,
  startedAtMs: state.startedAtMs ?? nowMs,
  firedAtMs: nowMs,
});

/** The state after an episode ended, or a pending alert was cancelled; episode and sequence stay, so that ids never repeat. */
export const close = (state: AlertState): AlertState => ({
  ...state,
  phase: 'ok',
  count: 0,
  lastHeights: {},
  severity: null,
  startedAtMs: null,
  firedAtMs: null,
});
