import { err, ok, type Result } from '../../src/domain/result.ts';
import { field, isArray, isObject, type Json, numberText, smallInteger } from '../../src/lib/json.ts';

/** A block's place in the chain. */
export interface Header {
  readonly hash: string;
  readonly height: number;
  /** Null only for block 0. */
  readonly previousHash: string | null;
  readonly timeMs: number;
  /** 1 for the tip; -1 for a block that is not in the main chain (Core's convention). */
  readonly confirmations: number;
}

/** An output: the script that locks it in lower-case hex, and its amount in coins as the node wrote it. */
export interface Output {
  readonly script: string;
  readonly amountText: string;
}

export interface Transaction {
  /** What it spends, coinbase left out; `output` where the node says what that was (verbosity 3, Core 23 and newer). */
  readonly inputs: readonly { readonly outpoint: string; readonly output: Output | null }[];
  readonly outputs: readonly (Output & { readonly outpoint: string })[];
}

export interface Block {
  readonly header: Header;
  /** In block order, so that a coin made in the block comes before it is spent in it. */
  readonly transactions: readonly Transaction[];
}

/** Whether a JSON value is a hash or txid as nodes print it. */
export const isHash = (value: Json | undefined): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** Reads `getblockheader` (or the same fields of `getblock`); an error names the field at fault. */
export function readHeader(json: Json): Result<Header> {
  const hash = field(json, 'hash');
  const height = smallInteger(field(json, 'height'));
  const time = smallInteger(field(json, 'time'));
  const confirmations = smallInteger(field(json, 'confirmations'));
  const previous = field(json, 'previousblockhash');
  if (!isHash(hash)) return err('the block has no hash');
  if (height === undefined || height < 0) return err('the block has no height');
  if (time === undefined || time < 0) return err('the block has no time');
  if (confirmations === undefined) return err('the block has no confirmations');
  if (!isHash(previous) && height > 0) return err('the block has no previousblockhash');
  return ok({ hash, height, confirmations, timeMs: time * 1000, previousHash: isHash(previous) ? previous : null });
}

/** Reads `getblock` of verbosity 2 or 3; an error names the field at fault. */
export function readBlock(json: Json): Result<Block> {
  const header = readHeader(json);
  if (!header.ok) return header;
  const list = field(json, 'tx');
  if (!isArray(list) || list.length === 0) return err('the block has no transactions');
  const transactions: Transaction[] = [];
  for (const item of list) {
    const transaction = readTransaction(item);
    if (!transaction.ok) return transaction;
    transactions.push(transaction.value);
  }
  return ok({ header: header.value, transactions });
}

/** Reads a transaction of a block or of verbose `getrawtransaction`. Litecoin's MWEB parts are on another ledger and left out. */
export function readTransaction(json: Json): Result<Transaction> {
  const txid = field(json, 'txid');
  const vin = field(json, 'vin');
  const vout = field(json, 'vout');
  if (!isHash(txid) || !isArray(vin) || !isArray(vout)) return err('a transaction has no txid, vin or vout');
  const inputs: { outpoint: string; output: Output | null }[] = [];
  for (const input of vin) {
    if (typeof field(input, 'coinbase') === 'string' || field(input, 'ismweb') === true) continue;
    const source = field(input, 'txid');
    const index = smallInteger(field(input, 'vout'));
    if (!isHash(source) || index === undefined) return err(`an input of ${txid} names no coin`);
    const prevout = field(input, 'prevout');
    const output = isObject(prevout) ? readOutput(prevout) : null;
    if (isObject(prevout) && output === null) return err(`an input of ${txid} has an unreadable prevout`);
    inputs.push({ outpoint: `${source}:${index}`, output });
  }
  const outputs: (Output & { outpoint: string })[] = [];
  for (const item of vout) {
    if (field(item, 'ismweb') === true) continue;
    const index = smallInteger(field(item, 'n'));
    const output = readOutput(item);
    if (index === undefined || output === null) return err(`an output of ${txid} has no n, value or script`);
    outputs.push({ ...output, outpoint: `${txid}:${index}` });
  }
  return ok({ inputs, outputs });
}

function readOutput(json: Json): Output | null {
  const script = field(field(json, 'scriptPubKey'), 'hex');
  const amountText = numberText(field(json, 'value'));
  return typeof script === 'string' && /^([0-9a-f]{2})*$/.test(script) && amountText !== undefined
    ? { script, amountText }
    : null;
}
