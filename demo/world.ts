import { type Exchange, sendEvm, transferData, USDX } from './exchange.ts';
import type { DemoNodes } from './nodes.ts';

/** One thing that happens in the world: a payment, and what it makes of the ratio. */
export interface WorldEvent {
  /** Part of the demo's duration after which it happens. */
  readonly at: number;
  readonly says: string;
  readonly happens: (nodes: DemoNodes, exchange: Exchange) => Promise<unknown>;
}

const pay =
  (coins: bigint) =>
  (nodes: DemoNodes, { hot, outsider, token }: Exchange) =>
    sendEvm(nodes.evm, [{ from: hot, to: token, data: transferData(outsider, coins * USDX.unit) }]);

const payBack =
  (coins: bigint) =>
  (nodes: DemoNodes, { hot, outsider, token }: Exchange) =>
    sendEvm(nodes.evm, [{ from: outsider, to: token, data: transferData(hot, coins * USDX.unit) }]);

/** The world script: it only sends transactions to nodes and knows nothing of who is watching. */
export const WORLD: readonly WorldEvent[] = [
  { at: 0.1, says: '24,000 USDX leave the hot wallet: 104 % → 101.6 %', happens: pay(24_000n) },
  { at: 0.36, says: '19,000 USDX leave the hot wallet: 101.6 % → 99.7 %', happens: pay(19_000n) },
  { at: 0.62, says: '43,000 USDX come back: 99.7 % → 104 %', happens: payBack(43_000n) },
];
