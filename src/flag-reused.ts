import type { KeptRow, Store } from './seams.ts';

/**
 * Flags rows with a signature that a kept list, of any publisher, seen at that time or before, carries at another address
 * (`repeated-signature`; verification flags what stands twice in the file itself). The flag belongs to the row in this list: it is
 * never part of a kept verdict, which depends on the row alone.
 */
export function* flagReused(
  rows: Iterable<KeptRow>,
  store: Pick<Store, 'carriedElsewhere'>,
  untilMs: number,
): Generator<KeptRow> {
  for (const row of rows) {
    const { listed, verdict } = row;
    const isNew = !verdict.flags.includes('repeated-signature') && store.carriedElsewhere(listed, untilMs);
    yield isNew ? { listed, verdict: { ...verdict, flags: [...verdict.flags, 'repeated-signature'] } } : row;
  }
}
