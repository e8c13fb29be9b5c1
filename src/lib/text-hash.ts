/** Two 32-bit lanes over UTF-16 code units, mixed as MurmurHash3 ends (public domain, A. Appleby). */
export function hash(text: string, seedA: number, seedB: number): [number, number] {
  let a = seedA;
  let b = seedB;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x85ebca6b);
    a ^= a >>> 15;
    b = Math.imul(b ^ code, 0xc2b2ae35);
    b ^= b >>> 13;
  }
  return [finish(a ^ Math.imul(b, 0x9e3779b1)), finish(b ^ text.length)];
}

function finish(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
