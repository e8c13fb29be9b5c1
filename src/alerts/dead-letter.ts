import type { Delivery } from '../domain/alert.ts';
import { formatTime } from '../domain/time.ts';
import { sha256Hex } from '../lib/hash.ts';
import { field, type Json, parseJson, stringifyJson } from '../lib/json.ts';
import { shortText } from './event-body.ts';

/**
 * The message `delivery.dead` that tells the fallback receiver what did not reach another one; null where the lost event was
 * not critical, is itself such a message, or has nobody else to go to. Its id follows from the lost event and receiver.
 */
export function deadLetter(dead: Delivery, fallback: string | null, nowMs: number): Delivery | null {
  if (fallback === null || fallback === dead.receiver || dead.type === 'delivery.dead') return null;
  const parsed = parseJson(dead.body);
  const lost = parsed.ok ? field(parsed.value, 'data') : undefined;
  if (text(field(lost, 'severity')) !== 'critical') return null;
  const fingerprint = sha256Hex(`por1|delivery.dead|${dead.receiver}|${dead.fingerprint}`).slice(0, 32);
  const { episode, sequence } = dead;
  const eventId = `${fingerprint}-${episode}-${sequence}`;
  const body = stringifyJson({
    type: 'delivery.dead',
    timestamp: formatTime(nowMs),
    data: {
      schema: 'por.alert/1',
      alert_id: `${fingerprint}-${episode}`,
      fingerprint,
      episode,
      sequence,
      rule: 'delivery.dead',
      severity: 'critical',
      state: 'firing',
      previous_state: 'ok',
      test: field(lost, 'test') === true,
      receiver: dead.receiver,
      attempts: dead.attempts,
      last_error: dead.lastError === null ? null : shortText(dead.lastError),
      lost: {
        event_id: dead.eventId,
        type: dead.type,
        rule: text(field(lost, 'rule')),
        reason: text(field(lost, 'reason')),
        created_at: formatTime(dead.createdAtMs),
      },
      reason: `A critical event did not reach ${shortText(dead.receiver)} after ${dead.attempts} attempts and is given up; read it here, and mend that receiver.`,
      next: 'reservewatch alerts list',
    },
  });
  return {
    id: `${eventId}:${fallback}`,
    eventId,
    receiver: fallback,
    fingerprint,
    episode,
    sequence,
    type: 'delivery.dead',
    body,
    state: 'pending',
    attempts: 0,
    notBeforeMs: nowMs,
    createdAtMs: nowMs,
    lastError: null,
  };
}

const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
