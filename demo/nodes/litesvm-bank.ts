import { createHash } from 'node:crypto';
import { base58 } from '@scure/base';
import { PublicKey, VersionedTransaction } from '@solana/web3.js';
import { FailedTransactionMetadata, LiteSVM } from 'litesvm';

/** One slot that has a block. */
export interface SlotBlock {
  readonly slot: bigint;
  readonly parentSlot: bigint;
  readonly blockHeight: bigint;
  readonly blockhash: string;
  readonly previousBlockhash: string;
  /** Seconds since 1970, as Solana counts. */
  readonly blockTime: bigint;
}

export interface BankAccount {
  readonly lamports: bigint;
  readonly data: Uint8Array;
  readonly owner: string;
  readonly executable: boolean;
  readonly space: bigint;
}

/** What became of a transaction: its signature (base58), or why the runtime refused it. */
export type SendOutcome =
  | { readonly ok: true; readonly signature: string }
  | { readonly ok: false; readonly reason: string };

/** Agave MAX_PROCESSING_AGE: a transaction may name one of so many newest block hashes. */
const USABLE_BLOCKHASHES = 150;
const KEPT_BLOCKS = 20_000;
/** More than the coin's whole supply, so that a test's airdrop never runs dry. */
const FAUCET_LAMPORTS = 2n ** 62n;
const SYSTEM_PROGRAM = '11111111111111111111111111111111';

// litesvm takes @solana/kit's branded types; the checks that the brands stand for are made here.
type SvmAddress = Parameters<LiteSVM['getBalance']>[0];
type SvmLamports = Parameters<LiteSVM['airdrop']>[1];
type SvmTransaction = Parameters<LiteSVM['sendTransaction']>[0];
type SvmAccount = Parameters<LiteSVM['setAccount']>[0];

/** litesvm's bank with a ledger of slots around it. Every change closes a slot, so a slot's state never changes once it was shown. */
export class LitesvmBank {
  readonly genesisHash: string;
  readonly #svm: LiteSVM;
  readonly #now: () => number;
  readonly #blocks = new Map<bigint, SlotBlock>();
  readonly #statuses = new Map<string, bigint>();
  #head: SlotBlock;

  constructor(options: { readonly genesis: string; readonly now: () => number }) {
    this.genesisHash = new PublicKey(createHash('sha256').update(options.genesis).digest()).toBase58();
    this.#now = options.now;
    this.#svm = new LiteSVM().withLamports(FAUCET_LAMPORTS).withBlockhashCheck(false).withTransactionHistory(10_000n);
    const slot = this.#svm.getClock().slot;
    this.#head = {
      slot,
      parentSlot: slot - 1n,
      blockHeight: 1n,
      blockhash: this.#svm.latestBlockhash(),
      previousBlockhash: this.genesisHash,
      blockTime: this.#seconds(),
    };
    this.#blocks.set(slot, this.#head);
  }

  head(): SlotBlock {
    return this.#head;
  }

  block(slot: bigint): SlotBlock | undefined {
    return this.#blocks.get(slot);
  }

  /** The slots with a block from `first` to `last`, ascending. */
  slotsBetween(first: bigint, last: bigint): readonly bigint[] {
    return [...this.#blocks.keys()].filter((slot) => slot >= first && slot <= last);
  }

  /** Null where the account does not exist (an account with 0 lamports does not). */
  account(address: string): BankAccount | null {
    const account = this.#svm.getAccount(address as SvmAddress);
    if (!account.exists || account.lamports === 0n) return null;
    const { lamports, data, programAddress, executable, space } = account;
    return { lamports, data: Uint8Array.from(data), owner: programAddress, executable, space };
  }

  rentExemptMinimum(dataBytes: bigint): bigint {
    return this.#svm.minimumBalanceForRentExemption(dataBytes);
  }

  /** The slot in which a transaction was executed, if it was. */
  statusSlot(signature: string): bigint | undefined {
    return this.#statuses.get(signature);
  }

  /** Writes a plain account's balance as it is: no transaction could make such jumps. */
  setLamports(address: string, lamports: bigint): void {
    const account = {
      address,
      lamports,
      data: new Uint8Array(),
      executable: false,
      programAddress: SYSTEM_PROGRAM,
      space: 0n,
    };
    this.#svm.setAccount(account as unknown as SvmAccount);
    this.#closeSlot(1n);
  }

  /** A transfer from the faucet, executed by the runtime. */
  airdrop(address: string, lamports: bigint): SendOutcome {
    const result = this.#svm.airdrop(address as SvmAddress, lamports as SvmLamports);
    if (result === null) return { ok: false, reason: 'the faucet gave nothing' };
    if (result instanceof FailedTransactionMetadata) return { ok: false, reason: reasonOf(result) };
    return this.#executed(result.signature());
  }

  /** Executes a signed transaction (wire bytes) in the SVM: signatures, block hash, funds and programs are really checked. */
  send(wire: Uint8Array): SendOutcome {
    const transaction = VersionedTransaction.deserialize(wire);
    const { recentBlockhash, staticAccountKeys } = transaction.message;
    const oldest = this.slotsBetween(0n, this.#head.slot).slice(-USABLE_BLOCKHASHES);
    if (!oldest.some((slot) => this.#blocks.get(slot)?.blockhash === recentBlockhash)) {
      return { ok: false, reason: 'Blockhash not found' };
    }
    const signatures = transaction.signatures;
    const svmTransaction = {
      // The wire is a count (one byte below 128), the signatures, the message: the message must stay as it was signed.
      messageBytes: wire.subarray(1 + 64 * signatures.length),
      signatures: Object.fromEntries(signatures.map((bytes, i) => [staticAccountKeys[i]?.toBase58() ?? '', bytes])),
    };
    // As a node's preflight: what fails here is not executed and costs no fee.
    const trial = this.#svm.simulateTransaction(svmTransaction as unknown as SvmTransaction);
    if (trial instanceof FailedTransactionMetadata) return { ok: false, reason: reasonOf(trial) };
    const result = this.#svm.sendTransaction(svmTransaction as unknown as SvmTransaction);
    if (result instanceof FailedTransactionMetadata) return { ok: false, reason: reasonOf(result) };
    return this.#executed(result.signature());
  }

  /** `count` slots, each with a block. */
  advanceSlots(count: number): void {
    for (let i = 0; i < count; i += 1) this.#closeSlot(1n);
  }

  /** `count` slots without a block, then one with: leaders do miss their slots. */
  skipSlots(count: number): void {
    this.#closeSlot(BigInt(count) + 1n);
  }

  #executed(signatureBytes: Uint8Array): SendOutcome {
    this.#closeSlot(1n);
    const signature = base58.encode(signatureBytes);
    this.#statuses.set(signature, this.#head.slot);
    return { ok: true, signature };
  }

  #closeSlot(step: bigint): void {
    const before = this.#head;
    this.#svm.expireBlockhash();
    const clock = this.#svm.getClock();
    clock.slot = before.slot + step;
    clock.unixTimestamp = this.#seconds();
    this.#svm.setClock(clock);
    this.#head = {
      slot: clock.slot,
      parentSlot: before.slot,
      blockHeight: before.blockHeight + 1n,
      blockhash: this.#svm.latestBlockhash(),
      previousBlockhash: before.blockhash,
      blockTime: clock.unixTimestamp,
    };
    this.#blocks.set(this.#head.slot, this.#head);
    const first = this.#blocks.keys().next().value;
    if (this.#blocks.size > KEPT_BLOCKS && first !== undefined) this.#blocks.delete(first);
  }

  #seconds(): bigint {
    return BigInt(Math.floor(this.#now() / 1000));
  }
}

const reasonOf = (failure: FailedTransactionMetadata): string =>
  [failure.toString(), ...failure.meta().logs()].join('; ');
