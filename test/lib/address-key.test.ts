import { describe, expect, it } from 'vitest';
import { addressKey } from '../../src/lib/address-key.ts';
import { addressName } from '../../src/lib/signature-key.ts';

describe('the key of a printed address', () => {
  it.each([
    ['0xAb58', '0xab58'],
    ['bitcoincash:QP63', 'qp63'],
    ['0:Ab', 'ab'],
    ['Ab', 'ab'],
    ['', ''],
  ])('of %s is %s, and names it in the ledger', (text, key) => {
    expect(addressKey(text)).toBe(key);
    expect(addressName(text)).toEqual(addressName(key));
  });

  it('tells other addresses apart', () => {
    expect(addressKey('0xab')).not.toBe(addressKey('0xac'));
    expect(addressName('0xab')).not.toEqual(addressName('0xac'));
  });
});
