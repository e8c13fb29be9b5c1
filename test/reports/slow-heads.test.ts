import { expect, it } from 'vitest';
import { readItems } from '../fixtures/read-items.ts';

const FILL = 64_000;
const BEGINNINGS = [
  '',
  'coin,amount\n',
  'coin,',
  'address:\n',
  'chain: a\nclaim:\nkeys:\n',
  'ethereum:\n- a\n',
  'ethereum:\n',
  '{"schema":',
  '{"reserveAddresses":',
  'chain,address\n',
  '- ',
  '"',
];
const PIECES = [
  ' ',
  '\n',
  '\r',
  '\t',
  '\r\n',
  ' \n',
  ',',
  '"',
  '""',
  '#\n',
  '- ',
  '-',
  '{',
  '[',
  'a',
  'a ',
  'addr',
  ': ',
  '\u00a0',
  '"schema" ',
  'coin',
  'coin,',
  "'",
  '\\"',
];

// A pattern that tries again from every place of a long head takes minutes over these; the test's own time limit ends it.
it('no beginning of a file makes the readers try over and over', async () => {
  for (const beginning of BEGINNINGS) {
    for (const piece of PIECES) {
      for (const end of ['', '!', '\n']) {
        const content = beginning + piece.repeat(FILL / piece.length) + end;
        const found = await readItems(content);
        expect(typeof found === 'string' ? found !== '' : Array.isArray(found.items)).toBe(true);
      }
    }
  }
});
