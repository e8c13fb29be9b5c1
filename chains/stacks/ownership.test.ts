import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { stacksAddressesOf } from './address.ts';
import { family } from './index.ts';

const network = { slug: 'stacks', name: 'Stacks', family: 'stacks', params: {} } as unknown as Network;
const SECRET = new Uint8Array(32).fill(0x11);
const MESSAGE = 'x';
const envelope = Buffer.from('\x14OKX Signed Message:\n\x01x', 'latin1');
const sealed = secp256k1.sign(keccak_256(envelope), SECRET, { prehash: false, format: 'recovered' });
const signature1 = Buffer.from([...sealed.subarray(1), 27 + (sealed[0] as number)]).toString('hex');

it('takes the address of the compressed key, and that of the uncompressed one with a flag', () => {
  const [usual, other] = stacksAddressesOf(secp256k1.getPublicKey(SECRET, false)) as [string, string];
  const empty = { signature2: null, scriptOrPubkey: null, owner1: null, owner2: null, rowType: null };
  const verify = (addressText: string) =>
    family.ownership.verify(
      { label: 'STX', network: null, addressText, message: MESSAGE, signature1, ...empty },
      network,
    );
  expect(verify(usual)).toMatchObject({ grade: 'address-bound', flags: ['message-variant:okx-envelope'] });
  expect(verify(other)).toMatchObject({ grade: 'address-bound', flags: expect.arrayContaining(['non-canonical']) });
  // A contract has no key, whoever deployed it.
  expect(verify(`${usual}.pox`).grade).toBe('undecided');
});
