import type { LimitFlags } from './limit-flags.ts';

/** What `verify` was told. */
export interface VerifyFlags extends LimitFlags {
  readonly entity?: string;
  readonly labels?: string;
  readonly json?: boolean;
  readonly rows?: string;
  readonly db?: string;
  readonly verdicts?: string;
  readonly allowPrivateAddress?: boolean;
}
