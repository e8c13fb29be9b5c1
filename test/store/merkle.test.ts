import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_ROOT, leafHash, MerkleTree, merkleRoot, nodeHash, verifyInclusion } from '../../src/store/merkle.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Leaves and roots of the reference tree that the Certificate Transparency log servers test with. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (text) => Buffer.from(text, 'hex'),
);
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** The recursive definition of RFC 6962 section 2.1, word for word. */
function definition(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return EMPTY_ROOT;
  if (leaves.length === 1) return leafHash(leaves[0] as Uint8Array);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(definition(leaves.slice(0, split)), definition(leaves.slice(split)));
}

describe('the RFC 6962 tree', () => {
  it.each(ROOTS.map((root, size) => ({ size, root })))('has the reference root for $size leaves', ({ size, root }) => {
    const tree = new MerkleTree();
    for (const [index, leaf] of LEAVES.slice(0, size).entries()) tree.setLeaf(index, leaf);
    expect(hex(tree.root())).toBe(root);
  });

  it('agrees with the definition after any sequence of appends and changes', () => {
    const steps = fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 4 }), fc.boolean()), { maxLength: 80 });
    fc.assert(
      fc.property(steps, (changes) => {
        const tree = new MerkleTree();
        const leaves: string[] = [];
        for (const [at, leaf, look] of changes) {
          const index = at % (leaves.length + 1);
          leaves[index] = leaf;
          tree.setLeaf(index, leaf);
          if (look) expect(hex(tree.root())).toBe(hex(definition(leaves.map((text) => Buffer.from(text)))));
        }
        expect(hex(tree.root())).toBe(hex(merkleRoot(leaves)));
      }),
    );
  });

  it('proves every leaf, and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, at, bit) => {
        const tree = new MerkleTree();
        for (let index = 0; index < size; index += 1) tree.setLeaf(index, `leaf ${index}`);
        const index = at % size;
        const path = tree.proof(index);
        const root = tree.root();
        expect(verifyInclusion(`leaf ${index}`, index, size, path, root)).toBe(true);
        expect(verifyInclusion(`leaf ${index}.`, index, size, path, root)).toBe(false);
        expect(verifyInclusion(`leaf ${index}`, index, size, [...path, root], root)).toBe(false);
        expect(verifyInclusion(`leaf ${index}`, size, size, path, root)).toBe(false);
        if (path.length === 0) return;
        expect(verifyInclusion(`leaf ${index}`, index, size, path.slice(1), root)).toBe(false);
        const bent = path.map((hash) => Uint8Array.from(hash));
        const victim = bent[bit % bent.length] as Uint8Array;
        victim[bit % 32] = (victim[bit % 32] as number) ^ 1;
        expect(verifyInclusion(`leaf ${index}`, index, size, bent, root)).toBe(false);
      }),
    );
  });

  it('refuses a hole and an index outside', () => {
    const tree = new MerkleTree();
    expect(() => tree.setLeaf(1, 'x')).toThrow(RangeError);
    expect(() => tree.proof(0)).toThrow(RangeError);
  });
});
