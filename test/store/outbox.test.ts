import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertEventType, Delivery } from '../../src/domain/alert.ts';
import { clock, delivery, event, HOOK, record, tempStore } from './records.ts';

const now = clock.now();
const sent = { state: 'sent', attempts: 1, notBeforeMs: 0, lastError: null } as const;
const dead = { state: 'dead', attempts: 10, notBeforeMs: 0, lastError: 'HTTP 500' } as const;

describe('the outbox', () => {
  it('gets one row for each event and receiver that wants its severity', () => {
    const { store } = tempStore();
    store.commitPoll(
      record(1, [], {
        events: [event(1, { severity: 'warning' }), event(2, { type: 'alert.escalated', severity: 'critical' })],
        receivers: [HOOK, { name: 'pager', minSeverity: 'critical' }],
      }),
    );
    const ids = store.deliveries('pending', 9).map(({ id }) => id);
    expect(ids).toEqual(['evt-ffff-1-2:pager', 'evt-ffff-1-2:hook', 'evt-ffff-1-1:hook']);
    expect(store.deliveries('pending', 9)[2]?.body).toBe(event(1).body);
  });

  it('hands out only the first pending message of an alert and receiver', () => {
    const { store } = tempStore();
    const add = (id: string, more: Partial<Delivery>) => store.enqueueDelivery(delivery(id, more));
    add('a1', { sequence: 1 });
    add('a2', { sequence: 2, type: 'alert.escalated' });
    add('a3', { episode: 2, sequence: 1 });
    add('b1', { fingerprint: 'b'.repeat(32) });
    add('p2', { receiver: 'pager', sequence: 2 });
    const due = (at = now) => store.dueDeliveries(at, 9).map(({ id }) => id);
    expect(due()).toEqual(['a1', 'b1', 'p2']);
    expect(store.dueDeliveries(now, 1)).toHaveLength(1);
    store.recordDelivery('a1', { state: 'pending', attempts: 1, notBeforeMs: now + 5000, lastError: 'HTTP 503' });
    expect(due()).toEqual(['b1', 'p2']);
    expect(due(now + 5000)).toEqual(['a1', 'b1', 'p2']);
    store.recordDelivery('a1', sent);
    expect(due()).toEqual(['a2', 'b1', 'p2']);
    store.recordDelivery('a2', dead);
    expect(due()).toEqual(['a3', 'b1', 'p2']);
  });

  it('never tells the end of what could not be told, whether it came before or after', () => {
    const { store } = tempStore();
    const resolved = { type: 'alert.resolved', sequence: 2 } as const;
    store.enqueueDelivery(delivery('early', {}));
    store.enqueueDelivery(delivery('early-end', resolved));
    store.enqueueDelivery(delivery('other-episode', { ...resolved, episode: 2 }));
    store.enqueueDelivery(delivery('other-receiver', { ...resolved, receiver: 'pager' }));
    store.recordDelivery('early', dead);
    expect(store.deliveries('superseded', 9).map(({ id }) => id)).toEqual(['early-end']);
    store.enqueueDelivery(delivery('late-end', { ...resolved, sequence: 3 }));
    expect(store.deliveries('superseded', 9).map(({ id }) => id)).toEqual(['late-end', 'early-end']);
    expect(store.dueDeliveries(now, 9).map(({ id }) => id)).toEqual(['other-episode', 'other-receiver']);
  });

  it('keeps only the newest of repetitions that wait', () => {
    const { store } = tempStore();
    for (const sequence of [2, 3, 4]) {
      store.enqueueDelivery(delivery(`r${sequence}`, { type: 'alert.repeated', sequence }));
    }
    expect(store.dueDeliveries(now, 9).map(({ id }) => id)).toEqual(['r4']);
    expect(store.deliveries('superseded', 9)).toHaveLength(2);
    // One that was on its way when the newer one came may still arrive.
    store.recordDelivery('r2', sent);
    expect(store.deliveries('sent', 9).map(({ id }) => id)).toEqual(['r2']);
  });

  it('keeps an id once, and what was sent stays sent', () => {
    const { store } = tempStore();
    store.enqueueDelivery(delivery('x', { body: '{"first":true}' }));
    store.enqueueDelivery(delivery('x', { body: '{"first":false}' }));
    expect(store.deliveries('pending', 9).map(({ body }) => body)).toEqual(['{"first":true}']);
    store.recordDelivery('x', sent);
    expect(() => store.recordDelivery('x', dead)).toThrow(/was sent/);
    expect(() => store.recordDelivery('y', sent)).toThrow(/no delivery/);
  });

  it('delivers in order under any sequence of failures', () => {
    const types: readonly AlertEventType[] = ['alert.fired', 'alert.escalated', 'alert.repeated', 'alert.resolved'];
    const steps = fc.array(
      fc.oneof(
        fc.record({ do: fc.constant('add' as const), type: fc.constantFrom(...types), receiver: fc.nat({ max: 1 }) }),
        fc.record({ do: fc.constantFrom('sent' as const, 'dead' as const, 'retry' as const), pick: fc.nat() }),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (script) => {
        const { store } = tempStore();
        const told = new Map<string, number>();
        const deadFired = new Set<string>();
        for (const [at, step] of script.entries()) {
          if (step.do === 'add') {
            const receiver = `r${step.receiver}`;
            store.enqueueDelivery(delivery(`d${at}`, { receiver, sequence: at, type: step.type }));
            continue;
          }
          const due = store.dueDeliveries(now, 99);
          expect(new Set(due.map(({ receiver }) => receiver)).size).toBe(due.length);
          const one = due[step.pick % (due.length || 1)];
          if (!one) continue;
          if (one.type === 'alert.resolved') expect(deadFired.has(one.receiver)).toBe(false);
          if (step.do === 'retry') {
            store.recordDelivery(one.id, { ...sent, state: 'pending' });
          } else {
            expect(one.sequence).toBeGreaterThan(told.get(one.receiver) ?? -1);
            told.set(one.receiver, one.sequence);
            if (step.do === 'dead' && one.type === 'alert.fired') deadFired.add(one.receiver);
            store.recordDelivery(one.id, step.do === 'sent' ? sent : dead);
          }
        }
        expect(store.check().faults).toEqual([]);
        store.close();
      }),
      { numRuns: 60 },
    );
  });
});
