import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ACME, mustOpen, tempFolder } from './records.ts';

const CHILD = fileURLToPath(new URL('./kill-child.mjs', import.meta.url));
const COMPILED = fileURLToPath(new URL('../../dist/src/store/open-store.js', import.meta.url));
const compiled = existsSync(COMPILED);
if (!compiled) console.log('skipped: kill -9 inside polls, because dist/ is missing; npm test builds it');

const KILLS = 30;
const INSIDE = 10;

/** What the child had said when it was gone. */
interface Life {
  readonly acked: number;
  readonly sent: readonly string[];
  /** The poll that had begun and was not acknowledged, and whether its transaction was open. */
  readonly during: { readonly poll: number; readonly inside: boolean } | null;
}

/** Lets a child poll, and kills it at its n-th word of a kind, after a delay. */
function pollUntilKilled(path: string, on: 'begin' | 'inside', nth: number, delayMs: number, seed: number) {
  return new Promise<Life>((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, COMPILED, path, on === 'inside' ? '30' : '0', String(seed)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    let errors = '';
    let seen = 0;
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const words = text.split('\n').filter((line) => line.startsWith(`${on} `)).length;
      if (words >= nth && seen < nth) {
        seen = words;
        setTimeout(() => child.kill('SIGKILL'), delayMs);
      }
    });
    child.on('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the child ended by itself: ${errors}`));
      else resolve(read(text));
    });
  });
}

function read(text: string): Life {
  const lines = text.split('\n').slice(0, -1);
  const numbers = (word: string) =>
    lines
      .filter((line) => line.startsWith(`${word} `))
      .map((line) => Number.parseInt(line.split(' ')[1] as string, 10));
  const acked = Math.max(0, ...numbers('acked'));
  const begun = Math.max(0, ...numbers('begin'));
  const inside = numbers('inside').includes(begun);
  const sent = lines.filter((line) => line.startsWith('sent ')).map((line) => line.slice(5));
  return { acked, sent, during: begun > acked ? { poll: begun, inside } : null };
}

describe.skipIf(!compiled)('kill -9 inside polls', () => {
  it(`loses nothing acknowledged and shows no half poll, ${KILLS} times, at least ${INSIDE} inside the transaction`, async () => {
    const path = join(tempFolder(), 'store.db');
    let kills = 0;
    let inside = 0;
    let acked = 0;
    const sent = new Set<string>();
    for (let life = 0; kills < KILLS || inside < INSIDE; life += 1) {
      expect(life, 'lives needed for the kills').toBeLessThan(4 * KILLS);
      const on = life % 2 === 0 ? 'inside' : 'begin';
      const end = await pollUntilKilled(path, on, 1 + (life % 5), (life * 7) % 23, life);
      acked = Math.max(acked, end.acked);
      for (const id of end.sent) sent.add(id);
      const store = mustOpen(path);
      expect(store.check().faults).toEqual([]);
      const kept = store.latestPoll(ACME)?.poll ?? 0;
      if (end.during) kills += 1;
      // A transaction that had announced itself and left nothing was open when the kill came.
      if (end.during?.inside && kept < end.during.poll) inside += 1;
      expect(kept).toBeGreaterThanOrEqual(acked);
      expect(kept).toBeLessThanOrEqual(Math.max(acked, end.during?.poll ?? 0));
      const rows = store.stats().rows;
      expect(rows).toMatchObject({ poll: kept, header: kept, coverage: kept, rollup: kept, point: kept });
      expect(rows).toMatchObject({ alert_event: 2 * kept, outbox: 4 * kept });
      if (kept > 0) {
        expect(store.alertStates(ACME).map(({ episode }) => episode)).toEqual([kept]);
        expect(store.latestPoints(ACME).map(({ poll }) => poll)).toEqual([kept]);
        expect(store.lastReadings(ACME).size).toBeGreaterThan(1400);
      }
      const told = new Set(store.deliveries('sent', 1_000_000).map(({ id }) => id));
      expect([...sent].filter((id) => !told.has(id))).toEqual([]);
      expect(told.size + store.deliveries('pending', 1_000_000).length).toBe(4 * kept);
      acked = kept;
      store.close();
    }
    console.log(`${kills} kills inside polls, ${inside} of them inside the transaction, ${acked} polls kept`);
  }, 300_000);
});
