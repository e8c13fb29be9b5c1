/** Reads plain amounts as whole coins and 10⁻⁸ parts, both exact integers: the quick way of summing a large tree's lines. */
export interface UnitReader {
  /**
   * Reads digits with at most one point from there on and returns the place after them; −1 where it is more than 15 digits
   * before or 8 after the point, or no canonical start of an amount.
   */
  read(text: string, from: number): number;
  /** Whole coins of the amount read last: below 10^15, so that a sum of two is exact. */
  whole: number;
  /** Its 10⁻⁸ parts: below 10^8. */
  parts: number;
  /** The place after it, as `read` returned it. */
  end: number;
}

const POINT = 46;
const PARTS = 100_000_000;
const POWERS = [PARTS, 10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1] as const;

export function createUnitReader(): UnitReader {
  const reader: UnitReader = {
    whole: 0,
    parts: 0,
    end: -1,
    read(text, from) {
      let at = from;
      let whole = 0;
      let digit = text.charCodeAt(at) - 48;
      while (digit >= 0 && digit <= 9) {
        whole = whole * 10 + digit;
        at += 1;
        digit = text.charCodeAt(at) - 48;
      }
      reader.end = -1;
      if (at === from || at - from > 15) return -1;
      let parts = 0;
      if (digit === POINT - 48) {
        const start = at + 1;
        at = start;
        digit = text.charCodeAt(at) - 48;
        while (digit >= 0 && digit <= 9) {
          parts = parts * 10 + digit;
          at += 1;
          digit = text.charCodeAt(at) - 48;
          if (at - start > 8) return -1;
        }
        if (at === start) return -1;
        parts *= POWERS[at - start] as number;
      }
      reader.whole = whole;
      reader.parts = parts;
      reader.end = at;
      return at;
    },
  };
  return reader;
}

/** The canonical text of a sum of two amounts read so: no trailing zeros, no point without decimals. */
export function formatUnits(whole: number, parts: number): string {
  const coins = parts >= PARTS ? whole + 1 : whole;
  const rest = parts >= PARTS ? parts - PARTS : parts;
  if (rest === 0) return `${coins}`;
  let digits = `${PARTS + rest}`;
  let end = 9;
  while (digits.charCodeAt(end - 1) === 48) end -= 1;
  digits = digits.slice(1, end);
  return `${coins}.${digits}`;
}
