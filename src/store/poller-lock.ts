import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type Database from 'better-sqlite3';
import { err, ok, type Result } from '../domain/result.ts';
import { formatAge } from '../domain/time.ts';
import { write } from './connection.ts';

/** One poller per database: a lock with a heartbeat. */
export interface PollerLock {
  /** Takes the lock or refreshes it; an error says who holds it. A holder that is silent for its ttl, or whose process is gone, loses it. */
  lockPoller(owner: string, nowMs: number, ttlMs: number): Result<void>;
  /** Gives the lock back; does nothing where another owner holds it. */
  unlockPoller(owner: string): void;
  /** Inside a transaction: throws where somebody other than this connection's owner holds the lock. */
  assertMayPoll(nowMs: number): void;
}

interface Holder {
  readonly owner: string;
  readonly machine: string;
  readonly pid: number;
  readonly heartbeatMs: number;
  readonly ttlMs: number;
}

export function createPollerLock(db: Database.Database): PollerLock {
  const holder = db.prepare<[], Holder>(
    'SELECT owner, machine, pid, heartbeat_ms AS heartbeatMs, ttl_ms AS ttlMs FROM poller',
  );
  const take = db.prepare(
    `INSERT INTO poller (one, owner, machine, pid, heartbeat_ms, ttl_ms) VALUES (1, ?, ?, ?, ?, ?)
     ON CONFLICT (one) DO UPDATE SET owner = excluded.owner, machine = excluded.machine, pid = excluded.pid,
     heartbeat_ms = excluded.heartbeat_ms, ttl_ms = excluded.ttl_ms`,
  );
  const release = db.prepare('DELETE FROM poller WHERE owner = ?');
  const machine = machineName();
  let mine: string | null = null;
  return {
    lockPoller: (owner, nowMs, ttlMs) =>
      write(db, () => {
        const now = holder.get();
        if (now && now.owner !== owner && isLive(now, nowMs, machine)) {
          if (mine === owner) mine = null;
          return err(
            `this database is polled by ${now.owner} (process ${now.pid}, last heartbeat ${formatAge(nowMs - now.heartbeatMs)} ago); stop it, or use another database`,
          );
        }
        take.run(owner, machine, process.pid, nowMs, ttlMs);
        mine = owner;
        return ok(undefined);
      }),
    unlockPoller: (owner) =>
      write(db, () => {
        release.run(owner);
        if (mine === owner) mine = null;
      }),
    assertMayPoll(nowMs) {
      const now = holder.get();
      const lost = mine !== null && now?.owner !== mine;
      if (lost || (now && now.owner !== mine && isLive(now, nowMs, machine))) {
        throw new Error(`poll refused: the poller's lock is held by ${now?.owner ?? 'nobody'}, not by ${mine ?? 'us'}`);
      }
    },
  };
}

function isLive(holder: Holder, nowMs: number, machine: string): boolean {
  if (nowMs - holder.heartbeatMs >= holder.ttlMs) return false;
  // A killed poller must not keep its successor waiting; only a process of this very machine can be looked up.
  return holder.machine !== machine || holder.pid === process.pid || processExists(holder.pid);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code !== 'ESRCH';
  }
}

/** The host and, where there is one, its process id namespace: containers may share a name, but not their process ids. */
function machineName(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
