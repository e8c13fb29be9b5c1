import { describe, expect, it } from 'vitest';
import { parsePublicKeyText } from '../../src/lib/public-key-text.ts';

// The generator of secp256k1 (SEC 2, section 2.4.1).
const X = '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798';
const Y = '483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8';

describe('parsePublicKeyText', () => {
  it.each([
    `02${X}`,
    `0x02${X.toUpperCase()}`,
    `04${X}${Y}`,
    `${X}${Y}`,
    Buffer.from(`02${X}`, 'hex').toString('base64'),
  ])('reads %s as one key', (text) => expect(parsePublicKeyText(text)).toEqual({ ok: true, value: `02${X}` }));

  it.each(['', X, `05${X}`, `02${X}00`, `06${X}${Y}`, 'not a key', `02${X}0`])('refuses "%s"', (text) =>
    expect(parsePublicKeyText(text)).toMatchObject({ ok: false, error: expect.stringContaining('public key column') }),
  );
});
