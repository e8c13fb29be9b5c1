import { createModule } from '../../lib/wasm-assembler.ts';
import { defineBaseField } from './machine-base.ts';
import { defineExtension } from './machine-extension.ts';
import { definePoseidon } from './machine-poseidon.ts';

/** Where the machine's free memory starts (byte address), behind the round constants and the Poseidon state. */
export const HEAP_AT = 4096;
/** 64 KiB pages of memory: 32 MiB, more than the largest proof that circuit.ts admits. */
export const PAGES = 512;

/**
 * The arithmetic of the verifier as one small WebAssembly module, because a 64-bit product costs a handful of machine
 * instructions there and an allocation in JavaScript. Inside a permutation a word may be any representative below 2^64 of
 * its class modulo P; whatever a function stores or returns is canonical (below P).
 */
export function assembleMachine(): Uint8Array {
  const m = createModule();
  const base = defineBaseField(m);
  definePoseidon(m, base);
  defineExtension(m, base, HEAP_AT);
  return m.bytes(PAGES);
}
