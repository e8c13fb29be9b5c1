import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listInUse, listWaiting } from '../src/domain/attestation.ts';
import type { EntityId } from '../src/domain/ids.ts';
import type { HoldPolicy } from '../src/judge-list.ts';
import { systemClock } from '../src/lib/clock.ts';
import { sha256Hex } from '../src/lib/hash.ts';
import { loadRegistry } from '../src/load-registry.ts';
import type { Store } from '../src/seams.ts';
import { openStore } from '../src/store/open-store.ts';
import { type PublicationWatch, watchPublications } from '../src/watch-publications.ts';

const OKX = 'okx' as EntityId;
const HOUR = 3_600_000;
const FIRST = `chain,address\nbitcoin,1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU\n`;
const SECOND = `chain,address\nbitcoin,1PWo3JeB9jrGwfHDNpdGK54CRas7fsVzXU\nbitcoin,1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\n`;

let folder: string;
let server: Server;
let store: Store;
let watch: PublicationWatch;
const NEVER: HoldPolicy = { hold: 'never', watched: null, by: 'watch' };
let policy: HoldPolicy;
let now = 0;
let served: { body: string; status?: number };
let asked: { tag: string | undefined; status: number }[];
let imported: string[];
let faults: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reservewatch-publication-'));
  served = { body: FIRST };
  policy = NEVER;
  [asked, imported, faults] = [[], [], []];
  server = createServer((request, response) => {
    const tag = `"${sha256Hex(served.body).slice(0, 8)}"`;
    const given = request.headers['if-none-match'];
    const status = served.status ?? (given === tag ? 304 : 200);
    asked.push({ tag: given, status });
    response.writeHead(status, { etag: tag }).end(status === 200 ? served.body : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  watch = open();
});
afterEach(async () => {
  await watch.close();
  store.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** A watch over the server's file, on the database of this test, at a clock that the test moves. */
function open(allowPrivateAddress = true): PublicationWatch {
  const opened = openStore(join(folder, 'test.db'), { clock: systemClock });
  const registry = loadRegistry();
  if (!opened.ok || !registry.ok) throw new Error('not opened');
  store = opened.value;
  const entity = registry.value.entities.get(OKX);
  if (!entity) throw new Error('okx is in the registry');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/por/latest.csv?key=hidden`;
  const publication = { entity, url, everyMs: 6 * HOUR, allowPrivateAddress, policy };
  return watchPublications([publication], {
    store,
    archiveFolder: join(folder, 'reports'),
    registry: registry.value,
    clock: { ...systemClock, monotonic: () => now },
    onImported: (message) => imported.push(message),
    onFault: (message) => faults.push(message),
  });
}

/** The watch after a restart, with the policy of now. */
async function reopened(): Promise<PublicationWatch> {
  await watch.close();
  store.close();
  return open();
}

async function hoursLater(hours: number): Promise<void> {
  now += hours * HOUR;
  watch.tick();
  watch.tick();
  await watch.settled();
}
const names = () => store.reports(OKX).map(({ file }) => [file.name, file.sha256]);

describe('a watched publication', () => {
  it('is imported once, asked at its pace with its entity tag, and imported again when its bytes are replaced', async () => {
    await hoursLater(0);
    expect(names()).toEqual([['latest.csv', sha256Hex(FIRST)]]);
    expect(imported).toEqual(['okx: imported latest.csv (address-list), 1 rows, 0 faults']);
    await hoursLater(5);
    expect(asked).toHaveLength(1);
    await hoursLater(1);
    expect(asked.map(({ status }) => status)).toEqual([200, 304]);
    served = { body: SECOND };
    await hoursLater(6);
    expect(names()).toEqual([
      ['latest.csv', sha256Hex(SECOND)],
      ['latest.csv', sha256Hex(FIRST)],
    ]);
    expect([imported.length, faults]).toEqual([2, []]);
    await hoursLater(6);
    expect(asked.map(({ status }) => status)).toEqual([200, 304, 200, 304]);
  });

  it('is not imported twice by a process that has no tag yet', async () => {
    await hoursLater(0);
    await watch.close();
    store.close();
    watch = open();
    await hoursLater(0);
    expect(asked.map(({ tag }) => tag)).toEqual([undefined, undefined]);
    expect([names().length, imported.length, faults]).toEqual([1, 1, []]);
  });

  it('that answers with a web page, an error or nothing is a fault, keeps no tag and is asked again', async () => {
    served = { body: '<!doctype html><html><body>Please log in</body></html>' };
    await hoursLater(0);
    served = { body: FIRST, status: 503 };
    await hoursLater(6);
    served = { body: FIRST, status: 302 };
    await hoursLater(6);
    expect(faults).toHaveLength(3);
    expect(faults[1]).toMatch(/^okx: the published list: 127\.0\.0\.1:\d+ answered 503$/);
    expect(faults.join()).not.toContain('hidden');
    expect([imported, names()]).toEqual([[], []]);
    served = { body: FIRST };
    await hoursLater(6);
    expect(asked.every(({ tag }) => tag === undefined)).toBe(true);
    expect(names()).toHaveLength(1);
  });

  it('whose set changes by more than the share is kept and waits; the list before it stays in use', async () => {
    policy = { hold: 100_000n, watched: null, by: 'watch' };
    watch = await reopened();
    await hoursLater(0);
    expect(listWaiting(store.reports(OKX))).toBe(null);
    served = { body: SECOND };
    await hoursLater(6);
    expect(imported[1]).toBe('okx: imported latest.csv (address-list), 2 rows, 0 faults; it waits for approval');
    const [newest] = store.reports(OKX);
    expect(newest).toMatchObject({
      set: { version: 2 },
      origin: expect.stringMatching(/^127\.0\.0\.1:\d+\/por\/latest\.csv$/),
      decision: { state: 'waiting', by: 'watch' },
      // The list states no amounts: nobody knows how much came, and what is not known is not little.
      change: { added: 1, vanished: 0, assets: [{ asset: 'BTC', added: '0', unknown: 1 }] },
    });
    expect(listInUse(store.reports(OKX))?.file.sha256).toBe(sha256Hex(FIRST));
    // The process ends here and another begins: the list waits as before.
    watch = await reopened();
    await hoursLater(0);
    expect(listWaiting(store.reports(OKX))?.file.sha256).toBe(sha256Hex(SECOND));
    expect([imported.length, store.check().faults]).toEqual([2, []]);
  });

  it('with the same set of addresses does not wait, whatever the share, and never where the config says so', async () => {
    policy = { hold: 0n, watched: null, by: 'watch' };
    watch = await reopened();
    await hoursLater(0);
    served = { body: `${FIRST}\n` };
    await hoursLater(6);
    expect(listInUse(store.reports(OKX))?.file.sha256).toBe(sha256Hex(served.body));
    policy = NEVER;
    watch = await reopened();
    served = { body: SECOND };
    await hoursLater(6);
    expect(listInUse(store.reports(OKX))?.file.sha256).toBe(sha256Hex(SECOND));
  });

  it('that goes back to an older file is told once, and changes nothing', async () => {
    await hoursLater(0);
    served = { body: SECOND };
    await hoursLater(6);
    served = { body: FIRST };
    await hoursLater(6);
    await hoursLater(6);
    expect(faults).toEqual([expect.stringContaining(`is again the file ${sha256Hex(FIRST)}`)]);
    expect(names()[0]).toEqual(['latest.csv', sha256Hex(SECOND)]);
  });

  it('on a private address is refused', async () => {
    await watch.close();
    store.close();
    watch = open(false);
    await hoursLater(0);
    expect([asked, faults.length, names()]).toEqual([[], 1, []]);
  });

  it('that is closed asks no more', async () => {
    await watch.close();
    await hoursLater(10);
    expect([asked, faults]).toEqual([[], []]);
  });
});
