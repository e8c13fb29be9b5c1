import { quote } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KIB: 1024,
  MIB: 1024 ** 2,
  GIB: 1024 ** 3,
  TIB: 1024 ** 4,
};

/** A size in bytes that somebody typed: whole, with or without a unit of 1024 (`65536`, `64KiB`, `2GiB`, in any case). */
export function parseByteSize(text: string): Result<number> {
  const [, digits, unit] = /^(\d{1,15}) ?([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit.toUpperCase()];
  const bytes = factor === undefined ? 0 : Number(digits) * factor;
  return bytes >= 1 && Number.isSafeInteger(bytes)
    ? ok(bytes)
    : err(`${quote(text)} is no size; write bytes (65536) or a number with KiB, MiB or GiB (2GiB)`);
}
