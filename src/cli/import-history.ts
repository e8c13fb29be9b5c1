import { compareFormer, formerOf, seenMs } from '../compare-former.ts';
import type { AddressChanges, AddressCount } from '../diff-reports.ts';
import type { Attestation } from '../domain/attestation.ts';
import type { SignatureSummary } from '../domain/signature-history.ts';
import { formatAge, formatTime } from '../domain/time.ts';
import { groupDigits } from '../query/point-table.ts';
import type { Store } from '../seams.ts';
import { shownName } from './output.ts';

/** What the history says of a kept list. */
export interface ListHistory {
  readonly list: Attestation;
  readonly signatures: SignatureSummary;
  readonly former: { readonly list: Attestation; readonly changes: AddressChanges } | null;
}

/** Reads a kept list's signatures and addresses beside the older lists. */
export function listHistory(store: Store, list: Attestation): ListHistory {
  const former = formerOf(store, list);
  return {
    list,
    signatures: store.signatureSummary(list.file.sha256, list.entity),
    former: former && { list: former, changes: compareFormer(store, former, list) },
  };
}

/** The same as it is printed in JSON. */
export function listHistoryJson({ list, signatures, former }: ListHistory): Record<string, unknown> {
  const { fresh, seenBefore, oldest, reused } = signatures;
  return {
    signatures: {
      new: fresh,
      seenBefore,
      oldest: oldest && {
        report: oldest.report,
        firstSeen: formatTime(oldest.atMs),
        ageSeconds: Math.floor((seenMs(list) - oldest.atMs) / 1000),
      },
      reusedElsewhere: reused,
    },
    addresses: former && {
      former: former.list.file.sha256,
      formerSeen: formatTime(seenMs(former.list)),
      ...former.changes,
    },
  };
}

/** The same in two sentences. */
export function listHistoryText({ list, signatures, former }: ListHistory): string {
  const { fresh, seenBefore, oldest, reused } = signatures;
  const age = oldest && formatAge(seenMs(list) - oldest.atMs);
  const since = oldest && ` (oldest first seen ${formatTime(oldest.atMs)}, ${age})`;
  const signed = `${fresh} signatures new, ${seenBefore} seen before${since ?? ''}, ${reused} reused at another address`;
  if (former === null) return `${signed}\nno older list of ${list.entity} is kept: no addresses to compare with\n`;
  const { changes } = former;
  return (
    `${signed}\nbeside the list of ${formatTime(seenMs(former.list))}: ` +
    `${countText(changes.new, 'new')}, ${countText(changes.vanished, 'vanished')}\n`
  );
}

function countText({ addresses, assets }: AddressCount, what: string): string {
  const sums = assets.map(({ asset, amount }) => `${groupDigits(amount)} ${shownName(asset)}`).join(' + ');
  return `${addresses} ${addresses === 1 ? 'address' : 'addresses'} ${what}${sums === '' ? '' : ` (${sums})`}`;
}
