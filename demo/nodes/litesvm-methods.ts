import { PublicKey } from '@solana/web3.js';
import { isLosslessNumber } from 'lossless-json';
import type { BankAccount, LitesvmBank } from './litesvm-bank.ts';

/** A JSON-RPC error as Solana's nodes number them (Agave rpc-client-api/src/custom_error.rs). */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;
  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

type Params = readonly unknown[];
type Method = (bank: LitesvmBank, params: Params) => unknown;

const MAX_ACCOUNTS = 100;
const MAX_AIRDROP = 10n ** 19n;
const COMMITMENTS = ['processed', 'confirmed', 'finalized'];
const VERSION = { 'solana-core': 'litesvm-1.5.0', 'feature-set': 0 };

const invalid = (message: string): RpcError => new RpcError(-32602, `Invalid params: ${message}`);

/** The methods that the server knows; numbers in `params` are lossless-json's, bigints in results are written as JSON numbers. */
export const METHODS: Readonly<Record<string, Method>> = {
  getHealth: takes(0, 0, () => 'ok'),
  getVersion: takes(0, 0, () => VERSION),
  getGenesisHash: takes(0, 0, (bank) => bank.genesisHash),
  getSlot: takes(0, 1, (bank, params) => context(bank, params[0]).slot),
  getBalance: takes(1, 2, (bank, params) => {
    const at = context(bank, params[1]);
    return { context: at, value: bank.account(address(params[0]))?.lamports ?? 0n };
  }),
  getMultipleAccounts: takes(1, 2, (bank, params) => {
    if (!Array.isArray(params[0])) throw invalid('the first must be an array of addresses');
    if (params[0].length > MAX_ACCOUNTS) {
      throw new RpcError(-32602, `Too many inputs provided; max ${MAX_ACCOUNTS}`);
    }
    const at = context(bank, params[1]);
    const config = record(params[1]);
    if ((config['encoding'] ?? 'base64') !== 'base64') throw invalid('only the encoding base64 is served here');
    const slice = config['dataSlice'] === undefined ? null : record(config['dataSlice']);
    const value = params[0].map((item) => wireAccount(bank.account(address(item)), slice));
    return { context: at, value };
  }),
  getBlockTime: takes(1, 1, (bank, params) => blockOf(bank, integer(params[0])).blockTime),
  getBlock: takes(1, 2, (bank, params) => {
    const config = record(params[1]);
    if (config['commitment'] === 'processed') throw invalid('Method does not support commitment below `confirmed`');
    if (config['transactionDetails'] !== 'none' || config['rewards'] !== false) {
      throw invalid('only transactionDetails "none" with rewards false is served here');
    }
    context(bank, { commitment: config['commitment'] });
    const { blockhash, previousBlockhash, parentSlot, blockTime, blockHeight } = blockOf(bank, integer(params[0]));
    return { blockhash, previousBlockhash, parentSlot, blockTime, blockHeight };
  }),
  getBlocks: takes(1, 3, (bank, params) => {
    const first = integer(params[0]);
    const last = params[1] === undefined || params[1] === null ? bank.head().slot : integer(params[1]);
    context(bank, params[2]);
    if (last - first > 500_000n) throw invalid('Slot range too large; max 500000');
    return bank.slotsBetween(first, last);
  }),
  getLatestBlockhash: takes(0, 1, (bank, params) => {
    const { blockhash, blockHeight } = bank.head();
    return { context: context(bank, params[0]), value: { blockhash, lastValidBlockHeight: blockHeight + 150n } };
  }),
  getMinimumBalanceForRentExemption: takes(1, 2, (bank, params) => bank.rentExemptMinimum(integer(params[0]))),
  requestAirdrop: takes(2, 3, (bank, params) => {
    const lamports = integer(params[1]);
    if (lamports <= 0n || lamports > MAX_AIRDROP) throw invalid('lamports out of range');
    return executed(bank.airdrop(address(params[0]), lamports));
  }),
  sendTransaction: takes(1, 2, (bank, params) => {
    if (record(params[1])['encoding'] !== 'base64') throw invalid('only the encoding base64 is served here');
    if (typeof params[0] !== 'string') throw invalid('the transaction must be base64 text');
    let outcome: ReturnType<LitesvmBank['send']>;
    try {
      outcome = bank.send(Buffer.from(params[0], 'base64'));
    } catch (error) {
      throw invalid(`failed to deserialize the transaction: ${(error as Error).message}`);
    }
    return executed(outcome);
  }),
  getSignatureStatuses: takes(1, 2, (bank, params) => {
    if (!Array.isArray(params[0]) || params[0].length > 256) throw invalid('at most 256 signatures in an array');
    const value = params[0].map((signature) => {
      const slot = bank.statusSlot(String(signature));
      const status = { confirmations: null, err: null, status: { Ok: null }, confirmationStatus: 'finalized' };
      return slot === undefined ? null : { slot, ...status };
    });
    return { context: context(bank, undefined), value };
  }),
};

function executed(outcome: ReturnType<LitesvmBank['send']>): string {
  if (!outcome.ok) throw new RpcError(-32002, `Transaction simulation failed: ${outcome.reason}`);
  return outcome.signature;
}

/** Checks commitment and minContextSlot; there are no forks here, so all three commitments name the newest slot. */
function context(bank: LitesvmBank, config: unknown): { slot: bigint; apiVersion: string } {
  const { commitment, minContextSlot } = record(config);
  if (commitment !== undefined && !COMMITMENTS.includes(commitment as string)) throw invalid('unknown commitment');
  const { slot } = bank.head();
  if (minContextSlot !== undefined && integer(minContextSlot) > slot) {
    throw new RpcError(-32016, 'Minimum context slot has not been reached', { contextSlot: slot });
  }
  return { slot, apiVersion: VERSION['solana-core'] };
}

function blockOf(bank: LitesvmBank, slot: bigint): NonNullable<ReturnType<LitesvmBank['block']>> {
  const block = bank.block(slot);
  if (block !== undefined) return block;
  if (slot > bank.head().slot) throw new RpcError(-32004, `Block not available for slot ${slot}`);
  throw new RpcError(-32007, `Slot ${slot} was skipped, or missing due to ledger jump to recent snapshot`);
}

function wireAccount(account: BankAccount | null, slice: Readonly<Record<string, unknown>> | null): unknown {
  if (account === null) return null;
  const offset = slice === null ? 0 : Number(integer(slice['offset']));
  const length = slice === null ? account.data.length : Number(integer(slice['length']));
  return {
    lamports: account.lamports,
    data: [Buffer.from(account.data.subarray(offset, offset + length)).toString('base64'), 'base64'],
    owner: account.owner,
    executable: account.executable,
    rentEpoch: 18_446_744_073_709_551_615n,
    space: account.space,
  };
}

/** A method with its least and most number of positional parameters. */
function takes(least: number, most: number, run: Method): Method {
  return (bank, params) => {
    if (params.length < least || params.length > most) {
      throw invalid(`${least} to ${most} expected, got ${params.length}`);
    }
    return run(bank, params);
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value) || isLosslessNumber(value))
    throw invalid('an object is expected');
  return value as Readonly<Record<string, unknown>>;
}

function integer(value: unknown): bigint {
  const text = isLosslessNumber(value) ? value.value : '';
  if (!/^\d{1,20}$/.test(text) || BigInt(text) >= 2n ** 64n) throw invalid('an unsigned 64-bit integer is expected');
  return BigInt(text);
}

function address(value: unknown): string {
  try {
    const key = new PublicKey(value as string);
    if (typeof value === 'string' && key.toBase58() === value) return value;
  } catch {
    // Falls through to the same answer.
  }
  throw new RpcError(-32602, 'Invalid param: WrongSize');
}
