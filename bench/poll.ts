import { Interface } from 'ethers';
import { tokenArtifact } from '../chains/evm/contracts/token-artifact.ts';
import { family } from '../chains/evm/index.ts';
import { sendEvm } from '../demo/exchange.ts';
import { startAnvil } from '../demo/nodes/anvil.ts';
import type { Address, AssetId, ChainId, NetworkSlug } from '../src/domain/ids.ts';
import type { ChainAsset, Network } from '../src/domain/network.ts';
import type { BalanceQuery } from '../src/domain/snapshot.ts';
import { systemClock } from '../src/lib/clock.ts';
import { createHttpClient } from '../src/lib/http.ts';
import { createAdmissions } from '../src/snapshot/admissions.ts';
import { takeSnapshot } from '../src/take-snapshot.ts';

const ADDRESSES = 10_000;
const MOST_REQUESTS = 12;
const ROUNDS = 5;
const CHAIN = 'eip155:31337' as ChainId;

const asset = (reference: string | null): ChainAsset => ({
  id: `${CHAIN}/${reference === null ? 'slip44:60' : `erc20:${reference}`}` as AssetId,
  chain: CHAIN,
  kind: reference === null ? 'native' : 'token',
  reference,
  symbol: reference === null ? 'ETH' : 'TKN',
  decimals: reference === null ? 18 : 6,
  countsAs: null,
});

const network: Network = {
  slug: 'bench' as NetworkSlug,
  name: 'anvil',
  family: 'evm',
  chainId: CHAIN,
  genesisHash: null,
  native: asset(null),
  finality: { kind: 'finalized' },
  params: { development: true },
};

/** Polls 10,000 addresses × (coin + one token) on a real anvil: requests, one block, exact sums, client CPU a cell. */
export async function run(): Promise<number> {
  const anvil = await startAnvil();
  const http = createHttpClient();
  try {
    const addresses = Array.from(
      { length: ADDRESSES },
      (_, i) => `0x${(i + 0x1000).toString(16).padStart(40, '0')}` as Address,
    );
    const [deployer] = await anvil.rpc<string[]>('eth_accounts');
    const abi = new Interface(tokenArtifact.abi);
    const deploy = `${tokenArtifact.bytecode}${abi.encodeDeploy(['Bench', 'TKN', 6]).slice(2)}`;
    const [token] = await sendEvm(anvil, [{ from: deployer as string, to: null, data: deploy }]);
    for (let at = 0; at < ADDRESSES; at += 500) {
      await Promise.all(
        addresses
          .slice(at, at + 500)
          .map((address, i) => anvil.rpc('anvil_setBalance', [address, `0x${(at + i + 1).toString(16)}`])),
      );
    }
    await anvil.rpc('anvil_mine', ['0x5']);
    const connected = family.connect({
      network,
      name: 'anvil',
      group: 'anvil',
      url: anvil.url,
      headers: {},
      http,
      clock: systemClock,
      timeoutMs: 60_000,
      maxBytes: 64 << 20,
    });
    if (!connected.ok) throw new Error(connected.error);
    const adapter = connected.value;
    const queries = [asset(null), asset((token as string).toLowerCase())].flatMap((one): BalanceQuery[] =>
      addresses.map((address) => ({ address, asset: one })),
    );
    const admissions = createAdmissions(systemClock);
    await admissions.admit(adapter, AbortSignal.timeout(60_000));
    const micros: number[] = [];
    let most = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const requests = adapter.requestCount();
      const cpu = process.cpuUsage();
      const snapshot = await takeSnapshot([{ network, adapters: [adapter], queries, supplies: [] }], {
        clock: systemClock,
        signal: AbortSignal.timeout(120_000),
        admissions,
        floors: new Map(),
        pins: { get: () => null, pin: () => undefined },
      });
      const used = process.cpuUsage(cpu);
      micros.push((used.user + used.system) / queries.length);
      most = Math.max(most, adapter.requestCount() - requests);
      const sum = snapshot.cells.reduce(
        (total, { outcome }) => total + (outcome.kind === 'read' ? outcome.amount : -1n << 200n),
        0n,
      );
      if (sum !== (BigInt(ADDRESSES) * BigInt(ADDRESSES + 1)) / 2n)
        throw new Error('the balances do not add up: a cell was misread');
    }
    const sorted = [...micros].sort((a, b) => a - b);
    process.stdout.write(
      `poll ${ADDRESSES} addresses × 2 assets = ${queries.length} cells, all at one block hash\n` +
        `  requests a poll (admission excluded): ${most} (at most ${MOST_REQUESTS})\n` +
        `  client CPU a cell over ${ROUNDS} polls: ${sorted[0]?.toFixed(2)} … ${sorted[2]?.toFixed(2)} (median) … ${sorted.at(-1)?.toFixed(2)} µs\n`,
    );
    return most <= MOST_REQUESTS ? 0 : 3;
  } finally {
    await http.close();
    await anvil.stop();
  }
}
