import { Interface } from 'ethers';
import { tokenArtifact } from '../chains/evm/contracts/token-artifact.ts';
import { walletArtifact } from '../chains/evm/contracts/wallet-artifact.ts';
import { keccak256 } from '../src/lib/keccak.ts';
import { litecoinRows } from './litecoin-accounts.ts';
import type { DemoNodes } from './nodes.ts';
import { type SolanaSigner, solanaSigner } from './sign-solana.ts';

/** One row of the published list, in the order of the OKX layout with owner columns. */
export interface PublishedRow {
  readonly coin: string;
  readonly network: string;
  readonly height: string;
  readonly address: string;
  readonly amount: string;
  readonly message: string;
  readonly signature1: string;
  readonly signature2?: string;
  readonly script?: string;
  readonly owner1?: string;
}

/** The example exchange after it has opened its accounts: what it publishes, and what the world may move. */
export interface Exchange {
  readonly rows: readonly PublishedRow[];
  readonly token: string;
  /** The exchange's hot wallet and somebody outside: the two ends of every payment of the world script. */
  readonly hot: string;
  readonly outsider: string;
}

/** What the example exchange signs: its own name is in it, no date (like the real ones). */
export const MESSAGE = 'I am an Example Exchange address';

/** USDX has six decimals. The stated amounts make 104 % together with custody. */
export const USDX = {
  hot: 500_000n,
  cold: 200_000n,
  wallet: 320_000n,
  custody: 20_000n,
  owed: 1_000_000n,
  unit: 1_000_000n,
} as const;

const erc20 = new Interface(tokenArtifact.abi);
const ETHER = 10n ** 18n;

/** Opens accounts on every node, deploys the token and a contract wallet, and signs a row for each account. */
export async function openExchange(nodes: DemoNodes): Promise<Exchange> {
  const evm = await openEvm(nodes.evm);
  const solana = openSolana(nodes.solana);
  const litecoin = nodes.litecoin ? await litecoinRows(nodes.litecoin, MESSAGE) : [];
  await settle(nodes.evm);
  return { ...evm, rows: [...evm.rows, ...litecoin, solana] };
}

/** Waits until the newest final EVM block is younger than all deposits, so that the first common moment lies after them. */
async function settle(evm: Evm): Promise<void> {
  const now = Math.floor(Date.now() / 1000) + 1;
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const block = await evm.rpc<{ timestamp: string }>('eth_getBlockByNumber', ['finalized', false]);
    if (Number.parseInt(block.timestamp, 16) > now) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the local EVM chain stands still');
}

type Evm = DemoNodes['evm'];

/** A transaction of one of anvil's unlocked accounts; `to` null makes a contract. */
interface Payment {
  readonly from: string;
  readonly to: string | null;
  readonly data: string;
  readonly value?: bigint;
}

/** Sends transactions one after another, as nonces demand, and waits for all receipts: the made contracts' addresses. */
export async function sendEvm(evm: Evm, payments: readonly Payment[]): Promise<readonly (string | null)[]> {
  const hashes: string[] = [];
  for (const { from, to, data, value = 0n } of payments) {
    const transaction = { from, data, value: `0x${value.toString(16)}`, ...(to === null ? {} : { to }) };
    hashes.push(await evm.rpc<string>('eth_sendTransaction', [transaction]));
  }
  return Promise.all(hashes.map((hash) => receiptOf(evm, hash)));
}

async function receiptOf(evm: Evm, hash: string): Promise<string | null> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const receipt = await evm.rpc<{ status: string; contractAddress: string | null } | null>(
      'eth_getTransactionReceipt',
      [hash],
    );
    if (receipt?.status === '0x1') return receipt.contractAddress;
    if (receipt) throw new Error(`transaction ${hash} failed`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`transaction ${hash} was not mined`);
}

/** The call data of an ERC-20 transfer of base units. */
export const transferData = (to: string, amount: bigint): string => erc20.encodeFunctionData('transfer', [to, amount]);

async function openEvm(evm: Evm): Promise<Exchange> {
  const accounts = await evm.rpc<readonly string[]>('eth_accounts');
  const [minter, hot, cold, owner] = accounts as [string, string, string, string];
  const outsider = accounts.at(-1) as string;
  const create = (bytecode: string, abi: Interface, args: readonly unknown[]): Payment => ({
    from: minter,
    to: null,
    data: `${bytecode}${abi.encodeDeploy(args).slice(2)}`,
  });
  const made = await sendEvm(evm, [
    create(tokenArtifact.bytecode, erc20, ['Example dollar', 'USDX', 6]),
    create(walletArtifact.bytecode, new Interface(walletArtifact.abi), [owner]),
  ]);
  const [token, wallet] = made.map((address) => String(address).toLowerCase()) as [string, string];
  const mint = (to: string, coins: bigint): Payment => ({
    from: minter,
    to: token,
    data: erc20.encodeFunctionData('mint', [to, coins * USDX.unit]),
  });
  await sendEvm(evm, [
    mint(hot, USDX.hot),
    mint(cold, USDX.cold),
    mint(wallet, USDX.wallet),
    { from: minter, to: wallet, data: '0x', value: 1_500n * ETHER },
  ]);
  const height = Number.parseInt(await evm.rpc<string>('eth_blockNumber'), 16).toString();
  // The OKX scheme: personal_sign of the 32-byte keccak digest of the text.
  const digest = `0x${Buffer.from(keccak256(Buffer.from(MESSAGE, 'utf8'))).toString('hex')}`;
  const row = async (coin: string, address: string, amount: string, signer: string): Promise<PublishedRow> => ({
    coin,
    network: 'demo-evm',
    height,
    address,
    amount,
    message: MESSAGE,
    signature1: await evm.rpc<string>('eth_sign', [signer, digest]),
    ...(signer === address ? {} : { owner1: signer }),
  });
  const rows = await Promise.all([
    row('ETH', hot, '10000', hot),
    row('ETH', cold, '10000', cold),
    row('ETH', wallet, '1500', owner),
    row('USDX', hot, USDX.hot.toString(), hot),
    row('USDX', cold, USDX.cold.toString(), cold),
    row('USDX', wallet, USDX.wallet.toString(), owner),
  ]);
  return { rows, token, hot, outsider };
}

/** More lamports than a float can hold exactly: 12,500,000.000000001 SOL. */
const LAMPORTS = 12_500_000_000_000_001n;

function openSolana(node: DemoNodes['solana']): PublishedRow {
  const signer: SolanaSigner = solanaSigner(Buffer.alloc(32, 'reservewatch demo'));
  node.setLamports(signer.address, LAMPORTS);
  return {
    coin: 'SOL',
    network: 'demo-solana',
    height: node.slot().toString(),
    address: signer.address,
    amount: '12500000.000000001',
    message: MESSAGE,
    signature1: `0x${Buffer.from(signer.signOkxMessage(MESSAGE)).toString('hex')}`,
    script: signer.publicKeyHex,
  };
}
