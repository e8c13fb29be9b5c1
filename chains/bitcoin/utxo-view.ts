import { err, ok, type Result } from '../../src/domain/result.ts';
import type { Block } from './block.ts';

/** An unspent output of a tracked script, in base units. */
export interface Coin {
  readonly outpoint: string;
  readonly script: string;
  readonly amount: bigint;
}

/** What one block did to tracked scripts. */
interface BlockDelta {
  readonly height: number;
  readonly hash: string;
  readonly previousHash: string | null;
  readonly created: Coin[];
  readonly spent: Coin[];
}

/** Block height and hash: where a view stands. */
export interface Position {
  readonly height: number;
  readonly hash: string;
}

/**
 * The coins of chosen scripts at one block, and what the blocks before it changed, so that balances of those blocks are
 * known too. It moves only along hashes: each applied block must name the one before it. Pure state: it asks nobody.
 */
export interface UtxoView {
  /** Null while nothing is tracked. */
  position(): Position | null;
  tracks(script: string): boolean;
  /** The lowest height at which the script's balance is known. */
  floorOf(script: string): number;
  /** Starts or goes on tracking scripts whose coins at the view's position (or, when empty, at the given one) are these. */
  add(at: Position, scripts: Iterable<string>, coins: readonly Coin[]): Result<void>;
  /** Moves on by one block. */
  apply(block: Block): Result<void>;
  /** Moves back by one block; scripts that were first seen after it, and in the end all, are forgotten. */
  unwind(): void;
  /** Adds what a block at or below the position did to scripts whose floor it is; their floor sinks by one. */
  learn(
    block: Position & { readonly previousHash: string | null },
    scripts: ReadonlySet<string>,
    created: readonly Coin[],
    spent: readonly Coin[],
  ): Result<void>;
  /** The block hash at a height, where the view knows it. */
  hashAt(height: number): string | null;
  /** Balances after the block at this height; null for a script whose balance there is not known. */
  balancesAt(height: number): (script: string) => bigint | null;
  reset(): void;
}

/** Makes an empty view that keeps the changes of the last `keepBlocks` blocks. */
export function createUtxoView(keepBlocks: number, parseUnits: (amountText: string) => Result<bigint>): UtxoView {
  const coins = new Map<string, Coin>();
  const scripts = new Map<string, { balance: bigint; floor: number }>();
  let deltas: BlockDelta[] = [];
  let tip: Position | null = null;

  const reset = (): void => {
    coins.clear();
    scripts.clear();
    deltas = [];
    tip = null;
  };
  const deltaAt = (height: number): BlockDelta | undefined => deltas[height - (deltas[0]?.height ?? 0)];
  const base = (): number => (tip?.height ?? 0) - deltas.length;
  const put = (coin: Coin): void => {
    coins.set(coin.outpoint, coin);
    (scripts.get(coin.script) as { balance: bigint }).balance += coin.amount;
  };
  const take = (coin: Coin): void => {
    if (coins.delete(coin.outpoint)) (scripts.get(coin.script) as { balance: bigint }).balance -= coin.amount;
  };
  const forget = (gone: ReadonlySet<string>): void => {
    if (gone.size === 0) return;
    const stays = ({ script }: Coin): boolean => !gone.has(script);
    for (const script of gone) scripts.delete(script);
    for (const [outpoint, coin] of coins) if (!stays(coin)) coins.delete(outpoint);
    deltas = deltas.map((delta) => ({
      ...delta,
      created: delta.created.filter(stays),
      spent: delta.spent.filter(stays),
    }));
  };

  /** Drops the oldest changes: below them no balance is known any more, of any script. */
  const prune = (): void => {
    deltas.shift();
    const lowest = base();
    for (const entry of scripts.values()) entry.floor = Math.max(entry.floor, lowest);
  };

  return {
    reset,
    position: () => tip,
    tracks: (script) => scripts.has(script),
    floorOf: (script) => scripts.get(script)?.floor ?? Number.POSITIVE_INFINITY,
    add(at, added, found) {
      if (tip !== null && tip.hash !== at.hash) return err('the view stands at another block');
      tip = at;
      for (const script of added) if (!scripts.has(script)) scripts.set(script, { balance: 0n, floor: at.height });
      for (const coin of found) if (!coins.has(coin.outpoint)) put(coin);
      return ok(undefined);
    },
    apply({ header, transactions }) {
      if (tip === null || header.previousHash !== tip.hash || header.height !== tip.height + 1) {
        return err('the block does not follow the view');
      }
      const delta: BlockDelta = {
        ...{ height: header.height, hash: header.hash, previousHash: header.previousHash, created: [], spent: [] },
      };
      const amounts = readAmounts(transactions, (script) => scripts.has(script), parseUnits);
      if (!amounts.ok) return amounts;
      for (const { inputs, outputs } of transactions) {
        for (const { outpoint } of inputs) {
          const coin = coins.get(outpoint);
          if (!coin) continue;
          take(coin);
          delta.spent.push(coin);
        }
        for (const { outpoint, script } of outputs) {
          const amount = amounts.value.get(outpoint);
          if (amount === undefined) continue;
          const coin = { outpoint, script, amount };
          put(coin);
          delta.created.push(coin);
        }
      }
      deltas.push(delta);
      tip = { height: header.height, hash: header.hash };
      if (deltas.length > keepBlocks) prune();
      return ok(undefined);
    },
    unwind() {
      const last = deltas.pop();
      if (tip === null || last === undefined || last.previousHash === null) return reset();
      for (const coin of last.spent) put(coin);
      for (const coin of last.created) take(coin);
      const height = last.height - 1;
      tip = { height, hash: last.previousHash };
      forget(new Set([...scripts].filter(([, { floor }]) => floor > height).map(([script]) => script)));
      if (scripts.size === 0) reset();
    },
    learn(block, learners, created, spent) {
      const known = deltaAt(block.height);
      const above = deltas[0]?.previousHash ?? tip?.hash;
      if (known === undefined && block.height !== base()) return err('the block leaves a gap');
      if (block.hash !== (known?.hash ?? above)) return err('the block is not in the view');
      if (known === undefined) deltas.unshift({ ...block, created: [...created], spent: [...spent] });
      else {
        known.created.push(...created);
        known.spent.push(...spent);
      }
      for (const script of learners) {
        const entry = scripts.get(script);
        if (entry?.floor === block.height) entry.floor -= 1;
      }
      return ok(undefined);
    },
    hashAt(height) {
      if (tip === null) return null;
      if (height === tip.height) return tip.hash;
      return deltaAt(height + 1)?.previousHash ?? null;
    },
    balancesAt(height) {
      const since = new Map<string, bigint>();
      const change = (coin: Coin, sign: bigint) =>
        since.set(coin.script, (since.get(coin.script) ?? 0n) + sign * coin.amount);
      for (const delta of deltas) {
        if (delta.height <= height) continue;
        for (const coin of delta.created) change(coin, 1n);
        for (const coin of delta.spent) change(coin, -1n);
      }
      const isKnown = tip !== null && height <= tip.height;
      return (script) => {
        const entry = scripts.get(script);
        return !isKnown || !entry || entry.floor > height ? null : entry.balance - (since.get(script) ?? 0n);
      };
    },
  };
}

/** The amounts of a block's outputs to chosen scripts, by outpoint: all are read before anything changes. */
function readAmounts(
  transactions: Block['transactions'],
  isChosen: (script: string) => boolean,
  parseUnits: (amountText: string) => Result<bigint>,
): Result<ReadonlyMap<string, bigint>> {
  const amounts = new Map<string, bigint>();
  for (const { outputs } of transactions) {
    for (const { outpoint, script, amountText } of outputs) {
      if (!isChosen(script)) continue;
      const amount = parseUnits(amountText);
      if (!amount.ok) return amount;
      amounts.set(outpoint, amount.value);
    }
  }
  return ok(amounts);
}
