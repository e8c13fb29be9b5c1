import type { Justified } from '../force-conditions.ts';

/** Conditions of the verifier of OKX's zk v2 files that no file can show to matter. */
export const UNNOTICED: readonly Justified[] = [];
