import { deadLetter } from './alerts/dead-letter.ts';
import type { Delivery } from './domain/alert.ts';
import { groupBy } from './lib/group-by.ts';
import type { Clock, Notifier, SendOutcome, Store } from './seams.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Waits after the first, second … failure; a failure after the last wait is the end: 10 attempts in about 15.7 hours. */
export const RETRY_AFTER_MS: readonly number[] = [
  ...[5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS],
  ...[HOUR_MS, 2 * HOUR_MS, 4 * HOUR_MS, 8 * HOUR_MS],
];

/** A receiver may ask for a later attempt, but for no later one than this. */
const MAX_RETRY_AFTER_MS = HOUR_MS;

/** No message is given up younger than this: a receiver that asks to be retried at once cannot use up the attempts in seconds. */
const GIVE_UP_AFTER_MS = 12 * HOUR_MS;

/** How many messages are taken from the outbox at once. */
const BATCH = 100;

/** What became of one attempt. `enqueued`: the message that tells the fallback receiver of a dead delivery. */
export interface Attempt {
  readonly delivery: Delivery;
  readonly outcome: SendOutcome;
  readonly state: Delivery['state'];
  readonly notBeforeMs: number;
  readonly enqueued: Delivery | null;
}

export interface DeliverInput {
  readonly store: Pick<Store, 'dueDeliveries' | 'recordDelivery' | 'enqueueDelivery'>;
  readonly notifiers: ReadonlyMap<string, Notifier>;
  /** Who is told when a critical delivery to a receiver is given up; null: nobody, the dead delivery is only shown. */
  readonly fallbackOf: (receiver: string) => string | null;
  /** Receivers that answered 410 since the process started: kept by the caller between calls, filled here. */
  readonly disabled: Set<string>;
  readonly clock: Clock;
  /** In [0, 1): spreads retries over 0.8 … 1.2 of their wait. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly onAttempt?: (attempt: Attempt) => void;
}

/**
 * Sends all that is due, one message at a time to each receiver and in order per alert, until nothing more is or the signal
 * aborts. A message is recorded only after its attempt: a crash between repeats it with the same id and bytes. A failure
 * ends the receiver's turn; `Retry-After` puts off everything that is due for it. Never run two at once.
 */
export async function deliverDue(input: DeliverInput): Promise<void> {
  const resting = new Set<string>();
  let limit = BATCH;
  while (!input.signal.aborted) {
    const due = input.store.dueDeliveries(input.clock.now(), limit);
    const turns = groupBy(
      due.filter(({ receiver }) => !resting.has(receiver)),
      ({ receiver }) => receiver,
    );
    if (turns.size === 0 && due.length < limit) return;
    // Nothing but messages of resting receivers: look behind them.
    if (turns.size === 0) limit *= 4;
    await Promise.all([...turns].map(([receiver, messages]) => takeTurn(receiver, messages, input, resting)));
  }
}

async function takeTurn(
  receiver: string,
  messages: readonly Delivery[],
  input: DeliverInput,
  resting: Set<string>,
): Promise<void> {
  for (const [index, delivery] of messages.entries()) {
    if (input.signal.aborted) return;
    const outcome = await attempt(delivery, input);
    if (outcome === null) return;
    const notBeforeMs = settle(delivery, outcome, input);
    if (outcome.kind !== 'retry') continue;
    resting.add(receiver);
    if (outcome.afterMs === null) return;
    for (const { id, attempts, lastError } of messages.slice(index + 1))
      input.store.recordDelivery(id, { state: 'pending', attempts, notBeforeMs, lastError });
    return;
  }
}

/** One attempt, or null where the process is stopping: then nothing is known of it and nothing is recorded. */
async function attempt(delivery: Delivery, input: DeliverInput): Promise<SendOutcome | null> {
  if (input.disabled.has(delivery.receiver))
    return { kind: 'rejected', reason: 'the receiver answered 410 and is disabled until restart', disable: true };
  const notifier = input.notifiers.get(delivery.receiver);
  if (!notifier) return { kind: 'rejected', reason: 'the receiver is no longer in the config', disable: false };
  try {
    const outcome = await notifier.send(delivery, input.signal);
    return input.signal.aborted && outcome.kind !== 'delivered' ? null : outcome;
  } catch (error) {
    if (input.signal.aborted) return null;
    return {
      kind: 'retry',
      reason: `notifier failed: ${error instanceof Error ? error.name : 'error'}`,
      afterMs: null,
    };
  }
}

/** Records what became of an attempt and says when the next one may be. */
function settle(delivery: Delivery, outcome: SendOutcome, input: DeliverInput): number {
  const { store, clock, disabled, fallbackOf, onAttempt } = input;
  const nowMs = clock.now();
  const attempts = delivery.attempts + 1;
  const young = nowMs - delivery.createdAtMs < GIVE_UP_AFTER_MS;
  const again = outcome.kind === 'retry' && (attempts <= RETRY_AFTER_MS.length || young);
  const state = outcome.kind === 'delivered' ? 'sent' : again ? 'pending' : 'dead';
  const notBeforeMs = outcome.kind === 'retry' && again ? nowMs + waitOf(attempts, outcome.afterMs, input) : nowMs;
  const lastError = outcome.kind === 'delivered' ? null : outcome.reason;
  if (outcome.kind === 'rejected' && outcome.disable) disabled.add(delivery.receiver);
  const dead: Delivery = { ...delivery, state, attempts, notBeforeMs, lastError };
  // Before the death is recorded: a crash between the two repeats the attempt, and the letter's id makes it one letter.
  const letter = state === 'dead' ? deadLetter(dead, fallbackOf(delivery.receiver), nowMs) : null;
  if (letter) store.enqueueDelivery(letter);
  store.recordDelivery(delivery.id, { state, attempts, notBeforeMs, lastError });
  onAttempt?.({ delivery: dead, outcome, state, notBeforeMs, enqueued: letter });
  return notBeforeMs;
}

/** `Retry-After` wins while the schedule lasts; then every attempt waits an hour. */
function waitOf(attempts: number, askedMs: number | null, { random }: DeliverInput): number {
  const scheduled = RETRY_AFTER_MS[attempts - 1];
  if (scheduled === undefined) return MAX_RETRY_AFTER_MS;
  if (askedMs !== null) return Math.min(askedMs, MAX_RETRY_AFTER_MS);
  return Math.round(scheduled * (0.8 + 0.4 * random()));
}
