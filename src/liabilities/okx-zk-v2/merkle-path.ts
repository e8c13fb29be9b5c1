import type { Field, Words } from './field.ts';
import type { Opening } from './proof.ts';

/** Whether the leaf at the index hashes up its siblings to the cap. */
export function opensTo(field: Field, opening: Opening, leafIndex: number, cap: Words): boolean {
  const digest = field.reserve(4);
  // hash_or_noop: a leaf of at most four elements stands for itself, filled up with zeros.
  if (opening.leafWords > 4) field.hash(opening.leaf, opening.leafWords, digest);
  else for (let i = 0; i < 4; i++) field.write(digest, i, i < opening.leafWords ? field.read(opening.leaf, i) : 0n);
  let index = leafIndex;
  for (let level = 0; level < opening.depth; level++) {
    const sibling = (opening.siblings + 32 * level) as Words;
    if (index % 2 === 1) field.compress(sibling, digest, digest);
    else field.compress(digest, sibling, digest);
    index = Math.floor(index / 2);
  }
  return field.sameDigest(digest, (cap + 32 * index) as Words);
}
