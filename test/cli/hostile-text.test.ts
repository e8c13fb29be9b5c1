import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, tableText } from '../../src/cli/output.ts';
import { register as registerReport } from '../../src/cli/report.ts';
import { register as registerVerify } from '../../src/cli/verify.ts';
import { ok } from '../../src/domain/result.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { runCli } from '../fakes/run-cli.ts';

const HOSTILE = [
  '\u202e',
  '\u2066',
  '\u001b[31m',
  '\u0007',
  '\u0000',
  '\u009b',
  '\u200b',
  '\ufeff',
  '\u2028',
  '\r',
  '\u{e0001}',
];
/** What may move, hide or recolour text on a screen. */
const UNSAFE = /[^\P{C}\n\t]|[\u2028\u2029]/u;

/** A line of every layout whose every cell is hostile, and which is a row where it can be. */
function listsOf(hostile: string): Readonly<Record<string, string>> {
  const cell = (text: string): string => `${text}${hostile}x`;
  const okx = `coin,Network,Snapshot Height,address,amount,message,signature1,signature2,redeem script\n`;
  return {
    'okx.csv': `${okx}${cell('BTC')},${cell('BTC')},${cell('1')},${cell('1a')},1,${cell('m')},${cell('s')},${cell('t')},${cell('u')}\nBTC,BTC,1,a,${cell('1')},,,,\n${cell('lost')}\n`,
    'list.csv': `chain,address,asset\n${cell('bitcoin')},${cell('1a')},${cell('BTC')}\nbitcoin,b,c,${cell('d')}\n`,
    'binance.csv': `coin,network,address,balance,Height,custodian\n${cell('BTC')},${cell('BTC')},${cell('1')},2,1,${cell('c')}\nBTC,BTC,1a,${cell('2')},1,\n`,
    'own.json': JSON.stringify({
      schema: 'reservewatch.addresses/1',
      [cell('extra')]: 1,
      addresses: [
        { chain: cell('bitcoin'), address: cell('1'), asset: cell('BTC') },
        { chain: 'a', address: 'b', [cell('key')]: '1' },
      ],
      totals: [{ asset: cell('BTC'), amount: '1' }],
    }),
    'reserves.yaml': `chain: main\nclaim: {m: 3, n: 4}\nkeys:\n- ${cell('04')}\naddress:\n- addr: ${cell('1a')}\n  addr_type: ${cell('sh')}\n  balance: 1\n  script: ${cell('53')}\n- ${cell('addr')}: 1\n`,
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-hostile-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const openTestStore = async () => {
  const store = openStore(join(folder, 'test.db'), { clock: systemClock });
  return store.ok ? ok({ store: store.value, archiveFolder: join(folder, 'reports') }) : store;
};

describe('text from published files', () => {
  it.each(HOSTILE)('with %j in every cell reaches no screen unescaped', async (hostile) => {
    for (const [name, content] of Object.entries(listsOf(hostile))) {
      const path = join(folder, hostile === '\u0000' ? name : `${hostile}${name}`);
      writeFileSync(path, content);
      const runs = [
        await runCli(registerVerify, ['verify', path]),
        await runCli(registerReport, ['report', 'import', path, '--entity', 'okx'], { openStore: openTestStore }),
        await runCli(registerReport, ['report', 'list'], { openStore: openTestStore }),
        await runCli(registerReport, ['report', 'diff', path, path], { openStore: openTestStore }),
        await runCli(registerVerify, ['verify', `${path}${hostile.replace('\u0000', '')}missing`]),
        await runCli(registerVerify, ['verify', path, '--entity', `a${hostile}`]),
        await runCli(registerVerify, ['verify', path, '--max-bytes', `1${hostile}`]),
      ];
      for (const [at, { stdout, stderr, code }] of runs.entries()) {
        expect(UNSAFE.exec(stdout + stderr), `${name}, run ${at}: ${JSON.stringify(stdout + stderr)}`).toBeNull();
        expect(code).not.toBe(1);
      }
    }
  });
});

describe('text of commands', () => {
  const stream = (terminal: boolean) => Object.assign(new PassThrough(), { isTTY: terminal });

  it('cuts a name longer than any address, never a figure', () => {
    const name = 'N'.repeat(60_000);
    const figure = '9'.repeat(150);
    for (const terminal of [false, true]) {
      const text = tableText(stream(terminal), ['asset', 'sum'], [[name, figure]], ['sum']);
      expect(text).toContain(`${'N'.repeat(128)}… (+59872)`);
      expect(text).toContain(figure);
      expect(text).not.toContain('N'.repeat(129));
    }
  });

  it('shows the faults of a config on lines of their own', async () => {
    const stderr = stream(false);
    await fail({ stderr, exit: () => {} } as unknown as Parameters<typeof fail>[0], 2, 'one\ntwo\u202e');
    expect(String(stderr.read())).toBe('error: one\n  two\\u{202E}\n');
  });
});
