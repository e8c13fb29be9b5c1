import { stateOf } from './domain/attestation.ts';
import type { Entity, Registry } from './domain/registry.ts';
import { importReport } from './import-report.ts';
import type { HoldPolicy } from './judge-list.ts';
import { type FetchedFile, fetchPublished, originOf } from './published-file.ts';
import type { Clock, Store } from './seams.ts';

/** One address where an entity publishes its list: the file itself. */
export interface Publication {
  readonly entity: Entity;
  readonly url: string;
  readonly everyMs: number;
  readonly allowPrivateAddress: boolean;
  /** When what is new there waits for the operator. */
  readonly policy: HoldPolicy;
}

/** What the watch works with; what it found is told in a sentence. */
export interface PublicationParts {
  readonly store: Store;
  readonly archiveFolder: string;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly onImported: (message: string) => void;
  /** The address did not answer, or with what is no list: asked again after the pace. */
  readonly onFault: (message: string) => void;
}

/** Asks where publishers publish, at their own pace, and imports what is new. */
export interface PublicationWatch {
  /** Starts what is due; never waits and never throws. */
  tick(): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/**
 * Watches the addresses: each is asked once per pace and never twice at a time, with the entity tag of the file that was imported
 * last from it; another file is imported under the name in its URL, so that replaced bytes are seen as such (`report.new`). One whose
 * set of addresses changes by more than the policy allows is kept and not used, until the operator approves it.
 */
export function watchPublications(publications: readonly Publication[], parts: PublicationParts): PublicationWatch {
  const stop = new AbortController();
  const asked = new Map<Publication, number>();
  const etags = new Map<Publication, string | null>();
  const running = new Map<Publication, Promise<void>>();
  const ask = async (publication: Publication): Promise<void> => {
    const { entity, url, allowPrivateAddress } = publication;
    const etag = etags.get(publication) ?? null;
    try {
      const fetched = await fetchPublished(url, { allowPrivateAddress, signal: stop.signal, etag });
      if (!fetched.ok) throw new Error(fetched.error);
      if (fetched.value === null) return;
      // An unreadable file keeps no tag: it is fetched again, as the fault may have been ours.
      await keep(publication, fetched.value, parts);
      etags.set(publication, fetched.value.etag);
    } catch (error) {
      if (!stop.signal.aborted) parts.onFault(`${entity.id}: the published list: ${(error as Error).message}`);
    }
  };
  const settled = async (): Promise<void> => void (await Promise.all(running.values()));
  return {
    tick() {
      const now = parts.clock.monotonic();
      for (const one of publications) {
        const last = asked.get(one);
        if (stop.signal.aborted || running.has(one) || (last !== undefined && now - last < one.everyMs)) continue;
        asked.set(one, now);
        running.set(
          one,
          ask(one).finally(() => running.delete(one)),
        );
      }
    },
    settled,
    async close() {
      stop.abort(new Error('the watch ends'));
      await settled();
    },
  };
}

async function keep(
  { entity, url, policy }: Publication,
  { file, drop }: FetchedFile,
  parts: PublicationParts,
): Promise<void> {
  // What stands where a publisher publishes is its own word, whatever was said of the same file before.
  const options = { ...parts, entity, asOfMs: null, policy, issuedBy: 'publisher' as const, origin: originOf(url) };
  const imported = await importReport(file, options).finally(drop);
  if (!imported.ok) throw new Error(imported.error);
  const { attestation } = imported.value;
  if (imported.value.outcome === 'known') {
    const [newest] = parts.store.reports(entity.id);
    if (newest !== undefined && newest.file.sha256 !== attestation.file.sha256)
      parts.onFault(
        `${entity.id}: the published list is again the file ${attestation.file.sha256}, which came before the newest one; nothing was changed`,
      );
    return;
  }
  const { file: kept, tally } = imported.value.verified;
  const { counted, faults } = tally.rows;
  const waits = stateOf(attestation) === 'waiting' ? '; it waits for approval' : '';
  parts.onImported(`${entity.id}: imported ${kept.name} (${kept.format}), ${counted} rows, ${faults} faults${waits}`);
}
