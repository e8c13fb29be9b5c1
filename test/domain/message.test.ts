import { describe, expect, it } from 'vitest';
import { isStaticMessage, messageDate, namesAlias } from '../../src/domain/message.ts';

describe('isStaticMessage', () => {
  it.each([
    'I am an OKX address',
    'King will be back!',
    'htx',
    'OKC_DTT_AUP2025',
    'DTT_OKC_AA26',
    'may 12',
    '12345',
    '',
  ])('%j has no date, height or nonce', (text) => expect(isStaticMessage(text, '0xabc')).toBe(true));
  it.each([
    'OKX 2026-11-22',
    '22.11.2026',
    'OKX reserves, 5 November 2026',
    'Nov 5th, 2026',
    'snapshot 11/2026',
    'block 19640875',
    '20261122',
    '6DcZbFpug1664269042',
    'nonce 9f86d081884c7d65',
    '550e8400-e29b-41d4-a716-446655440000',
  ])('%j has one', (text) => expect(isStaticMessage(text, '0xabc')).toBe(false));
  it("does not take the row's own address for a nonce", () => {
    const address = '0x276cdba3a39abf9cedba0f1948312c0681e6d5fd';
    expect(isStaticMessage(`I own ${address}`, address)).toBe(true);
    expect(isStaticMessage(`I own ${address}`, '0xother')).toBe(false);
  });
  it('is quick on hostile text', () => expect(isStaticMessage('a1'.repeat(2_000_000), 'a')).toBe(true));
});

describe('messageDate', () => {
  it.each([
    ['OKX 2026-11-22', '2026-11-22'],
    ['OKX 2026/1/2 reserves', '2026-01-02'],
    ['22.11.2026', '2026-11-22'],
    ['OKX reserves, 5 November 2026', '2026-11-05'],
    ['Nov 5th, 2026', '2026-11-05'],
    ['29 Feb 2024', '2024-02-29'],
    ['reserves of November 2026', '2026-11'],
    ['snapshot 11/2026', '2026-11'],
    ['snapshot 2026-11', '2026-11'],
  ])('%j states %s', (text, date) => expect(messageDate(text, '0xabc')).toBe(date));
  it.each([
    'I am an OKX address',
    'block 19640875',
    '3/4/2026',
    'block 20201122',
    '2026-02-30',
    '29 Feb 2023',
    'nonce 1664269042',
    'maybe 2026',
  ])('%j states no date without doubt', (text) => expect(messageDate(text, '0xabc')).toBeNull());
  it("does not read the row's own address", () =>
    expect(messageDate('I own acct-2026-11-22', 'acct-2026-11-22')).toBeNull());
  it('is quick on hostile text', () => {
    for (const piece of ['2026-', '1 nov', 'dec, ', '9']) messageDate(piece.repeat(500_000), 'a');
  });
});

describe('namesAlias', () => {
  it.each([
    ['I am an OKX address', true],
    ['okx', true],
    ['OKX_2026', true],
    ['OKX2026', true],
    ['BOOKX', false],
    ['OKXchange', false],
    ['ОКХ in Cyrillic', false],
    ['éOKX', false],
    ['', false],
  ])('%j: %s', (text, expected) => expect(namesAlias(text, ['OKX', 'OKCoin'])).toBe(expected));
  it('knows no alias in an empty list', () => expect(namesAlias('x', [''])).toBe(false));
});
