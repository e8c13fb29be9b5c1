import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { okxStarkV1 } from '../../../src/liabilities/okx-stark-v1/format.ts';
import { checkInclusion } from '../../../src/liabilities/okx-stark-v1/inclusion.ts';
import { opensTo, placeOf, rootOfLeaves } from '../../../src/liabilities/okx-stark-v1/merkle.ts';
import { sumEntries } from '../../../src/liabilities/okx-stark-v1/sum-entries.ts';
import { readSumProof } from '../../../src/liabilities/okx-stark-v1/sum-proof.ts';
import { checkSumSet } from '../../../src/liabilities/okx-stark-v1/sum-set.ts';
import type { LiabilityFile } from '../../../src/liabilities/types.ts';
import { keccak256Hex } from '../../../src/lib/keccak.ts';
import { type Account, P, prove } from './prover.ts';
import {
  COINS,
  configText,
  fileOf,
  filesOf,
  inclusionOf,
  jsonOf,
  MAIN_COINS,
  provenRound,
  roundFiles,
  trunkOver,
} from './round.ts';

const account = (id: number, ...coins: bigint[]): Account => ({ id: BigInt(id), coins });
const lazy = new Set(['proof-of-work']);

describe('amounts', () => {
  it('of a coin that is owed to the exchange on the whole are printed modulo the field, and shown as negative', async () => {
    const batches = [
      prove([account(1, -50n, 60n, 0n, 7n), account(2, -1n, 0n, 3n, 0n)], 16, MAIN_COINS),
      prove([account(3, -9n, 9n, 0n, 1n)], 32, MAIN_COINS),
    ];
    const trunk = trunkOver(batches);
    expect(batches[0]!.coins[0]).toBe(P - 51n);
    expect(trunk.total).toBe(P + 20n);
    const set = await checkSumSet(roundFiles(batches, trunk), lazy);
    const [main, others] = sumEntries(set);
    expect(main!.totals).toMatchObject([
      { asset: 'BTC', amount: '-60' },
      { asset: 'ETH', amount: '69' },
    ]);
    expect(others!.totals).toMatchObject([
      { asset: 'combined-net', amount: '20' },
      { asset: 'combined-others', amount: '11' },
    ]);
    const file = inclusionOf(batches[0]!, 0, trunk, 0);
    file['trunk_inclusion_proof'] = { ...file['trunk_inclusion_proof'], BTC: '-51', total_value: '19' };
    expect(checkInclusion(jsonOf(file), 'x', set.round).verdict).toBe('valid');
  });

  it('are totals by coin for as many coins as are main ones', async () => {
    for (const mainCoins of [0, COINS.length]) {
      const batch = prove([account(1, 5n, 6n, 7n, 8n)], 16, mainCoins);
      const trunk = prove([{ id: BigInt(`0x${batch.root}`), coins: batch.coins }], 32, mainCoins);
      const files = [
        fileOf('config.json', configText(COINS, mainCoins)),
        ...filesOf('a0', batch),
        ...filesOf('t', trunk),
      ];
      const entries = sumEntries(await checkSumSet(files, lazy));
      expect(entries.map(({ binding }) => binding)).toEqual(
        mainCoins === 0 ? ['combined-total'] : ['per-asset-total', 'combined-total'],
      );
      expect(entries[0]!.totals).toHaveLength(mainCoins === 0 ? 2 : 4);
      expect(entries.at(-1)!.totals[0]).toMatchObject({
        asset: 'combined-net',
        amount: '26',
        unit: null,
        decimals: null,
      });
    }
  });
});

describe('any other content', () => {
  const made = prove([account(1, 5n, 6n, 7n, 8n)], 16, MAIN_COINS);
  const trunk = trunkOver([made]);
  const shapes = fc.jsonValue({ maxDepth: 4 });
  const key = fc.constantFrom(...Object.keys(made.proof));

  it('in any field of a sum proof is no sum proof, and throws nothing', () => {
    fc.assert(
      fc.property(key, shapes, (name, value) => {
        const json = jsonOf({ ...made.proof, [name]: value });
        const read = json.ok ? readSumProof(json.value, COINS.length, MAIN_COINS) : 'not JSON';
        if (typeof read !== 'string') expect(made.proof[name]).toEqual(value);
      }),
    );
  });

  it('in any field of an inclusion is never valid, and throws nothing', async () => {
    const round = await provenRound(roundFiles([made], trunk));
    const file = inclusionOf(made, 0, trunk, 0);
    expect(checkInclusion(jsonOf(file), 'x', round).verdict).toBe('valid');
    const part = fc.constantFrom('batch_inclusion_proof', 'trunk_inclusion_proof', 'config');
    fc.assert(
      fc.property(part, fc.nat(), shapes, (name, at, value) => {
        const keys = Object.keys(file[name]!);
        const field = keys[at % keys.length]!;
        fc.pre(JSON.stringify(file[name]![field]) !== JSON.stringify(value));
        const changed = { ...file, [name]: { ...file[name], [field]: value } };
        expect(checkInclusion(jsonOf(changed), 'x', round).verdict).toBe('invalid');
      }),
    );
  });

  it('with a member twice in a proof are invalid, whichever of both is meant', async () => {
    const text = JSON.stringify(made.proof);
    for (const twice of [text.replace('{', '{"uts":32,'), text.replace(/}$/, ',"uts":16}')]) {
      const files = [fileOf('b/config.json', configText()), fileOf('b/sum_proof.json', twice)];
      const { checks } = await checkSumSet([...files, ...roundFiles([made], trunk)], lazy);
      expect(checks.find(({ name }) => name === 'file')).toMatchObject({
        status: 'fail',
        detail: expect.stringContaining('b/sum_proof.json: a repeated key'),
      });
    }
  });

  it('cut at any place is never valid', async () => {
    const texts = [JSON.stringify(inclusionOf(made, 0, trunk, 0)), JSON.stringify(made.proof), configText()];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...texts),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (text, part) => {
          const cut = text.slice(0, Math.floor(text.length * part));
          const kind = okxStarkV1.recognise(cut.slice(0, 65_536));
          if (kind === null) return;
          const entries = await okxStarkV1.check([{ kind, file: fileOf('x', cut) }], { circuits: [] });
          expect(entries).toHaveLength(1);
          expect(entries[0]!.verdict).not.toBe('valid');
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('two rounds of one call', () => {
  const [one, two] = [
    prove([account(1, 5n, 6n, 7n, 8n)], 16, MAIN_COINS),
    prove([account(2, 1n, 1n, 1n, 1n)], 16, MAIN_COINS),
  ];
  const [first, second] = [trunkOver([one]), trunkOver([two])];
  const inFolder = (folder: string, files: readonly LiabilityFile[]): LiabilityFile[] =>
    files.map((file) => ({ ...file, name: `${folder}/${file.name}` }));
  const both = [...inFolder('jan', roundFiles([one], first)), ...inFolder('jan2', roundFiles([two], second))];
  const judge = async (files: readonly LiabilityFile[]) => {
    const kinds = files.map((file) => ({ file, kind: 'okx-stark-v1-sum' as const }));
    const own = fileOf('x', JSON.stringify(inclusionOf(two, 0, second, 0)));
    return okxStarkV1.check([...kinds, { file: own, kind: 'okx-stark-v1-inclusion' }], { circuits: [] }, lazy);
  };

  it('are told apart by the folders of their configurations, and an inclusion finds its own', async () => {
    const entries = await judge(both);
    expect(entries.map(({ file, verdict }) => [file, verdict])).toEqual([
      ['jan/sum_proof_data/trunk/sum_proof.json', 'valid'],
      ['jan/sum_proof_data/trunk/sum_proof.json', 'valid'],
      ['jan2/sum_proof_data/trunk/sum_proof.json', 'valid'],
      ['jan2/sum_proof_data/trunk/sum_proof.json', 'valid'],
      ['inclusion file 11', 'valid'],
    ]);
    expect(entries.at(-1)).toMatchObject({ uses: ['jan2/sum_proof_data/trunk/sum_proof.json'], root: second.root });
    expect(entries[0]!.uses.join()).not.toContain('jan2');
  });

  it('leave an inclusion open where the round that fails may be its own, and refuse it where none does', async () => {
    const broken = both.map((file) =>
      /jan2.*trunk.sum_proof/.test(file.name) ? fileOf(file.name, '{"mtree_branches":') : file,
    );
    expect((await judge(broken)).map(({ verdict }) => verdict)).toEqual(['valid', 'valid', 'invalid', 'undecided']);
    const other = [...inFolder('jan', roundFiles([one], first)), ...inFolder('copy', roundFiles([one], first))];
    expect((await judge(other)).at(-1)).toMatchObject({ verdict: 'invalid' });
  });

  it('are never valid where no folder tells', async () => {
    const flat = both.map((file, at) => ({ ...file, name: `download/${at}` }));
    expect((await judge(flat)).map(({ verdict }) => verdict)).toEqual(['undecided', 'undecided']);
  });
});

describe('the tree', () => {
  const leaves = Array.from({ length: 64 }, (_, i) => keccak256Hex(`${i}`));
  const branchOf = (position: number): string[] => {
    const ordered: string[] = new Array(64);
    leaves.forEach((leaf, i) => {
      ordered[placeOf(i, 64)] = leaf;
    });
    const out: string[] = [];
    let level = ordered;
    for (let place = placeOf(position, 64); level.length > 1; place >>= 1) {
      if (out.length === 0) out.push(level[place]!);
      out.push(level[place ^ 1]!);
      level = level.flatMap((node, i) => (i % 2 === 0 ? [keccak256Hex(Buffer.from(node + level[i + 1]!, 'hex'))] : []));
    }
    return out;
  };
  const positions = fc.array(fc.nat(63), { minLength: 1, maxLength: 12 });

  it('opens at any positions, and with no node changed', () => {
    fc.assert(
      fc.property(positions, fc.nat(), fc.nat(), (at, which, height) => {
        const branches = at.map(branchOf);
        const root = rootOfLeaves(leaves);
        expect(opensTo(root, at, branches)).toBe(true);
        const branch = branches[which % branches.length]!;
        branch[height % 7] = keccak256Hex('another');
        expect(opensTo(root, at, branches)).toBe(false);
      }),
    );
  });

  it('opens with nodes left out that others tell, and with no other left out', () => {
    fc.assert(
      fc.property(positions, fc.nat(), (at, which) => {
        const branches = at.map(branchOf);
        const root = rootOfLeaves(leaves);
        const places = at.map((position) => placeOf(position, 64));
        const i = which % branches.length;
        const height = 1 + (which % 6);
        branches[i]![height] = '';
        const sibling = (places[i]! >> (height - 1)) ^ 1;
        const told = places.some(
          (place, j) =>
            place >> (height - 1) === sibling || (j !== i && place >> (height - 1) === places[i]! >> (height - 1)),
        );
        expect(opensTo(root, at, branches)).toBe(told);
      }),
    );
  });
});
