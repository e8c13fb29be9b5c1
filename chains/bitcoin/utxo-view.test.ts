import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAmount } from '../../src/domain/amount.ts';
import type { Block } from './block.ts';
import { type Coin, createUtxoView, type UtxoView } from './utxo-view.ts';

const SCRIPTS = ['aa', 'bb', 'cc', 'dd'];
const parseUnits = (text: string) => parseAmount(text, 8);
const text = (units: bigint): string => `${units / 100_000_000n}.${(units % 100_000_000n).toString().padStart(8, '0')}`;

/** A chain of whole states: the naive model that a view is compared with. */
interface State {
  readonly block: Block;
  readonly coins: ReadonlyMap<string, Coin>;
  readonly created: readonly Coin[];
  readonly spent: readonly Coin[];
}

const step = fc.record({
  pay: fc.array(fc.record({ script: fc.constantFrom(...SCRIPTS), units: fc.bigInt({ min: 0n, max: 10n ** 16n }) }), {
    maxLength: 4,
  }),
  spend: fc.array(fc.nat(), { maxLength: 3 }),
  /** Spends one of its own new outputs in a later transaction of the same block. */
  chained: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function grow(before: State | null, { pay, spend, chained }: Step, label: string): State {
  const height = (before?.block.header.height ?? 99) + 1;
  const hash = `hash-${label}-${height}`;
  const coins = new Map(before?.coins);
  const created: Coin[] = [];
  const spent: Coin[] = [];
  const remove = (coin: Coin) => {
    coins.delete(coin.outpoint);
    spent.push(coin);
    return { outpoint: coin.outpoint, output: null };
  };
  const inputs = spend.flatMap((pick) => {
    const coin = [...coins.values()][pick % Math.max(coins.size, 1)];
    return coin ? [remove(coin)] : [];
  });
  const outputs = pay.map(({ script, units }, index) => {
    const coin = { outpoint: `tx-${label}-${height}:${index}`, script, amount: units };
    coins.set(coin.outpoint, coin);
    created.push(coin);
    return { outpoint: coin.outpoint, script, amountText: text(units) };
  });
  const first = created[0];
  const second = chained && first ? [{ inputs: [remove(first)], outputs: [] }] : [];
  const header = { hash, height, previousHash: before?.block.header.hash ?? 'hash-base', timeMs: 0, confirmations: 1 };
  return { block: { header, transactions: [{ inputs, outputs }, ...second] }, coins, created, spent };
}

const balance = (state: State, script: string): bigint =>
  [...state.coins.values()].filter((coin) => coin.script === script).reduce((sum, { amount }) => sum + amount, 0n);

function expectSame(view: UtxoView, chain: readonly State[], from: number): void {
  for (const state of chain.slice(from)) {
    const balanceOf = view.balancesAt(state.block.header.height);
    expect(view.hashAt(state.block.header.height)).toBe(state.block.header.hash);
    for (const script of SCRIPTS) expect(balanceOf(script)).toBe(balance(state, script));
  }
}

function seeded(state: State): UtxoView {
  const view = createUtxoView(50, parseUnits);
  const { height, hash } = state.block.header;
  expect(view.add({ height, hash }, SCRIPTS, [...state.coins.values()]).ok).toBe(true);
  return view;
}

describe('a UTXO view', () => {
  it('knows every block since its seed, through reorgs, as a model that keeps all states', () => {
    const steps = fc.array(step, { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(steps, steps, fc.nat(), (main, other, at) => {
        const chain: State[] = [];
        for (const one of main) chain.push(grow(chain.at(-1) ?? null, one, 'main'));
        const view = seeded(chain[0] as State);
        for (const state of chain.slice(1)) expect(view.apply(state.block).ok).toBe(true);
        expectSame(view, chain, 0);

        const fork = 1 + (at % chain.length);
        const forked = chain.slice(0, fork);
        while ((view.position()?.height ?? 0) > (forked.at(-1) as State).block.header.height) view.unwind();
        for (const one of other) {
          const next = grow(forked.at(-1) as State, one, 'fork');
          forked.push(next);
          expect(view.apply(next.block).ok).toBe(true);
        }
        expectSame(view, forked, 0);
      }),
    );
  });

  it('learns the blocks before its seed and can then be unwound through them', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 3, maxLength: 10 }), (steps) => {
        const chain: State[] = [];
        for (const one of steps) chain.push(grow(chain.at(-1) ?? null, one, 'main'));
        const view = seeded(chain.at(-1) as State);
        for (const { block, created, spent } of chain.slice(1).reverse()) {
          expect(view.balancesAt(block.header.height - 1)('aa')).toBeNull();
          expect(view.learn(block.header, new Set(SCRIPTS), created, spent).ok).toBe(true);
        }
        expectSame(view, chain, 0);
        for (let last = chain.length - 1; last > 0; last -= 1) {
          view.unwind();
          expectSame(view, chain.slice(0, last), 0);
        }
      }),
    );
  });

  it('takes up new scripts later and learns their past beside the others’', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 4, maxLength: 10 }), fc.nat(), (steps, at) => {
        const chain: State[] = [];
        for (const one of steps) chain.push(grow(chain.at(-1) ?? null, one, 'main'));
        const start = at % (chain.length - 1);
        const seed = chain[start] as State;
        const tip = chain.at(-1) as State;
        const [late, early] = [new Set(['aa']), new Set(SCRIPTS.slice(1))];
        const of = (coins: Iterable<Coin>, set: ReadonlySet<string>) =>
          [...coins].filter(({ script }) => set.has(script));

        const view = createUtxoView(50, parseUnits);
        view.add(seed.block.header, early, of(seed.coins.values(), early));
        for (const state of chain.slice(start + 1)) view.apply(state.block);
        view.add(tip.block.header, late, of(tip.coins.values(), late));
        for (const { block, created, spent } of chain.slice(start + 1).reverse()) {
          const learned = view.learn(block.header, late, of(created, late), of(spent, late));
          expect(learned.ok).toBe(true);
        }
        expectSame(view, chain, start);
      }),
    );
  });

  it('refuses what does not follow, and forgets what it cannot know any more', () => {
    const first = grow(null, { pay: [{ script: 'aa', units: 5n }], spend: [], chained: false }, 'x');
    const second = grow(first, { pay: [], spend: [0], chained: false }, 'x');
    const third = grow(second, { pay: [], spend: [], chained: false }, 'x');
    const view = seeded(first);
    expect(view.apply(third.block).ok).toBe(false);
    expect(view.balancesAt(101)('aa')).toBeNull();
    expect(view.balancesAt(99)('aa')).toBeNull();
    view.unwind();
    expect(view.position()).toBeNull();
    expect(view.tracks('aa')).toBe(false);
  });

  it('changes nothing when an amount of a block cannot be read', () => {
    const first = grow(null, { pay: [{ script: 'aa', units: 5n }], spend: [], chained: false }, 'x');
    const view = seeded(first);
    const output = { outpoint: 'tx:0', script: 'bb', amountText: '1e-8' };
    const header = { ...first.block.header, height: 101, hash: 'next', previousHash: first.block.header.hash };
    const transactions = [{ inputs: [{ outpoint: 'tx-x-100:0', output: null }], outputs: [output] }];
    expect(view.apply({ header, transactions }).ok).toBe(false);
    expect(view.balancesAt(100)('aa')).toBe(5n);
  });

  it('drops the oldest changes and then says that it does not know', () => {
    const view = createUtxoView(2, parseUnits);
    const chain = [grow(null, { pay: [], spend: [], chained: false }, 'x')];
    view.add((chain[0] as State).block.header, SCRIPTS, []);
    for (let count = 0; count < 4; count += 1) {
      const next = grow(chain.at(-1) as State, { pay: [{ script: 'aa', units: 1n }], spend: [], chained: false }, 'x');
      chain.push(next);
      view.apply(next.block);
    }
    expect([100, 101, 102, 103, 104].map((height) => view.balancesAt(height)('aa'))).toEqual([null, null, 2n, 3n, 4n]);
  });
});
