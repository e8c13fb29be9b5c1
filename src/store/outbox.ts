import type Database from 'better-sqlite3';
import type { Delivery } from '../domain/alert.ts';
import { write } from './connection.ts';

/** The id of one event for one receiver: the same in every instance, so that a receiver can drop a duplicate. */
export const deliveryId = (eventId: string, receiver: string): string => `${eventId}:${receiver}`;

type Change = Pick<Delivery, 'state' | 'attempts' | 'notBeforeMs' | 'lastError'>;

/** Messages that wait for their receivers, kept for ever with what became of them. */
export interface Outbox {
  /** Adds a message inside a transaction; a message with that id that is already there stands as it is. */
  add(delivery: Delivery): void;
  enqueueDelivery(delivery: Delivery): void;
  /** Messages to send now, oldest first: of each alert and receiver only the first that is still pending. */
  dueDeliveries(nowMs: number, limit: number): readonly Delivery[];
  /** Keeps what became of an attempt; an unknown id and a change of what was already sent are bugs and throw. */
  recordDelivery(id: string, change: Change): void;
  deliveries(state: Delivery['state'], limit: number): readonly Delivery[];
}

const COLUMNS = `id, event_id AS eventId, receiver, fingerprint, episode, sequence, type, body, state, attempts,
  not_before_ms AS notBeforeMs, created_at_ms AS createdAtMs, last_error AS lastError`;

const ORPHANED = 'its fired event is dead, and nobody gets the end of what they never heard begin';

export function createOutbox(db: Database.Database): Outbox {
  const insert = db.prepare(
    `INSERT INTO outbox (id, event_id, receiver, fingerprint, episode, sequence, type, body, created_at_ms,
       state, attempts, not_before_ms, last_error)
     VALUES (@id, @eventId, @receiver, @fingerprint, @episode, @sequence, @type, @body, @createdAtMs,
       @state, @attempts, @notBeforeMs, @lastError) ON CONFLICT (id) DO NOTHING`,
  );
  // Only a repetition may be skipped, and only for a newer one; what fired, escalated and resolved is always told.
  const supersedeRepeats = db.prepare(
    `UPDATE outbox SET state = 'superseded', last_error = 'a newer repetition took its place'
     WHERE receiver = @receiver AND fingerprint = @fingerprint AND episode = @episode AND sequence < @sequence
       AND type = 'alert.repeated' AND state = 'pending'`,
  );
  const supersedeOrphans = db.prepare(
    `UPDATE outbox AS late SET state = 'superseded', last_error = '${ORPHANED}'
     WHERE receiver = @receiver AND fingerprint = @fingerprint AND type = 'alert.resolved' AND state = 'pending'
       AND EXISTS (SELECT 1 FROM outbox AS first WHERE first.receiver = late.receiver
         AND first.fingerprint = late.fingerprint AND first.episode = late.episode
         AND first.type = 'alert.fired' AND first.state = 'dead')`,
  );
  const due = db.prepare<[number, number], Delivery>(
    `SELECT ${COLUMNS} FROM outbox AS head WHERE state = 'pending' AND not_before_ms <= ? AND NOT EXISTS (
       SELECT 1 FROM outbox AS earlier WHERE earlier.receiver = head.receiver AND earlier.fingerprint = head.fingerprint
         AND earlier.state = 'pending' AND (earlier.episode, earlier.sequence, earlier.seq) < (head.episode, head.sequence, head.seq))
     ORDER BY seq LIMIT ?`,
  );
  const get = db.prepare<[string], Delivery>(`SELECT ${COLUMNS} FROM outbox WHERE id = ?`);
  const change = db.prepare(
    `UPDATE outbox SET state = @state, attempts = @attempts, not_before_ms = @notBeforeMs, last_error = @lastError
     WHERE id = @id`,
  );
  const byState = db.prepare<[string, number], Delivery>(
    `SELECT ${COLUMNS} FROM outbox WHERE state = ? ORDER BY seq DESC LIMIT ?`,
  );

  function add(delivery: Delivery): void {
    insert.run(delivery);
    if (delivery.type === 'alert.repeated') supersedeRepeats.run(keyOf(delivery));
    if (delivery.type === 'alert.resolved') supersedeOrphans.run(keyOf(delivery));
  }

  function record(id: string, to: Change): void {
    const delivery = get.get(id);
    if (!delivery) throw new Error(`no delivery has the id ${id}`);
    if (delivery.state === 'sent' && to.state !== 'sent') throw new Error(`delivery ${id} was sent, and stays so`);
    change.run({ id, ...pickChange(to) });
    if (delivery.type === 'alert.fired' && to.state === 'dead') supersedeOrphans.run(keyOf(delivery));
  }

  return {
    add,
    enqueueDelivery: (delivery) => write(db, () => add(delivery)),
    dueDeliveries: (nowMs, limit) => due.all(nowMs, limit),
    recordDelivery: (id, to) => write(db, () => record(id, to)),
    deliveries: (state, limit) => byState.all(state, limit),
  };
}

const keyOf = ({ receiver, fingerprint, episode, sequence }: Delivery) => ({
  receiver,
  fingerprint,
  episode,
  sequence,
});

const pickChange = ({ state, attempts, notBeforeMs, lastError }: Change): Change => ({
  state,
  attempts,
  notBeforeMs,
  lastError,
});
