import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/lib/log.ts';
import { createScrubber, secretsOfUrl } from '../../src/lib/scrub.ts';

const KEY = 'cAnArY/7f3a+9b=&"x';
const URL_TEXT = 'https://alice:hunter2-pass@rpc.example/v1/0123456789abcdef0123?apikey=zyxwvutsrq987#fragment-key';
const CANARIES = [
  KEY,
  encodeURIComponent(KEY),
  'hunter2-pass',
  '0123456789abcdef0123',
  'zyxwvutsrq987',
  'fragment-key',
];

function logged(write: (log: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  write(
    createLogger({ level: 'trace', secrets: [KEY, ...secretsOfUrl(URL_TEXT)] }, { write: (line) => lines.push(line) }),
  );
  return lines;
}

describe('createLogger', () => {
  it.each<[string, (log: ReturnType<typeof createLogger>) => void]>([
    ['a message', (log) => log.info(`calling ${URL_TEXT} with ${KEY}`)],
    ['a formatted message', (log) => log.info('calling %s with %s', URL_TEXT, KEY)],
    ['a field', (log) => log.warn({ url: URL_TEXT, key: KEY }, 'x')],
    ['a nested field and a key', (log) => log.warn({ a: { b: [{ [KEY]: URL_TEXT }] } }, 'x')],
    ['an error with its cause and stack', (log) => log.error(new Error(URL_TEXT, { cause: new Error(KEY) }))],
    ['an error in a field', (log) => log.error({ err: Object.assign(new Error(KEY), { url: URL_TEXT }) }, 'x')],
    ['URL-encoded', (log) => log.info({ q: encodeURIComponent(KEY), r: encodeURI(URL_TEXT) }, KEY)],
    ['JSON in JSON', (log) => log.info({ body: JSON.stringify({ key: KEY, url: URL_TEXT }) }, 'x')],
  ])('writes no secret that came in by %s', (_name, write) => {
    const lines = logged(write);
    expect(lines).toHaveLength(1);
    const line = lines[0] as string;
    for (const canary of CANARIES) expect(line).not.toContain(canary);
    expect(line).toContain('[secret]');
    expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), time: expect.stringMatching(/Z$/) });
  });

  it('keeps lines without secrets as they are, and levels below the asked one out', () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'info', secrets: [KEY] }, { write: (line) => lines.push(line) });
    log.debug('unseen');
    log.info({ height: '9007199254740993' }, 'polled');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'info', time: expect.any(String), height: '9007199254740993', msg: 'polled' },
    ]);
  });
});

describe('createScrubber', () => {
  it('takes the userinfo out of any URL, known or not', () => {
    expect(createScrubber([])('at http://u:p@127.0.0.1:8332/ now')).toBe('at http://[secret]@127.0.0.1:8332/ now');
  });
  it('leaves nothing of a longer secret that contains a shorter one', () => {
    expect(createScrubber(['abc', 'xxabcxx'])('1 xxabcxx 2 abc')).toBe('1 [secret] 2 [secret]');
  });
  it('ignores empty secrets and bears malformed ones', () => {
    expect(createScrubber(['', '%zz', '\ud800'])('plain %zz')).toBe('plain [secret]');
  });
});
