import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/domain/network.ts';
import { family } from './index.ts';

const network = { slug: 'test', name: 'Test', family: 'stacks', params: {} } as unknown as Network;
const read = (text: string) => {
  const result = family.parseAddress(text, network);
  return result.ok ? result.value : `error: ${result.error}`;
};

describe('stacks addresses', () => {
  it.each([
    ['SP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ7', 'SP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ7', 'c32check README'],
    ['sp2j6zy48gv1ez5v2v5rb9mp66sw86pykknrv9ej7', 'SP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ7', 'c32 has no case'],
    ['SP000000000000000000002Q6VF78', 'SP000000000000000000002Q6VF78', 'SIP-005, the boot address'],
    ['SP000000000000000000002Q6VF78.pox-4', 'SP000000000000000000002Q6VF78.pox-4', 'a contract'],
  ])('read %s as %s (%s)', (text, canonical) => {
    expect(read(text)).toBe(canonical);
    expect(read(canonical)).toBe(canonical);
  });

  it.each([
    ['SP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ8', /checksum/],
    ['ST2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKQYAC0RQ', /another network/],
    ['SP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EU7', /c32/],
    ['XP2J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ7', /begin with S/],
    ['SP02J6ZY48GV1EZ5V2V5RB9MP66SW86PYKKNRV9EJ7', /must be S|checksum/],
  ])('refuse %s: %s', (text, reason) => expect(read(text)).toMatch(reason));
});
