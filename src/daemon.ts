import { schedule } from 'node-cron';
import type { EntityId } from './domain/ids.ts';
import { deadlineReached } from './lib/deadline.ts';
import type { Clock } from './seams.ts';

/** One entity's poll schedule. */
export interface Schedule {
  readonly entity: EntityId;
  readonly everyMs: number;
  /** A cycle that takes longer is aborted: the loop goes on. */
  readonly deadlineMs: number;
}

/** Where one entity's polling stands, in monotonic ms. */
export interface PollProgress {
  readonly startedAt: number | null;
  /** A confirmation is wanted by then; null: none. */
  readonly confirmAt: number | null;
  readonly running: boolean;
}

/** A first breach is read again with fresh probes after this time (within 30 s of it), or at the next poll if that is sooner. */
export const CONFIRM_AFTER_MS = 20_000;

/** Why a cycle is due now, or null. Pure: the clock is an argument. */
export function due(schedule: Schedule, progress: PollProgress, now: number): 'regular' | 'confirm' | null {
  if (progress.running) return null;
  if (progress.startedAt === null || now - progress.startedAt >= schedule.everyMs) return 'regular';
  return progress.confirmAt !== null && now >= progress.confirmAt ? 'confirm' : null;
}

/** What the daemon drives. A cycle's own faults are values in its result; a rejection here is a bug that is reported. */
export interface DaemonParts {
  readonly clock: Clock;
  readonly schedules: readonly Schedule[];
  /** One look at one entity; `fresh` asks for new admission probes. */
  readonly cycle: (
    entity: EntityId,
    fresh: boolean,
    signal: AbortSignal,
  ) => Promise<{ readonly confirmAgain: boolean }>;
  /** Sends what is due in the outbox. */
  readonly deliver: (signal: AbortSignal) => Promise<void>;
  /** Called every tick: refreshes the poller's lock, and anything else that proves life. */
  readonly heartbeat: () => void;
  readonly onFault: (where: string, error: unknown) => void;
}

const STOP_GRACE_MS = 10_000;

/**
 * Polls and delivers until the signal aborts; resolves when the last work has ended or ten seconds after the abort.
 * node-cron only ticks: `due` decides by the monotonic clock, so that a missed tick or a clock step loses nothing.
 */
export async function runDaemon(parts: DaemonParts, signal: AbortSignal): Promise<void> {
  const progress = new Map(
    parts.schedules.map((one) => [one.entity, { startedAt: null, confirmAt: null, running: false } as PollProgress]),
  );
  const work = new Set<Promise<void>>();
  const track = (where: string, task: Promise<void>): void => {
    const guarded = task.catch((error: unknown) => parts.onFault(where, error)).finally(() => work.delete(guarded));
    work.add(guarded);
  };
  let delivering = false;
  const tick = (): void => {
    if (signal.aborted) return;
    try {
      parts.heartbeat();
    } catch (error) {
      parts.onFault('heartbeat', error);
    }
    const now = parts.clock.monotonic();
    for (const plan of parts.schedules) {
      const state = progress.get(plan.entity) as PollProgress;
      const fresh = state.confirmAt !== null;
      if (due(plan, state, now) !== null) track(`poll ${plan.entity}`, runOne(parts, plan, fresh, progress, signal));
    }
    if (!delivering) {
      delivering = true;
      track(
        'deliver',
        parts.deliver(signal).finally(() => {
          delivering = false;
        }),
      );
    }
  };
  const task = schedule('* * * * * *', tick, { timezone: 'Etc/UTC' });
  tick();
  // A signal that came before the start would never be heard.
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await task.destroy();
  const grace = new AbortController();
  await Promise.race([Promise.all(work), parts.clock.sleep(STOP_GRACE_MS, grace.signal).catch(() => undefined)]);
  grace.abort();
}

async function runOne(
  { clock, cycle, onFault }: DaemonParts,
  { entity, deadlineMs }: Schedule,
  fresh: boolean,
  progress: Map<EntityId, PollProgress>,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = clock.monotonic();
  progress.set(entity, { startedAt, confirmAt: null, running: true });
  const deadline = new AbortController();
  const either = AbortSignal.any([signal, deadline.signal]);
  const timer = new AbortController();
  // A cycle that ignores its abort must not stop the loop: after a grace it is left behind and said so.
  const watchdog = clock
    .sleep(deadlineMs, timer.signal)
    .then(() => deadline.abort(deadlineReached(`the poll took longer than ${deadlineMs} ms`)))
    .then(() => clock.sleep(STOP_GRACE_MS, timer.signal))
    .then(
      () => ({ confirmAgain: false, hung: true }),
      () => ({ confirmAgain: false, hung: false }),
    );
  try {
    const result = await Promise.race([cycle(entity, fresh, either), watchdog]);
    if ('hung' in result && result.hung)
      onFault(`poll ${entity}`, new Error('the poll did not end after its deadline and was left behind'));
    const confirmAt = result.confirmAgain ? clock.monotonic() + CONFIRM_AFTER_MS : null;
    progress.set(entity, { startedAt, confirmAt, running: false });
  } catch (error) {
    // A confirmation that failed is still wanted.
    const confirmAt = fresh ? clock.monotonic() + CONFIRM_AFTER_MS : null;
    progress.set(entity, { startedAt, confirmAt, running: false });
    throw error;
  } finally {
    timer.abort();
  }
}
