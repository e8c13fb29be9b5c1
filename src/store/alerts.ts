import type Database from 'better-sqlite3';
import { type AlertEvent, type AlertState, SEVERITIES, type Severity } from '../domain/alert.ts';
import type { EntityId } from '../domain/ids.ts';
import type { Receiver } from '../domain/poll.ts';
import { stringifyJson } from '../lib/json.ts';
import { Decoder } from './codec.ts';
import type { Names } from './names.ts';
import { deliveryId, type Outbox } from './outbox.ts';

/** Where every alert stands, and what happened to it. */
export interface AlertTables {
  alertStates(entity: EntityId): readonly AlertState[];
  /** Inside the poll's transaction. */
  putStates(states: readonly AlertState[]): void;
  /** Keeps the events and writes an outbox row for every receiver that wants an event's severity, in order; inside the poll's transaction. */
  addEvents(poll: number, events: readonly AlertEvent[], receivers: readonly Receiver[]): void;
}

export function createAlertTables(db: Database.Database, names: Names, outbox: Outbox, now: () => number): AlertTables {
  const states = db
    .prepare<[string], string>(
      `SELECT body FROM alert_state JOIN entity ON entity.id = alert_state.entity WHERE entity.code = ?
       ORDER BY fingerprint`,
    )
    .pluck();
  const put = db.prepare(
    `INSERT INTO alert_state (fingerprint, entity, body) VALUES (?, ?, ?)
     ON CONFLICT (fingerprint) DO UPDATE SET entity = excluded.entity, body = excluded.body`,
  );
  const event = db.prepare(
    `INSERT INTO alert_event (id, poll, seq, type, fingerprint, episode, sequence, rule, severity, at_ms, test, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const addEvent = (poll: number, seq: number, one: AlertEvent): void => {
    const { id, type, fingerprint, episode, sequence, rule, severity, atMs, test, body } = one;
    event.run(id, poll, seq, type, fingerprint, episode, sequence, rule, severity, atMs, test ? 1 : 0, body);
  };
  return {
    // An alert state holds no amounts, so it is kept as plain data, whatever fields it has.
    alertStates: (entity) => states.all(entity).map((body) => Decoder.of(body, 'alert state').plain() as AlertState),
    putStates(changed) {
      for (const state of changed) put.run(state.fingerprint, names.entity(state.entity), stringifyJson(state));
    },
    addEvents(poll, events, receivers) {
      const createdAtMs = now();
      for (const [seq, one] of events.entries()) {
        addEvent(poll, seq, one);
        for (const { name: receiver } of receivers.filter(({ minSeverity }) => reaches(one.severity, minSeverity))) {
          const { fingerprint, episode, sequence, type, body } = one;
          outbox.add({
            id: deliveryId(one.id, receiver),
            eventId: one.id,
            receiver,
            fingerprint,
            episode,
            sequence,
            type,
            body,
            state: 'pending',
            attempts: 0,
            notBeforeMs: 0,
            createdAtMs,
            lastError: null,
          });
        }
      }
    },
  };
}

const reaches = (severity: Severity, least: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
