import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../test/fixtures/keyed-address.ts';
import { decodeTvmAddress, friendlyForm, rawForm } from './address.ts';
import { walletOf } from './wallets.ts';

const decoded = (text: string) => {
  const address = decodeTvmAddress(text);
  if (!address.ok) throw new Error(address.error);
  return address.value;
};

describe('wallets', () => {
  // v3r2 and highload: rows of OKX's tests; v4r2: Trust Wallet Core and okx/go-wallet-sdk; v5r1: Trust Wallet Core (tw_ton).
  it.each([
    [
      'v3r2',
      '3d2696e3d5cbc9047b338e6a56552db1d43ca6e063bc7aa667b18005984372d2',
      'EQA5rifVSCc8qQfpCXvq4zJGJPsA0EPCDoWdtg234INftsWj',
    ],
    [
      'v3r2',
      '5754865e86d0ade1199301bbb0319a25ed6b129c4b0a57f28f62449b3df9c522',
      'EQA0D_5WdusaCB-SpnoE6l5TzdBmgOkzTcXrdh0px6g3zJSk',
    ],
    [
      'v4r2',
      'f42c77f931bea20ec5d0150731276bbb2e2860947661245b2319ef8133ee8d41',
      'EQBm--PFwDv1yCeS-QTJ-L8oiUpqo9IT1BwgVptlSq3ts90Q',
    ],
    [
      'v4r2',
      'dcc39550bb494f4b493e7efe1aa18ea31470f33a2553c568cb74a17ed56790c1',
      'UQAwwdowWbBKkrnRlbY8CUEzy_pgK9pIvOKP2eqcD01EWl2U',
    ],
    [
      'highload-v3',
      '8b44e774ba99d1ae2453cfb110f5f18ab166197bc046c96220a3f2d6d528d32c',
      'EQCrIkYfGaqDSFiVq7mMmLSf-QvrhQf-F40JdI3B_p9a7dpo',
    ],
  ])('%s of %s is %s', (name, key, text) => {
    expect(walletOf('ton', fromHex(key), decoded(text).hash)).toBe(name);
    expect(walletOf('ever', fromHex(key), decoded(text).hash)).toBeNull();
    expect(walletOf('ton', fromHex(`00${key.slice(2)}`), decoded(text).hash)).toBeNull();
  });
  it('v5r1 of a secret', () => {
    const key = ed25519.getPublicKey(fromHex('3570e35f54cfb843f2cfaf2b8cae7ceeb7b32225d7dbbd86f611056d74d9073e'));
    expect(walletOf('ton', key, decoded('UQAU3o5-Sp1MYRpw3U7b_wmARxqI49LxiFhEoVCxpUKjTYXk').hash)).toBe('v5r1');
  });
});

describe('an address', () => {
  // TEP-2 and the code of Trust Wallet: one account in five spellings.
  const FRIENDLY = 'EQBm--PFwDv1yCeS-QTJ-L8oiUpqo9IT1BwgVptlSq3ts90Q';
  const RAW = '0:66fbe3c5c03bf5c82792f904c9f8bf28894a6aa3d213d41c20569b654aadedb3';
  it.each([
    FRIENDLY,
    'UQBm--PFwDv1yCeS-QTJ-L8oiUpqo9IT1BwgVptlSq3ts4DV',
    FRIENDLY.replaceAll('-', '+').replaceAll('_', '/'),
    RAW,
    RAW.toUpperCase(),
  ])('is one account as %s', (text) => {
    expect(friendlyForm(decoded(text))).toBe(FRIENDLY);
    expect(rawForm(decoded(text))).toBe(RAW);
  });
  it('of the masterchain', () => {
    const elector = 'Ef8zMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzM0vF';
    expect(rawForm(decoded(elector))).toBe(`-1:${'33'.repeat(32)}`);
    expect(friendlyForm(decoded(`-1:${'33'.repeat(32)}`))).toBe(elector);
  });
  it.each([
    FRIENDLY.toLowerCase(),
    `${FRIENDLY.slice(0, -1)}R`,
    FRIENDLY.slice(0, -1),
    `${FRIENDLY}A`,
    `${FRIENDLY.slice(0, 4)}/${FRIENDLY.slice(5)}`,
    `1${RAW.slice(1)}`,
    RAW.slice(2),
    ` ${FRIENDLY}`,
    'kQBm--PFwDv1yCeS-QTJ-L8oiUpqo9IT1BwgVptlSq3ts2ya',
    '',
  ])('is not %j', (text) => expect(decodeTvmAddress(text).ok).toBe(false));
});
