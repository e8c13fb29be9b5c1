import { getStarkKey } from '@scure/starknet';
import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import type { OwnershipProof } from '../../src/domain/ownership.ts';
import { generator } from '../../test/fixtures/generate-rows/starknet.ts';
import { family } from './index.ts';
import { encodeFelt } from './typed-data.ts';

const network = { slug: 'starknet', name: 'Starknet', family: 'starknet', params: {} } as unknown as Network;
const row = await generator.generate(network, new Uint8Array(32).fill(1));
const verify = (cells: Partial<OwnershipProof>) => {
  const empty = { label: 'STRK', network: null, signature2: null, owner1: null, owner2: null, rowType: null };
  return family.ownership.verify({ ...empty, scriptOrPubkey: null, ...row, ...cells }, network);
};

it('is key-only: the account is in the hash, but not made of the key', () => {
  expect(verify({})).toMatchObject({ grade: 'key-only', scheme: 'starknet-typed-data' });
  expect(verify({ signature1: `0x${row.signature1}` }).grade).toBe('key-only');
  expect(verify({ addressText: row.addressText.replace('0x0', '0x') }).grade).toBe('key-only');
});

it.each([
  ['another account', { addressText: '0x0668a58aec3151bdf0f6f9360ea89453733d5c65f45cafe2d1591d8cddbd2395' }, 'invalid'],
  ['another key', { scriptOrPubkey: getStarkKey('123') }, 'invalid'],
  ['a key that is none', { scriptOrPubkey: 'key' }, 'invalid'],
  ['no key', { scriptOrPubkey: null }, 'undecided'],
  ['a message too long for a felt', { message: 'x'.repeat(32) }, 'invalid'],
  ['a message that is not ASCII', { message: 'é' }, 'invalid'],
  ['a short signature', { signature1: row.signature1.slice(2) }, 'invalid'],
  ['r = s = 0', { signature1: '0'.repeat(128) }, 'invalid'],
])('refuses %s', (_what, cells, grade) => expect(verify(cells).grade).toBe(grade));

describe('encodeFelt', () => {
  it.each([
    ['hello', 0x68656c6c6fn],
    ['12', 12n],
    ['0x10', 16n],
    ['x'.repeat(31), BigInt(`0x${'78'.repeat(31)}`)],
  ])('%s', (text, value) => expect(encodeFelt(text)).toEqual({ ok: true, value }));

  it.each(['', 'x'.repeat(32), 'é', '9'.repeat(79), '9'.repeat(100_000), `0x${'f'.repeat(64)}`])('not %s', (text) =>
    expect(encodeFelt(text)).toMatchObject({ ok: false }),
  );
});
