import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Network } from '../src/domain/network.ts';
import { GRADES, type OwnershipProof } from '../src/domain/ownership.ts';
import { systemClock } from '../src/lib/clock.ts';
import { chainFamilyNames, loadChainFamily } from '../src/load-chain.ts';
import { loadRegistry } from '../src/load-registry.ts';
import type { ChainFamily, HttpClient } from '../src/seams.ts';

/** The contract of chains/README.md, run over every folder: a family that is added later is tested by being there. */
const shipped = loadRegistry();
if (!shipped.ok) throw new Error(JSON.stringify(shipped.error));
const networks = [...shipped.value.networks.values()];

const has = (folder: string, file: RegExp): boolean =>
  readdirSync(new URL(`../chains/${folder}`, import.meta.url)).some((name) => file.test(name));

const folders = readdirSync(new URL('../chains', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((folder) => has(folder, /^index\.[jt]s$/));

const http: HttpClient = {
  request: async () => ({ ok: false, error: { code: 'unreachable', message: 'no request may be made here' } }),
};

const proof = (cells: Partial<OwnershipProof>): OwnershipProof => ({
  label: 'X',
  network: null,
  addressText: '',
  message: null,
  signature1: null,
  signature2: null,
  scriptOrPubkey: null,
  owner1: null,
  owner2: null,
  rowType: null,
  ...cells,
});

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** Text as a hostile file may hold it, near what verifiers look for. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEFx'), maxLength: 400 }),
  fc.string({ unit: fc.constantFrom(...`${BASE58}+/=0OIl`), maxLength: 200 }),
  fc.uint8Array({ maxLength: 140 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`),
  fc.uint8Array({ minLength: 64, maxLength: 66 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.constantFrom('', '0x', '{}', '[]', '{"signature":"00"}', '\u202e', 'null', '\\N', '-', ' '),
);
const cell = fc.option(hostile, { nil: null });
const hostileProof: fc.Arbitrary<OwnershipProof> = fc.record({
  label: hostile,
  network: cell,
  addressText: hostile,
  message: cell,
  signature1: cell,
  signature2: cell,
  scriptOrPubkey: cell,
  owner1: cell,
  owner2: cell,
  rowType: cell,
});

it('polls the families that have an adapter, and no others', () => {
  expect([...chainFamilyNames()].sort()).toEqual(folders.filter((folder) => has(folder, /^adapter\.[jt]s$/)).sort());
});

it('serves every network of the registry by a family that is there', async () => {
  for (const { slug, family } of networks) expect([slug, (await loadChainFamily(family)).ok]).toEqual([slug, true]);
});

describe.each(folders)('chains/%s', (folder) => {
  const load = async (): Promise<ChainFamily> => {
    const family = await loadChainFamily(folder);
    if (!family.ok) throw new Error(family.error);
    return family.value;
  };
  const own: readonly Network[] = networks.filter(({ family }) => family === folder);
  const numRuns = Math.ceil(300 / Math.max(1, own.length)) + 10;

  it('is what its folder says, with networks to run on', async () => {
    const family = await load();
    expect(family.name).toBe(folder);
    expect(family.namespace).toMatch(/^[-a-z0-9]{3,8}$/);
    expect(own.length, `config/networks.yaml names no network of ${folder}`).toBeGreaterThan(0);
  });

  it('parses addresses to one canonical spelling or says why not, and never throws', async () => {
    const family = await load();
    for (const network of own) {
      fc.assert(
        fc.property(hostile, (text) => {
          for (const parsed of [family.parseAddress(text, network), family.parseTokenReference(text, network)]) {
            if (!parsed.ok) expect(parsed.error).toEqual(expect.stringMatching(/\S/));
          }
          const parsed = family.parseAddress(text, network);
          if (parsed.ok) expect(family.parseAddress(parsed.value, network)).toEqual(parsed);
        }),
        { numRuns },
      );
    }
  });

  it('verifies purely: never throws, a reason where it is not good, the same for the same row', async () => {
    const { ownership } = await load();
    for (const network of own) {
      fc.assert(
        fc.property(hostileProof, (row) => {
          const frozen = Object.freeze({ ...row });
          const verdict = ownership.verify(frozen, network);
          expect(GRADES).toContain(verdict.grade);
          // Nothing that is made of noise is proven.
          expect(['listed', 'undecided', 'invalid', 'partial']).toContain(verdict.grade);
          if (verdict.grade === 'invalid' || verdict.grade === 'undecided') expect(verdict.reason).toMatch(/\S/);
          expect(ownership.verify(frozen, network)).toEqual(verdict);
        }),
        { numRuns },
      );
    }
  });

  it('has nothing to prove in a row without a signature', async () => {
    const { ownership } = await load();
    for (const network of own) {
      const { grade } = ownership.verify(proof({ addressText: 'nowhere', message: 'I am an address' }), network);
      expect(['listed', 'undecided', 'invalid']).toContain(grade);
    }
  });

  it('connects with a Result where it can be polled, without a request, and never throws on wrong params or URLs', async () => {
    const family = await load();
    const network = own[0] as Network;
    const options = {
      ...{ network, name: 'test', group: 'test', url: 'http://127.0.0.1:1/', headers: {}, http, clock: systemClock },
      ...{ timeoutMs: 1_000, maxBytes: 1_000 },
    };
    const signal = new AbortController().signal;
    const connected = family.connect(options);
    expect(connected.ok).toBe(chainFamilyNames().includes(folder));
    if (connected.ok) {
      expect(connected.value).toMatchObject({ chain: network.chainId, provider: 'test', group: 'test' });
      expect(connected.value.requestCount()).toBe(0);
      expect((await connected.value.admit(signal)).ok).toBe(false);
      expect((await connected.value.finalTip(signal)).ok).toBe(false);
      await connected.value.close();
    } else expect(connected.error).toMatch(/\S/);
    for (const url of ['', 'ftp://host/', 'not a url']) {
      const refused = family.connect({ ...options, url });
      if (refused.ok) expect((await refused.value.admit(signal)).ok).toBe(false);
      else expect(refused.error).toMatch(/\S/);
    }
    const strange = family.connect({ ...options, network: { ...network, params: { nonsense: [1, { a: null }] } } });
    expect(typeof strange.ok).toBe('boolean');
  });
});
