import { type Anvil, startAnvil } from './nodes/anvil.ts';
import { findLitecoind, type Litecoind, startLitecoind } from './nodes/litecoind.ts';
import { type LitesvmNode, startLitesvm } from './nodes/litesvm.ts';

/** The demo's chains: real nodes on loopback, each with its own block producer. */
export interface DemoNodes {
  readonly evm: Anvil;
  readonly solana: LitesvmNode;
  /** Null where litecoind is not installed; `skipped` says so. */
  readonly litecoin: Litecoind | null;
  readonly skipped: string | null;
  stop(): Promise<void>;
}

const LITECOIN_BLOCK_MS = 2_000;

/** Starts every node that this machine has; a node that fails to start ends those that did and throws. */
export async function startNodes(): Promise<DemoNodes> {
  const started: { stop(): Promise<void> }[] = [];
  const keep = async <T extends { stop(): Promise<void> }>(node: Promise<T>): Promise<T> => {
    const ready = await node;
    started.push(ready);
    return ready;
  };
  const installed = findLitecoind() !== null;
  let miner: NodeJS.Timeout | undefined;
  const stop = async (): Promise<void> => {
    clearInterval(miner);
    await Promise.allSettled(started.map((node) => node.stop()));
  };
  const results = await Promise.allSettled([
    keep(startAnvil({ blockTimeSeconds: 1 })),
    keep(startLitesvm({ slotMs: 400 })),
    installed ? keep(startLitecoind()) : null,
  ] as const);
  const failed = results.find((one) => one.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [evm, solana, litecoin] = results.map((one) => (one.status === 'fulfilled' ? one.value : null)) as [
    Anvil,
    LitesvmNode,
    Litecoind | null,
  ];
  // A block that fails to come is seen by the daemon as a chain that stands still: nothing to handle here.
  if (litecoin) miner = setInterval(() => void litecoin.mine(1).catch(() => undefined), LITECOIN_BLOCK_MS);
  const skipped = installed
    ? null
    : 'Bitcoin-like chain skipped: litecoind is not on PATH (Debian: apt-get install litecoind)';
  return { evm, solana, litecoin, skipped, stop };
}
