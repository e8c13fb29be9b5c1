import type { LiabilityKind } from '../types.ts';

/**
 * What stands in a JSON file of each kind and in no other: all of one list are enough, whatever their order. Other exchanges' files
 * are alike (Bitunix, UZX, Hotcoin, Bitbase, Bifinance), but lack something of each list: by these rules they would come out wrong.
 */
const JSON_MARKS: readonly (readonly [LiabilityKind, readonly (readonly string[])[]])[] = [
  ['bitget', [['merkelLeaf']]],
  [
    'bybit',
    [
      ['userHash', 'balance'],
      ['userHash', 'path'],
      ['auditId', 'balance', 'hash'],
      ['balance', 'height', 'type', 'hash'],
    ],
  ],
  ['mexc', [['pathList'], ['proofId', 'accountId']]],
  ['htx', [['uhash'], ['data', 'balances', 'depth', 'r']]],
  [
    'okx-merkle-v2',
    [
      ['totalBalances', 'nodes'],
      ['totalBalances', 'nonce'],
      ['nodes', 'nonce', 'balances'],
    ],
  ],
  [
    'okx-merkle-v1',
    [
      ['auditId', 'balances', 'type', 'hash'],
      ['balances', 'height', 'type', 'hash', 'path'],
      ['balances', 'height', 'type', 'hash', 'self'],
    ],
  ],
  [
    'coinex',
    [
      ['root', 'self', 'balances', 'nonce'],
      ['root', 'path', 'balances'],
      ['path', 'balances', 'pos'],
    ],
  ],
];

/** Tools that were made after Bitget's: a parent in every node (Bifinance), ids of 32 hex digits (UZX). */
const OTHER_MERKEL = /"parentMerkelLeaf"|"encryptUid"\s*:\s*"[0-9A-Fa-f]{32}"/;
const TREE_LINE = /^[0-9a-fA-F]{64},\d{1,3},\{/;
const BITMEX = /^block_height:/;
const LEAF_LIST = /^(?:Level\tHash\r?$|\d{1,2}(?:,\d+)?\t[0-9a-fA-F]{16,64}\r?$)/m;
/** The auditors' tool writes a comma before every total but the first. */
const TOTALS = /^,?[A-Za-z0-9.]{1,24}:-?\d[\d.]*\r?$/;
/** The only thing in a file: a hash of 64, 128 or 256 bits. */
const ROOT_ONLY = /^(?:0x)?([0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{64})$/i;

/** The hash that is all there is in a file, in lower case, or null. */
export const publishedRootOf = (head: string): string | null => ROOT_ONLY.exec(head.trim())?.[1]?.toLowerCase() ?? null;

/** What a file of kind `leaf-list` may be. */
type ListPart = 'list' | 'root' | 'totals';

/** Which part of a published leaf list the text's beginning shows, or null. */
export function listPartOf(head: string): ListPart | null {
  const text = head.trim();
  if (publishedRootOf(text) !== null) return 'root';
  const first = text.slice(0, 200).split('\n', 1)[0] ?? '';
  if (LEAF_LIST.test(first)) return 'list';
  return text.length > 0 && text.length < 60_000 && text.split('\n').every((line) => TOTALS.test(line))
    ? 'totals'
    : null;
}

/** The kind of the SHA-256 family that a file's first bytes show, or null. */
export function recogniseMerkle(head: string): LiabilityKind | null {
  const text = head.trimStart();
  if (TREE_LINE.test(text)) return 'okx-merkle-v2';
  if (BITMEX.test(text)) return 'bitmex';
  if (!text.startsWith('{') && !text.startsWith('[')) return listPartOf(text) === null ? null : 'leaf-list';
  for (const [kind, alternatives] of JSON_MARKS) {
    if (alternatives.some((marks) => marks.every((mark) => text.includes(`"${mark}"`))))
      return kind === 'bitget' && OTHER_MERKEL.test(text) ? null : kind;
  }
  return null;
}
