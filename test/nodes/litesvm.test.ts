import { Connection, Keypair, LAMPORTS_PER_SOL, PublicKey, SystemProgram, Transaction } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LitesvmNode, startLitesvm } from '../../demo/nodes/litesvm.ts';

let node: LitesvmNode;
let connection: Connection;
const alice = Keypair.fromSeed(Buffer.alloc(32, 21));
const bob = Keypair.fromSeed(Buffer.alloc(32, 22)).publicKey;

beforeAll(async () => {
  node = await startLitesvm();
  connection = new Connection(node.url, 'finalized');
});
afterAll(() => node.stop());

async function post(body: string, contentType = 'application/json'): Promise<{ status: number; body: string }> {
  const response = await fetch(node.url, { method: 'POST', headers: { 'content-type': contentType }, body });
  return { status: response.status, body: await response.text() };
}
const call = async (method: string, params: unknown): Promise<string> =>
  (await post(JSON.stringify({ jsonrpc: '2.0', id: 7, method, params }))).body;

describe('the local Solana node, to an unmodified @solana/web3.js', () => {
  it('airdrops, transfers and reads like any node', async () => {
    await connection.requestAirdrop(alice.publicKey, 3 * LAMPORTS_PER_SOL);
    const { blockhash } = await connection.getLatestBlockhash();
    node.advanceSlots(20);
    const transaction = new Transaction({ feePayer: alice.publicKey, recentBlockhash: blockhash }).add(
      SystemProgram.transfer({ fromPubkey: alice.publicKey, toPubkey: bob, lamports: LAMPORTS_PER_SOL }),
    );
    transaction.sign(alice);
    const signature = await connection.sendRawTransaction(transaction.serialize());
    expect((await connection.getSignatureStatuses([signature])).value[0]?.confirmationStatus).toBe('finalized');
    const infos = await connection.getMultipleAccountsInfo([bob, alice.publicKey, PublicKey.default]);
    expect(infos.map((info) => info?.lamports)).toEqual([LAMPORTS_PER_SOL, 2 * LAMPORTS_PER_SOL - 5000, 1]);
    expect(await connection.getBalance(bob)).toBe(LAMPORTS_PER_SOL);
    expect(await connection.getMinimumBalanceForRentExemption(0)).toBe(890_880);
  });

  it('refuses an overspend, a repeated and an old transaction, and leaves the balances alone', async () => {
    const before = node.lamports(alice.publicKey.toBase58());
    const { blockhash } = await connection.getLatestBlockhash();
    const pay = (lamports: number, hash: string): Buffer => {
      const transaction = new Transaction({ feePayer: alice.publicKey, recentBlockhash: hash }).add(
        SystemProgram.transfer({ fromPubkey: alice.publicKey, toPubkey: bob, lamports }),
      );
      transaction.sign(alice);
      return transaction.serialize();
    };
    await expect(connection.sendRawTransaction(pay(9 * LAMPORTS_PER_SOL, blockhash))).rejects.toThrow(/insufficient/i);
    expect(node.lamports(alice.publicKey.toBase58())).toBe(before);
    await connection.sendRawTransaction(pay(1_000_000, blockhash));
    await expect(connection.sendRawTransaction(pay(1_000_000, blockhash))).rejects.toThrow(/-32002|AlreadyProcessed/i);
    node.advanceSlots(151);
    await expect(connection.sendRawTransaction(pay(2_000_000, blockhash))).rejects.toThrow(/Blockhash not found/);
    expect(node.lamports(alice.publicKey.toBase58())).toBe(before - 1_005_000n);
  });

  it('refuses a transaction whose signature is not its signer’s', async () => {
    const { blockhash } = await connection.getLatestBlockhash();
    const transaction = new Transaction({ feePayer: alice.publicKey, recentBlockhash: blockhash }).add(
      SystemProgram.transfer({ fromPubkey: alice.publicKey, toPubkey: bob, lamports: 5 }),
    );
    transaction.sign(alice);
    const wire = transaction.serialize();
    wire[10] = (wire[10] as number) ^ 1;
    const before = node.slot();
    await expect(connection.sendRawTransaction(wire)).rejects.toThrow(/signature/i);
    expect(node.slot()).toBe(before);
  });
});

describe('the local Solana node, to a careless client', () => {
  it.each<[string, unknown, number]>([
    ['getNothing', [], -32601],
    ['constructor', [], -32601],
    ['getBalance', [], -32602],
    ['getBalance', ['0x12'], -32602],
    ['getBalance', [' 11111111111111111111111111111111'], -32602],
    ['getBalance', { address: 'x' }, -32602],
    ['getSlot', [{ commitment: 'newest' }], -32602],
    ['getSlot', [{ minContextSlot: 2 ** 50 }], -32016],
    ['getSlot', [{ minContextSlot: -1 }], -32602],
    ['getMultipleAccounts', [Array(101).fill('11111111111111111111111111111111')], -32602],
    ['getMultipleAccounts', [['11111111111111111111111111111111'], { encoding: 'jsonParsed' }], -32602],
    ['getBlock', [2 ** 50, { transactionDetails: 'none', rewards: false }], -32004],
    ['getBlock', [1, { transactionDetails: 'none', rewards: false }], -32007],
    ['sendTransaction', ['AAAA', { encoding: 'base64' }], -32602],
  ])('%s %j is error %i', async (method, params, code) => {
    expect(JSON.parse(await call(method, params))).toMatchObject({ jsonrpc: '2.0', id: 7, error: { code } });
  });

  it('answers what is no request with the right error, and echoes ids as they are', async () => {
    expect((await post('{')).body).toContain('-32700');
    expect((await post('[]')).body).toContain('-32600');
    expect((await post('null')).body).toContain('-32600');
    expect((await post('{"jsonrpc":"1.0","id":1,"method":"getSlot"}')).body).toContain('-32600');
    expect((await post('{}', 'text/plain')).status).toBe(415);
    expect((await post(' '.repeat(60_000))).status).toBe(413);
    const batch = await post(
      '[{"jsonrpc":"2.0","id":9007199254740993,"method":"getHealth"},{"jsonrpc":"2.0","id":"b","method":"getHealth"}]',
    );
    expect(batch.body).toBe(
      '[{"jsonrpc":"2.0","result":"ok","id":9007199254740993},{"jsonrpc":"2.0","result":"ok","id":"b"}]',
    );
  });

  it('is the same chain each time, and another one from another seed', async () => {
    const [same, other] = [await startLitesvm(), await startLitesvm({ genesis: 'other' })];
    expect(same.genesisHash).toBe(node.genesisHash);
    expect(other.genesisHash).not.toBe(node.genesisHash);
    await Promise.all([same.stop(), other.stop()]);
  });

  it('closes slots by a timer when asked', async () => {
    const ticking = await startLitesvm({ slotMs: 20 });
    const before = ticking.slot();
    await expect.poll(() => ticking.slot(), { timeout: 10_000 }).toBeGreaterThan(before + 3n);
    await ticking.stop();
  });
});
