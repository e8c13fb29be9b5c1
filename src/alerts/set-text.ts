import { type AssetMove, movedOf, type SetChange } from '../domain/address-set.ts';
import { type Decimal, parseDecimal } from '../domain/amount.ts';
import { formatPercent, toPpm } from '../domain/ratio.ts';

/** What a change of the address set is, in a sentence: counts, and the assets that moved most. */
export function setText(change: SetChange): string {
  const { added, vanished, assets, formerVersion, version, truncated } = change;
  if (added + vanished === 0) return `The set of addresses is the same (version ${version}).`;
  const shown = assets.slice(0, SHOWN_ASSETS).map(assetText);
  const more = assets.length - shown.length + truncated.assets;
  const rest = more > 0 ? `; ${more} more assets` : '';
  return `Of its addresses (one an asset) ${vanished} went and ${added} came: set version ${formerVersion} → ${version}. ${shown.join('; ')}${rest}.`;
}

const SHOWN_ASSETS = 5;

function assetText(move: AssetMove): string {
  const fraction = shareOf(move);
  const share = fraction === null ? 'from nothing' : `${formatPercent(fraction)} of ${move.held}`;
  const unknown = move.unknown === 0 ? '' : `, and at ${move.unknown} nobody states how much`;
  return `${move.asset} ${share} (went ${move.vanished}, came ${move.added}${unknown})`;
}

/** The larger of what went and what came over what the set before held; null where it held nothing. */
function shareOf({ held, vanished, added }: AssetMove): { readonly num: bigint; readonly den: bigint } | null {
  const whole = decimal(held);
  const moved = movedOf({ vanished: decimal(vanished), added: decimal(added) });
  if (whole.unscaled === 0n) return null;
  return { num: moved.unscaled * 10n ** BigInt(whole.scale), den: whole.unscaled * 10n ** BigInt(moved.scale) };
}

/** A change of the set for machines: counts, the first cells, how many are left out, and each asset's share in ppm, rounded down. */
export const setChangeJson = (change: SetChange): Record<string, unknown> => ({
  former_report: change.former,
  former_version: change.formerVersion,
  version: change.version,
  added: change.added,
  vanished: change.vanished,
  large_removals: change.largeRemovals,
  assets: change.assets.map((move) => {
    const share = shareOf(move);
    return { ...move, share_ppm: share && toPpm(share).toString() };
  }),
  cells: change.cells.map(({ change: what, assetId, address, amount, by }) => ({
    change: what,
    asset: assetId,
    address,
    amount,
    by,
  })),
  truncated: change.truncated,
});

function decimal(text: string): Decimal {
  const value = parseDecimal(text);
  if (!value.ok) throw new Error(`a kept change of a set is broken: ${value.error}`);
  return value.value;
}
