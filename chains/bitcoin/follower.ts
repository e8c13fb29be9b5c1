import { err, ok, type Result } from '../../src/domain/result.ts';
import type { Block, Output } from './block.ts';
import type { Node } from './node.ts';
import type { RpcClient, RpcFailure } from './rpc.ts';
import type { Coin, Position, UtxoView } from './utxo-view.ts';

/** Behind by more blocks than this, one walk over the UTXO set is cheaper than reading them. */
const MAX_FOLLOW = 1_000;
/** Scripts in one walk: Core refuses request bodies above 32 MiB. */
const SCRIPTS_PER_WALK = 250_000;
/** So many blocks back from a first walk at most are reconstructed. */
export const MAX_BACKFILL = 144;
/** Previous transactions looked up for one reconstruction where blocks do not name what they spend. */
const MAX_LOOKUPS = 2_000;
/** Hashes asked for in one request. */
const HASH_BATCH = 100;

/** Keeps a view in step with a node's main chain. */
export interface Follower {
  /** Moves the view to the node's tip: back over blocks that a reorg took out, then forward. Empty views stay empty. */
  sync(signal: AbortSignal): Promise<Result<Position, RpcFailure>>;
  /** Moves the view to the tip and sees that these scripts are tracked: one walk for all that are new. */
  track(scripts: ReadonlySet<string>, signal: AbortSignal): Promise<Result<void, RpcFailure>>;
  /** Sinks the floor of these scripts to a height, by what the blocks above it did. */
  reach(scripts: ReadonlySet<string>, height: number, signal: AbortSignal): Promise<Result<void, RpcFailure>>;
}

/** Makes a follower; calls must not overlap. */
export function createFollower(
  node: Node,
  view: UtxoView,
  failure: RpcClient['failure'],
  parseUnits: (amountText: string) => Result<bigint>,
): Follower {
  const moved = (what: string) => err({ ...failure('block_unknown', what), retryable: true });

  async function unwindToMainChain(signal: AbortSignal): Promise<Result<void, RpcFailure>> {
    for (let at = view.position(); at !== null; at = view.position()) {
      const hash = await node.hashAt(at.height, signal);
      if (hash.ok && hash.value === at.hash) return ok(undefined);
      if (!hash.ok && hash.error.code !== 'block_unknown') return hash;
      view.unwind();
    }
    return ok(undefined);
  }

  async function followTo(target: Position, signal: AbortSignal): Promise<Result<void, RpcFailure>> {
    for (let at = view.position(); at !== null && at.height < target.height; at = view.position()) {
      const count = Math.min(HASH_BATCH, target.height - at.height);
      const heights = Array.from({ length: count }, (_none, index) => (at as Position).height + 1 + index);
      const hashes = await node.hashesAt(heights, signal);
      if (!hashes.ok) return hashes;
      for (const hash of hashes.value) {
        const block = await node.block(hash, false, signal);
        if (!block.ok) return block;
        if (block.value.header.previousHash !== view.position()?.hash)
          return moved('the chain moved while it was followed');
        const applied = view.apply(block.value);
        if (!applied.ok) return err(failure('bad_response', applied.error));
      }
    }
    return view.position()?.hash === target.hash ? ok(undefined) : moved('the chain moved while it was followed');
  }

  async function sync(signal: AbortSignal): Promise<Result<Position, RpcFailure>> {
    let last: RpcFailure | null = null;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const tip = await node.tip(signal);
      if (!tip.ok || view.position()?.hash === tip.value.hash) return tip;
      const unwound = await unwindToMainChain(signal);
      if (!unwound.ok) return unwound;
      const at = view.position();
      if (at !== null && tip.value.height - at.height > MAX_FOLLOW) view.reset();
      if (view.position() === null) return tip;
      const followed = await followTo(tip.value, signal);
      if (followed.ok) return tip;
      last = followed.error;
      if (last.code !== 'block_unknown') break;
    }
    return err(last as RpcFailure);
  }

  async function walk(scripts: readonly string[], signal: AbortSignal): Promise<Result<void, RpcFailure>> {
    const scan = await node.scan(scripts, signal);
    if (!scan.ok) return scan;
    const { at, coins } = scan.value;
    const header = await node.header(at.hash, signal);
    if (!header.ok) return header;
    if (header.value.height !== at.height)
      return err(failure('bad_response', 'the walk names a block of another height'));
    if (header.value.confirmations < 1) return moved('the block of the walk left the main chain');
    if (view.position() !== null) {
      const followed = await followTo(at, signal);
      if (!followed.ok) return followed;
    }
    const added = view.add(at, scripts, coins);
    return added.ok ? ok(undefined) : moved(added.error);
  }

  async function track(scripts: ReadonlySet<string>, signal: AbortSignal): Promise<Result<void, RpcFailure>> {
    const synced = await sync(signal);
    if (!synced.ok) return synced;
    const unseen = [...scripts].filter((script) => !view.tracks(script));
    for (let from = 0; from < unseen.length; from += SCRIPTS_PER_WALK) {
      const walked = await walk(unseen.slice(from, from + SCRIPTS_PER_WALK), signal);
      if (!walked.ok) return walked;
    }
    return ok(undefined);
  }

  async function reach(
    scripts: ReadonlySet<string>,
    height: number,
    signal: AbortSignal,
  ): Promise<Result<void, RpcFailure>> {
    const tooHigh = [...scripts].filter((script) => view.floorOf(script) > height);
    if (tooHigh.length === 0) return ok(undefined);
    const top = tooHigh.reduce((highest, script) => Math.max(highest, view.floorOf(script)), 0);
    const unreached = `these addresses were first read at block ${top}: block ${height} can be read once ${top} is final`;
    if (top - height > MAX_BACKFILL) return err(failure('not_final', unreached));
    let lookups = MAX_LOOKUPS;
    for (let at = top; at > height; at -= 1) {
      const hash = view.hashAt(at);
      if (hash === null) return err(failure('not_final', unreached));
      const learners = new Set(tooHigh.filter((script) => view.floorOf(script) === at));
      const block = await node.block(hash, true, signal);
      if (!block.ok) return block;
      const missing = unnamedInputs(block.value);
      lookups -= missing.length;
      if (lookups < 0) return err(failure('not_final', unreached));
      const found = await node.outputsOf(missing, signal);
      // Without prevouts and without a transaction index the node cannot say what the block spent.
      if (!found.ok) return err(found.error.rpcCode === null ? found.error : failure('not_final', unreached));
      const changes = changesOf(block.value, learners, found.value, parseUnits);
      if (!changes.ok) return err(failure('bad_response', changes.error));
      const { created, spent } = changes.value;
      const learned = view.learn(
        { height: at, hash, previousHash: block.value.header.previousHash },
        learners,
        created,
        spent,
      );
      if (!learned.ok) return err(failure('bad_response', learned.error));
    }
    return ok(undefined);
  }

  return { sync, track, reach };
}

/** Transactions that must be looked up to know what the block spent: not those of the block itself. */
function unnamedInputs({ transactions }: Block): readonly string[] {
  const own = new Set(transactions.flatMap(({ outputs }) => outputs.map(({ outpoint }) => outpoint)));
  const missing = new Set<string>();
  for (const { inputs } of transactions) {
    for (const { outpoint, output } of inputs) {
      if (output === null && !own.has(outpoint)) missing.add(outpoint.slice(0, 64));
    }
  }
  return [...missing];
}

/** The coins of chosen scripts that a block made and spent; an input whose coin is not known is an error, never skipped. */
function changesOf(
  { transactions }: Block,
  scripts: ReadonlySet<string>,
  found: ReadonlyMap<string, Output>,
  parseUnits: (amountText: string) => Result<bigint>,
): Result<{ readonly created: readonly Coin[]; readonly spent: readonly Coin[] }> {
  const own = new Map(
    transactions.flatMap(({ outputs }) => outputs.map((output) => [output.outpoint, output] as const)),
  );
  const created: Coin[] = [];
  const spent: Coin[] = [];
  const push = (list: Coin[], outpoint: string, { script, amountText }: Output): Result<void> => {
    if (!scripts.has(script)) return ok(undefined);
    const amount = parseUnits(amountText);
    if (amount.ok) list.push({ outpoint, script, amount: amount.value });
    return amount.ok ? ok(undefined) : amount;
  };
  for (const { inputs, outputs } of transactions) {
    for (const { outpoint, output } of inputs) {
      const coin = output ?? own.get(outpoint) ?? found.get(outpoint);
      if (!coin) return err(`the node does not say what ${outpoint} was`);
      const pushed = push(spent, outpoint, coin);
      if (!pushed.ok) return pushed;
    }
    for (const output of outputs) {
      const pushed = push(created, output.outpoint, output);
      if (!pushed.ok) return pushed;
    }
  }
  return ok({ created, spent });
}
