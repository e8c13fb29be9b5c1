import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Network } from '../src/domain/network.ts';
import type { OwnershipProof } from '../src/domain/ownership.ts';
import { loadRegistry } from '../src/load-registry.ts';
import { checkProof, createLabelResolver } from '../src/verify-ownership.ts';
import type { RowGenerator } from './fixtures/generate-rows/row.ts';

const LABELS = '../shared/reference/okx-labels.json';
const GENERATORS = new URL('./fixtures/generate-rows/', import.meta.url);

/** Labels whose chain is not certain (config/labels/okx.yaml says so): their rows stay undecided. */
const UNCERTAIN = [
  'AAC_NEW,CMT,CTXC,DYM_TEST,FAN,GLRM,GUSDT_STABLE,INT_NEW,LINKEYE,LTK,MXC_MXC,OKB_X1_TEST,OMN,OVER,POLY_OPERA,SENTIENT',
  'STC_EVM,TRUE,VNT,WIN,WTC,XETA,YOU',
]
  .join(',')
  .split(',');

interface Label {
  readonly label: string;
  readonly scheme: string;
}

/** Every file beside row.ts makes the rows of some families: a new one needs no entry here. */
async function loadGenerators(): Promise<ReadonlyMap<string, RowGenerator>> {
  const byFamily = new Map<string, RowGenerator>();
  for (const file of readdirSync(GENERATORS).filter((name) => name.endsWith('.ts') && name !== 'row.ts')) {
    const { generator } = (await import(new URL(file, GENERATORS).href)) as { readonly generator: RowGenerator };
    for (const family of generator.families) {
      expect(byFamily.has(family), `${family} has two generators`).toBe(false);
      byFamily.set(family, generator);
    }
  }
  return byFamily;
}

/** 32 bytes below every curve's order, another for each label. */
const secretOf = (label: string): Uint8Array => {
  const secret = createHash('sha256').update(`reservewatch test ${label}`).digest();
  secret[0] = 1;
  return secret;
};

describe.skipIf(!existsSync(LABELS))(`labels of ${LABELS} (skipped: it is not here)`, () => {
  const read = existsSync(LABELS) ? readFileSync(LABELS, 'utf8') : '{"labels":[],"newer_network_keyed":{}}';
  const { labels, newer_network_keyed: newer } = JSON.parse(read) as {
    readonly labels: readonly Label[];
    readonly newer_network_keyed: Readonly<Record<string, string>>;
  };
  const loaded = loadRegistry();
  if (!loaded.ok) throw new Error('the shipped registry does not load');
  const registry = loaded.value;
  const book = registry.labelBooks.get('okx' as never);
  if (book === undefined) throw new Error('the shipped registry has no labels of okx');
  const resolve = createLabelResolver(registry, book);

  async function verdictOf(label: string, network: string | null, generators: ReadonlyMap<string, RowGenerator>) {
    const target: Network | null = resolve(label, network).network;
    const generator = target === null ? undefined : generators.get(target.family);
    if (target !== null && generator === undefined) return { grade: 'pending', family: target.family, right: false };
    const row = target && generator ? await generator.generate(target, secretOf(label)) : UNKNOWN_ROW;
    const { grade: wanted, ...cells } = row;
    const proof: OwnershipProof = { ...EMPTY, label, network, ...cells };
    const { verdict } = await checkProof(proof, target);
    const changed = await checkProof({ ...proof, message: `${row.message}!` }, target);
    const rightGrades = verdict.grade === wanted && (target === null || changed.verdict.grade === 'invalid');
    return { grade: verdict.grade, family: target?.family ?? '-', right: rightGrades, reason: verdict.reason };
  }

  it('grade a well-formed row of every label and of every newer network, and no changed message', async () => {
    const generators = await loadGenerators();
    const rows = [
      // The newer layout's tool keys on the network column; the older one on the coin.
      ...labels.map(({ label, scheme }) => ({
        label,
        scheme,
        // USDT without a network says nothing of its chain; published rows have the column.
        network: label === 'USDT' ? 'BTC' : book.networks.has(keyOf(label)) ? label : null,
      })),
      ...Object.entries(newer).map(([network, scheme]) => ({ label: network, scheme, network })),
    ];
    const lines: string[] = [];
    const wrong: string[] = [];
    const pending = new Set<string>();
    for (const { label, scheme, network } of rows) {
      const verdict = await verdictOf(label, network, generators);
      lines.push([label, network ?? '', scheme, verdict.family, verdict.grade].join('\t'));
      if (verdict.grade === 'pending') pending.add(`${scheme} ${verdict.family}`);
      else if (!verdict.right) wrong.push(`${lines.at(-1)}\t${verdict.reason}`);
    }
    console.log(`label\tnetwork\tscheme\tfamily\tverdict\n${lines.join('\n')}`);
    console.log(`signed by: ${[...new Set([...generators.values()].map(({ signedBy }) => signedBy))].join(', ')}`);

    expect(wrong).toEqual([]);
    const undecided = lines.filter((line) => line.endsWith('undecided')).map((line) => line.split('\t')[0]);
    expect(new Set(undecided)).toEqual(new Set([...UNCERTAIN, ...(newer['ETH_ROBINHOOD'] ? ['ETH_ROBINHOOD'] : [])]));
    expect([...pending]).toEqual([]);
  });
});

const keyOf = (label: string): string => label.toUpperCase().replaceAll('-', '_');

const EMPTY = {
  signature2: null,
  scriptOrPubkey: null,
  owner1: null,
  owner2: null,
  rowType: null,
} as const;

const UNKNOWN_ROW = { addressText: 'x', message: 'm', signature1: '0x00', grade: 'undecided' } as const;
