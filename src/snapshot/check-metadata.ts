import type { AssetId } from '../domain/ids.ts';
import type { ChainAsset } from '../domain/network.ts';
import { quorumOf } from '../domain/quorum.ts';
import type { BlockRef, ReadFailure } from '../domain/snapshot.ts';
import { noProvider, type Seat, type SnapshotTools, type Table } from './seat.ts';

/** Tokens whose decimals or code are not what was pinned at first contact: their cells are withheld. */
export async function checkMetadata(
  { plan, groups }: Table,
  block: BlockRef,
  seats: readonly Seat[],
  { pins, signal }: SnapshotTools,
): Promise<ReadonlyMap<AssetId, ReadFailure>> {
  const withheld = new Map<AssetId, ReadFailure>();
  const tokens = new Map<AssetId, ChainAsset>();
  for (const asset of [...plan.queries.map((query) => query.asset), ...plan.supplies]) {
    if (asset.kind === 'token') tokens.set(asset.id, asset);
  }
  if (tokens.size === 0) return withheld;
  const wanted = [...tokens.values()];
  const answers = await Promise.all(
    seats.map(async ({ adapter }) => ({
      adapter,
      results: adapter.readMetadata ? await adapter.readMetadata(wanted, block, signal) : null,
    })),
  );
  wanted.forEach((asset, index) => {
    const stated = new Map<string, number>();
    let failure: ReadFailure | null = null;
    for (const { adapter, results } of answers) {
      if (results === null) continue;
      const answer = results[index];
      if (!answer?.ok) {
        failure = answer?.error ?? noProvider(plan, `no metadata of ${asset.symbol} from ${adapter.provider}`);
        continue;
      }
      const text = `decimals=${answer.value.decimals} code=${answer.value.codeHash}`;
      stated.set(text, (stated.get(text) ?? 0) + 1);
    }
    if (stated.size === 0 && failure === null) return; // the protocol has no token metadata to read
    const agreed = [...stated].find(([, count]) => count >= quorumOf(groups))?.[0];
    if (agreed === undefined) {
      withheld.set(
        asset.id,
        failure ?? {
          code: 'disagree',
          message: `providers state different metadata of ${asset.symbol}`,
          provider: 'several',
          retryable: true,
        },
      );
      return;
    }
    const pinned = pins.get(asset.id);
    const expected = `decimals=${asset.decimals} `;
    if (!agreed.startsWith(expected) || (pinned !== null && pinned !== agreed)) {
      const before = pinned ?? `${expected}(config)`;
      withheld.set(asset.id, {
        code: 'metadata_changed',
        message: `${asset.symbol}: the chain says ${agreed}, expected ${before}`,
        provider: 'several',
        retryable: false,
      });
    } else if (pinned === null) pins.pin(asset.id, agreed);
  });
  return withheld;
}
