import { bls12_381 } from '@noble/curves/bls12-381.js';
import { getBytes, hashMessage, id, Wallet } from 'ethers';
import { expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import type { OwnershipProof } from '../../src/domain/ownership.ts';
import { family } from './index.ts';

const network = { slug: 'beacon', name: 'Beacon', family: 'beacon', params: {} } as unknown as Network;
const { longSignatures } = bls12_381;
const SECRET = new Uint8Array(32).fill(0x11);
const MESSAGE = 'I am an OKX address';
const digest = getBytes(hashMessage(getBytes(id(MESSAGE))));
const signWith = (domain: string) => {
  const point = longSignatures.hash(digest, domain);
  return `0x${longSignatures.sign(point, SECRET).toHex()}`;
};
const good = signWith('BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_');
const key = `0x${longSignatures.getPublicKey(SECRET).toHex()}`;
const wallet = new Wallet(`0x${'22'.repeat(32)}`);
const verify = (cells: Partial<OwnershipProof>) => {
  const empty = { signature2: null, scriptOrPubkey: null, owner1: null, owner2: null, rowType: null };
  const row = { label: 'BETH', network: 'BETH', addressText: key, message: MESSAGE, signature1: good };
  return family.ownership.verify({ ...row, ...empty, ...cells }, network);
};

it('binds the validator key that signed, over the digest of EVM accounts', () => {
  expect(verify({})).toMatchObject({ grade: 'address-bound', scheme: 'bls12-381', reason: null });
  expect(verify({ addressText: key.slice(2).toUpperCase(), signature1: good.slice(2) }).grade).toBe('address-bound');
  expect(verify({ scriptOrPubkey: key }).grade).toBe('address-bound');
});

const other = `0x${longSignatures.getPublicKey(new Uint8Array(32).fill(0x33)).toHex()}`;
it.each([
  ['another key', { addressText: other }],
  ['another key column', { scriptOrPubkey: other }],
  ['another message', { message: `${MESSAGE}!` }],
  ['the domain without proof of possession', { signature1: signWith('BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_') }],
  ['infinity as signature', { signature1: `0xc0${'00'.repeat(95)}` }],
  ['infinity as key and signature', { addressText: `0xc0${'00'.repeat(47)}`, signature1: `0xc0${'00'.repeat(95)}` }],
  ['a longer signature', { signature1: `${good}00` }],
  ['a shorter signature', { signature1: good.slice(0, -2) }],
  ['a longer key', { addressText: `${key}00` }],
  ['an account address', { addressText: wallet.address }],
])('refuses %s', (_what, cells) => expect(verify(cells).grade).toBe('invalid'));

it('takes an Ethereum account as owner, and never more than that', () => {
  const signature1 = wallet.signMessageSync(getBytes(id(MESSAGE)));
  expect(verify({ signature1, owner1: wallet.address })).toMatchObject({
    grade: 'owner-bound',
    scheme: 'evm-digest32',
  });
  expect(verify({ signature1, owner1: `0x${'12'.repeat(20)}` }).grade).toBe('invalid');
  expect(verify({ signature1 }).grade).toBe('invalid');
  expect(verify({ owner1: wallet.address })).toMatchObject({ grade: 'address-bound' });
});
