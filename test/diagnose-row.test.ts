import { describe, expect, it } from 'vitest';
import { accountOf, digest32, sign } from '../bench/evm-rows.ts';
import type { Network } from '../src/domain/network.ts';
import type { OwnershipProof } from '../src/domain/ownership.ts';
import { explainProof } from '../src/explain-proof.ts';
import { keccak256 } from '../src/lib/keccak.ts';
import { loadRegistry } from '../src/load-registry.ts';
import { checkProof, createMessageFlags } from '../src/verify-ownership.ts';
import { generator as ed25519 } from './fixtures/generate-rows/ed25519.ts';
import type { GeneratedRow } from './fixtures/generate-rows/row.ts';
import { generator as tron } from './fixtures/generate-rows/tron.ts';
import { generator as utxo } from './fixtures/generate-rows/utxo.ts';

const loaded = loadRegistry();
if (!loaded.ok) throw new Error('the shipped registry does not load');
const networkOf = (slug: string): Network => {
  const network = [...loaded.value.networks.values()].find((one) => one.slug === slug);
  if (network === undefined) throw new Error(`no network ${slug}`);
  return network;
};
const [ethereum, bitcoin, solana, tronNetwork] = ['ethereum', 'bitcoin', 'solana', 'tron'].map(networkOf) as [
  Network,
  Network,
  Network,
  Network,
];

const SECRET = Uint8Array.from({ length: 32 }, (_, at) => at + 1);
const MESSAGE = 'I am an OKX address';
const NOTHING = { label: 'X', network: null, signature2: null, scriptOrPubkey: null };
const REST = { ...NOTHING, owner1: null, owner2: null, rowType: null };
const rowOf = ({ grade: _, ...row }: GeneratedRow): OwnershipProof => ({ ...REST, ...row });

const account = accountOf(7);
const signature1 = sign(account, digest32(MESSAGE));
const evm: OwnershipProof = { ...REST, addressText: account.address, message: MESSAGE, signature1 };
const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');
const parity = Number.parseInt(signature1.slice(-2), 16) - 27;

const reasonOf = async (proof: OwnershipProof, network: Network): Promise<string> => {
  const { verdict } = await checkProof(proof, network);
  expect(verdict.grade).toBe('invalid');
  return verdict.reason ?? '';
};

/** An EVM address whose letters are of the other case somewhere: EIP-55 fails. */
const wrongCase = (address: string): string => {
  const at = [...address].findIndex((letter, index) => index > 1 && /[a-f]/.test(letter));
  const upper = address.slice(0, at) + (address[at] as string).toUpperCase() + address.slice(at + 1);
  return upper.slice(0, -1) + upper.slice(-1).toLowerCase();
};

describe('an invalid row says which nearby spelling would have been graded', () => {
  const bytes = Buffer.from(signature1.slice(2), 'hex');
  const headerFirst = Buffer.from([27 + parity, ...bytes.subarray(0, 64)]).toString('base64');
  it.each<[string, Partial<OwnershipProof>, string]>([
    ['an address without 0x', { addressText: account.address.slice(2) }, 'with 0x before its address'],
    ['an address in the wrong case', { addressText: wrongCase(account.address) }, 'with its address in lower case'],
    ['a blank in the signature', { signature1: `${signature1.slice(0, 9)} ${signature1.slice(9)}` }, 'without blanks'],
    ['0X', { signature1: signature1.replace('0x', '0X') }, 'with a lower-case 0x'],
    ['a byte too many', { signature1: `${signature1}00` }, 'without what follows the 65 bytes of its signature'],
    ['an odd digit', { signature1: `${signature1}0` }, 'without what follows the 65 bytes of its signature'],
    [
      'v of EIP-155',
      { signature1: signature1.slice(0, -2) + hexByte(37 + parity) },
      `the recovery byte ${27 + parity}`,
    ],
    ['base64', { signature1: bytes.toString('base64') }, 'in hex in place of base64'],
    ['base64 as Bitcoin has it', { signature1: headerFirst }, 'in hex with its first byte last'],
    ['an owner without 0x', { owner1: account.address.slice(2) }, 'with 0x before its address'],
  ])('EVM: %s', async (_, cells, hint) => {
    const reason = await reasonOf({ ...evm, ...cells }, ethereum);
    expect(reason).toContain(hint);
    expect(reason).toMatch(/ it would be address-bound$/);
  });

  it.each<[string, string]>([
    [signature1.slice(0, -2) + hexByte(28 - parity), 'it would fit with the other recovery byte'],
    [
      sign(account, keccak256(Buffer.concat([Buffer.from('\x19TRON Signed Message:\n32'), keccak256(MESSAGE)]))),
      "it would fit TRON's hash of it (TIP-191 v1), which is not signed on this chain",
    ],
    [
      sign(account, keccak256(`\x19TRON Signed Message:\n${MESSAGE.length}${MESSAGE}`)),
      "it would fit TRON's hash of it (TIP-191 v2), which is not signed on this chain",
    ],
  ])('EVM: %s', async (text, hint) => {
    expect(await reasonOf({ ...evm, signature1: text }, ethereum)).toContain(hint);
  });

  it('on other chains', async () => {
    const btc = rowOf(await utxo.generate(bitcoin, SECRET));
    const text = btc.signature1 as string;
    const url = text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    expect(await reasonOf({ ...btc, signature1: url }, bitcoin)).toMatch(
      /base64 with exact padding it would be address-b/,
    );
    const longer = Buffer.concat([Buffer.from(text, 'base64'), Buffer.from([0])]).toString('base64');
    expect(await reasonOf({ ...btc, signature1: longer }, bitcoin)).toContain('without what follows the 65 bytes');
    expect(await reasonOf({ ...btc, signature1: ` ${text}` }, bitcoin)).toContain('without blanks in its signature');

    const sol = rowOf(await ed25519.generate(solana, SECRET));
    const cut = await reasonOf({ ...sol, signature1: `${sol.signature1}00` }, solana);
    expect(cut).toContain('without what follows the 64 bytes');
    // What the family finds by itself is said once.
    const spaced = await reasonOf({ ...sol, signature1: ` ${sol.signature1}` }, solana);
    expect(spaced.match(/would/g)).toHaveLength(1);

    const trx = rowOf(await tron.generate(tronNetwork, SECRET));
    expect(await reasonOf({ ...trx, addressText: `\u200b${trx.addressText}` }, tronNetwork)).toContain(
      'without blanks around its address it would be address-bound',
    );
  });

  it('says nothing where nothing nearby fits, and names an unsigned row that only its address spoils', async () => {
    const wrong = { ...evm, message: 'another', signature1: `${signature1}00` };
    expect(await reasonOf(wrong, ethereum)).not.toContain('would');
    const unsigned = { ...evm, signature1: null, message: null, addressText: account.address.slice(2) };
    expect(await reasonOf(unsigned, ethereum)).toMatch(/with 0x before its address it would be listed$/);
    expect(await reasonOf({ ...evm, signature1: 'A'.repeat(9999) }, ethereum)).not.toContain('would');
  });

  it('is explained with the same reason, and without the search among its steps', async () => {
    const proof = { ...evm, signature1: `${signature1}00` };
    const target = { resolved: { asset: null, assetId: null, network: null, chain: null }, network: ethereum };
    const { verdict, steps } = await explainProof(proof, target as never, createMessageFlags([]));
    expect(verdict.reason).toBe(await reasonOf(proof, ethereum));
    expect(steps.filter(({ step }) => step === 'recover')).toEqual([]);
  });
});
