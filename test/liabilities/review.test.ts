import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkFiles } from '../../src/liabilities/zkmerkle/check-files.ts';
import { zkmerkle } from '../../src/liabilities/zkmerkle/format.ts';
import { makeSet, SMALL } from './binance/set-maker.ts';
import { SMALL as SMALL_GATEIO } from './gateio/set-maker.ts';
import { call } from './merkle/call.ts';
import { bybitFile, chainFile, okxV1File } from './merkle/generate.ts';
import { fileOf, recognised } from './zkmerkle/tree-maker.ts';

/** What a forger does who changes several elements together, so that every hash still fits. */
const sha = (...parts: readonly (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};
const caveats = (entry: { readonly caveats: readonly string[] } | undefined): string => entry!.caveats.join(' ');

describe('changes that fit together', () => {
  it("an amount under both names of Binance's loans is no amount: one of the two would be shown and not hashed", async () => {
    for (const cheat of [{}, { draft: true }]) {
      const { table, list, users } = makeSet(cheat);
      const judge = async (user: string) =>
        (await checkFiles(recognised('binance', { t: table, l: list, u: user }), { circuits: [] }, SMALL))[1];
      expect(await judge(users[0]!)).toMatchObject({ verdict: 'valid' });
      const two = users[0]!.replace(/"(?:Vip)?Loan":(\d+)/, '"Loan":777,"VipLoan":$1');
      expect(two).not.toBe(users[0]);
      expect(await judge(two)).toMatchObject({ verdict: 'invalid' });
    }
  });

  it('a published root that no proof of the call can have is an undecided entry of its own, not passed over', async () => {
    const path = okxV1File();
    for (const root of ['ab'.repeat(16), 'ab'.repeat(8)]) {
      const entries = await call({ 'me.json': path, 'root.txt': root });
      expect(entries.map(({ file, verdict }) => [file, verdict])).toEqual([
        ['me.json', 'valid'],
        ['root.txt', 'undecided'],
      ]);
    }
    const [entry, ...others] = await call({ 'me.json': path, 'root.txt': 'ab'.repeat(32) });
    expect([entry!.verdict, others.length]).toEqual(['invalid', 0]);
  });

  it('a list of the nodes above the leaves leads to the same root: a note says so where leaves look alike', async () => {
    const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
    const listOf = (hashes: readonly string[], levels: number): string =>
      ['Level\tHash', ...hashes.map((hash, i) => `${levels},${i}\t${hash}`), ''].join('\n');
    const leaves = ['a', 'b', 'c', 'd'].map((name) => sha(name).slice(0, 16));
    const above = [sha(bytes(leaves[0]!), bytes(leaves[1]!)), sha(bytes(leaves[2]!), bytes(leaves[3]!))];
    const root = sha(bytes(above[0]!), bytes(above[1]!));
    const [whole] = await call({ 'list.txt': listOf(leaves, 3), 'root.txt': root });
    const [half] = await call({ 'list.txt': listOf(above, 2), 'root.txt': root });
    expect([whole!.verdict, half!.verdict]).toEqual(['valid', 'valid']);
    expect(caveats(half)).toContain('as long as the hashes above them');
    expect(caveats(whole)).not.toContain('as long as the hashes above them');
  });

  it('two neighbouring leaves of an OKX tree can change amounts under one root: a note says so, and the total stays', async () => {
    const leaf = (at: number, btc: string) => ({ hash: sha(`leaf ${at}`), btc, eth: '0', usdt: '0' });
    const line = ({ hash, btc }: ReturnType<typeof leaf>) => `${hash},1,{"BTC":"${btc}","ETH":"0","USDT":"0"}`;
    const tree = (a: string, b: string): string => {
      const [one, two] = [leaf(0, a), leaf(1, b)];
      const root = sha(`${one.hash}${two.hash}5002`);
      return `${root},2,{"BTC":"5","ETH":"0","USDT":"0"}\n${line(two)}\n${line(one)}\n`;
    };
    const [honest] = await call({ 'tree.txt': tree('4', '1') });
    const [moved] = await call({ 'tree.txt': tree('0', '5') });
    expect(moved).toMatchObject({ verdict: 'valid', root: honest!.root, totals: honest!.totals });
    expect(caveats(moved)).toContain('two neighbouring leaves');
  });

  it("digits that move between the amounts of a Bybit leaf leave its hash as it is: a note where they are not the tool's", async () => {
    const plain = bybitFile();
    expect(caveats((await call({ 'me.json': plain }))[0])).not.toContain('one after the other');
    const file = chainFile(
      'bybit',
      { BTC: 150_000_007n, ETH: 300_000_000n },
      () => [{ hash: sha('neighbour'), balances: { BTC: 900_000_000n, ETH: 9_900_000_000n } }],
      { assets: ['BTC', 'ETH'] },
    ) as { self: { balance: Record<string, string> }; path: { balance: Record<string, string> }[] };
    expect((await call({ 'me.json': file }))[0]!.verdict).toBe('valid');
    expect(file.self.balance).toEqual({ BTC: '1.50000007', ETH: '3.00000000' });
    // The same text; the neighbour makes up for what is more or less.
    file.self.balance = { BTC: '1.5000000', ETH: '73.00000000' };
    file.path[0]!.balance = { BTC: '9.00000007', ETH: '29.00000000' };
    const [moved] = await call({ 'me.json': file });
    expect(moved!.verdict).toBe('valid');
    expect(caveats(moved)).toContain('one after the other');
  });

  it("an amount of MEXC that stands in the account's id is refused: the same text is hashed, without the amount being shown", async () => {
    const make = (own: bigint, other: bigint) =>
      chainFile(
        'mexc',
        { BTC: own, ETH: 3n, USDC: 0n, USDT: 0n },
        () => [{ hash: sha('n').slice(0, 32), balances: { BTC: other, ETH: 0n, USDC: 0n, USDT: 0n } }],
        {
          assets: ['BTC', 'ETH', 'USDC', 'USDT'],
        },
      ) as { self: { accountId: string; balances: Record<string, string> }; pathList: { balances: unknown }[] };
    const [honest, other] = [make(700_000_000n, 100_000_000n), make(0n, 800_000_000n)];
    expect((await call({ 'me.json': honest }))[0]!.verdict).toBe('valid');
    const { BTC, ...left } = honest.self.balances;
    const self = { ...honest.self, accountId: `${honest.self.accountId},BTC:${BTC}`, balances: left };
    const pathList = [other.pathList[0], honest.pathList.at(-1)];
    const [hidden] = await call({ 'me.json': { ...honest, self, pathList } });
    expect(hidden).toMatchObject({ kind: 'mexc', verdict: 'invalid' });
    expect(hidden!.checks.at(-1)).toMatchObject({ name: 'shape', status: 'fail' });
  });

  it("HTX: the neighbour's amount can make up for another balance, and a note says so", async () => {
    const make = (own: bigint, other: bigint) =>
      chainFile('htx', { BTC: own, ETH: 0n }, () => [{ hash: sha('n'), balances: { BTC: other, ETH: 0n } }], {
        assets: ['BTC', 'ETH'],
      });
    const [honest] = await call({ 'me.json': make(900n, 100n) });
    const [moved] = await call({ 'me.json': make(100n, 900n) });
    expect(moved).toMatchObject({ verdict: 'valid', root: honest!.root });
    expect(caveats(moved)).toContain('is not bound');
  });
});

describe('files that are no proof', () => {
  it('a table larger than any is refused before a byte of it is read', async () => {
    const file = {
      ...fileOf('proof.csv', 'x'),
      bytes: 2 ** 44,
      readLines: () => {
        throw new Error('read');
      },
    };
    for (const kind of ['gateio', 'binance'] as const) {
      const [entry] = await zkmerkle.check([{ file, kind }], { circuits: [] });
      expect(entry).toMatchObject({ kind, verdict: 'invalid' });
      expect(entry!.checks).toMatchObject([{ name: 'table', status: 'fail' }]);
    }
  });

  it("are not called by a name that may be a customer's number", async () => {
    const [entry] = await call({ 'user_123456789.json': 'garbage' });
    expect(entry).toMatchObject({ file: 'file 1', kind: null, verdict: 'undecided' });
  });

  it("a file that cannot be read is not told by a name that may be a customer's", async () => {
    const unreadable = (name: string) => ({
      kind: 'gateio' as const,
      file: { ...fileOf(name, '{"leaf'), readText: async () => ({ ok: false, error: 'not UTF-8' }) as const },
    });
    const files = [unreadable('in/user_123456789.json'), unreadable('in/user_config.json')];
    const entries = await checkFiles(files, { circuits: [] }, SMALL_GATEIO);
    expect(entries.map(({ file, verdict }) => [file, verdict])).toEqual([
      ['file 1', 'invalid'],
      ['in/user_config.json', 'invalid'],
    ]);
  });
});
