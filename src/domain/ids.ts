import { err, ok, type Result } from './result.ts';

declare const brand: unique symbol;

/** A type that costs money to mix up with its base: made only by the function that checks it. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A chain as CAIP-2 `namespace:reference`, compared as an opaque, case-sensitive string. */
export type ChainId = Brand<string, 'ChainId'>;
/** An asset on one chain as CAIP-19 `chainId/namespace:reference`. */
export type AssetId = Brand<string, 'AssetId'>;
/** A canonical address of one chain: made only by that chain family's `parseAddress`. */
export type Address = Brand<string, 'Address'>;
/** What people type for a chain, e.g. `ethereum`. */
export type NetworkSlug = Brand<string, 'NetworkSlug'>;
/** An exchange, custodian or issuer, e.g. `okx`. */
export type EntityId = Brand<string, 'EntityId'>;
/** A ratio asset: the unit in which reserves and liabilities are compared, e.g. `USDT`. */
export type AssetCode = Brand<string, 'AssetCode'>;
/** The lower-case hex SHA-256 of some bytes. */
export type Sha256 = Brand<string, 'Sha256'>;

const matching =
  <T extends string>(what: string, pattern: RegExp) =>
  (text: string): Result<T> =>
    pattern.test(text) ? ok(text as unknown as T) : err(`${what} ${quote(text)} is not of the form ${pattern.source}`);

/** Checks a CAIP-2 chain id (CAIP-2: namespace 3-8 of [-a-z0-9], reference 1-32 of [-_a-zA-Z0-9]). */
export const parseChainId = matching<ChainId>('chain id', /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/);

/** Checks a CAIP-19 asset id (CAIP-19: asset namespace 3-8 of [-a-z0-9], reference 1-128 of [-.%a-zA-Z0-9]). */
export const parseAssetId = matching<AssetId>(
  'asset id',
  /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}\/[-a-z0-9]{3,8}:[-.%a-zA-Z0-9]{1,128}$/,
);

/** Checks a network slug: lower-case words joined by hyphens. */
export const parseNetworkSlug = matching<NetworkSlug>('network', /^[a-z0-9]+(-[a-z0-9]+)*$/);

/** Checks an entity id: lower-case words joined by hyphens. */
export const parseEntityId = matching<EntityId>('entity', /^[a-z0-9]+(-[a-z0-9]+)*$/);

/** Checks a ratio asset code: 1-24 characters of letters, digits, dot and hyphen, starting with a letter or digit. */
export const parseAssetCode = matching<AssetCode>('asset', /^[A-Za-z0-9][A-Za-z0-9.-]{0,23}$/);

/** Checks a lower-case hex SHA-256. */
export const parseSha256 = matching<Sha256>('sha256', /^[0-9a-f]{64}$/);

/** The chain that a CAIP-19 asset id lives on. */
export const chainOfAsset = (asset: AssetId): ChainId => asset.slice(0, asset.indexOf('/')) as ChainId;

/** Untrusted text made safe to show in an error: quoted, control and bidi characters escaped, cut at 80 code points. */
export function quote(text: string): string {
  const points = [...text];
  const shown = points.slice(0, 80).map(escapePoint).join('');
  return points.length > 80 ? `"${shown}…" (+${points.length - 80})` : `"${shown}"`;
}

/** Untrusted text made safe for a terminal or a log line, whole: control, bidi and invisible characters escaped. */
export const escapeText = (text: string): string => [...text].map(escapePoint).join('');

function escapePoint(point: string): string {
  const code = point.codePointAt(0) ?? 0;
  const hidden =
    code < 0x20 ||
    (code >= 0x7f && code <= 0xa0) ||
    code === 0xad ||
    code === 0x61c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0xfeff ||
    (code >= 0xfff0 && code <= 0xfffb) ||
    (code >= 0xe0000 && code <= 0xe0fff);
  return hidden ? `\\u{${code.toString(16).toUpperCase()}}` : point;
}
