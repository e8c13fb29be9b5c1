import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { base32nopad, base58xrp, bech32, createBase58check } from '@scure/base';
import { getAddress } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Network } from '../src/domain/network.ts';
import { loadChainFamily } from '../src/load-chain.ts';
import { loadRegistry } from '../src/load-registry.ts';
import type { RowGenerator } from './fixtures/generate-rows/row.ts';

/** Every spelling of one account must lead to one canonical address: two of them in a list are one cell, counted once. */
const registry = loadRegistry();
if (!registry.ok) throw new Error('the shipped registry does not load');
const networks = [...registry.value.networks.values()];
const folders = readdirSync(new URL('../chains/', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const GENERATORS = new URL('./fixtures/generate-rows/', import.meta.url);
const generators = await Promise.all(
  readdirSync(GENERATORS)
    .filter((name) => name.endsWith('.ts') && name !== 'row.ts')
    .map(async (file) => ((await import(new URL(file, GENERATORS).href)) as { generator: RowGenerator }).generator),
);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (...parts: readonly (number | Uint8Array)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'number' ? [part] : [...part])));
const base58check = createBase58check(sha256);
const upper = (text: string): string => text.toUpperCase();
const upperDigits = (text: string): string => `0x${text.slice(2).toUpperCase()}`;
const hexForms = (digits: string): string[] => [`0x${digits}`, `0x${digits.toUpperCase()}`];
const evmForms = (account: Uint8Array): string[] => [...hexForms(hex(account)), getAddress(`0x${hex(account)}`)];

function crc16(data: Uint8Array): number {
  let crc = 0;
  for (const byte of data)
    for (let bit = 7; bit >= 0; bit -= 1)
      crc = ((crc << 1) & 0xffff) ^ ((((crc >> 15) & 1) ^ ((byte >> bit) & 1)) === 1 ? 0x1021 : 0);
  return crc;
}

function friendly(tag: number, hash: Uint8Array): string {
  const body = bytes(tag, 0, hash);
  return Buffer.from(bytes(body, crc16(body) >> 8, crc16(body) & 255)).toString('base64');
}

/** A Bitcoin Cash address of a hash without this project's code: the checksum is that of the specification. */
function cashaddr(prefix: string, hash: Uint8Array): string {
  const bits = [0, ...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const values = (bits.padEnd(170, '0').match(/.{5}/g) ?? []).map((group) => Number.parseInt(group, 2));
  let state = 1n;
  for (const value of [
    ...[...prefix].map((letter) => letter.charCodeAt(0) & 31),
    0,
    ...values,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]) {
    const top = Number(state >> 35n);
    state = ((state & 0x07ffffffffn) << 5n) ^ BigInt(value);
    if (top & 1) state ^= 0x98f2bc8e61n;
    if (top & 2) state ^= 0x79b76d99e2n;
    if (top & 4) state ^= 0xf33e5fb3c4n;
    if (top & 8) state ^= 0xae2eabe2a8n;
    if (top & 16) state ^= 0x1e4f43e470n;
  }
  const check = ((state ^ 1n).toString(2).padStart(40, '0').match(/.{5}/g) ?? []).map((five) =>
    Number.parseInt(five, 2),
  );
  return `${prefix}:${[...values, ...check].map((value) => 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'[value]).join('')}`;
}

const VERSIONS: Readonly<Record<string, number>> = { bitcoin: 0, 'bitcoin-cash': 0, ecash: 0, litecoin: 0x30 };

/** Spellings of one account made of 32 random bytes, for the families whose addresses have more than one. */
const SPELLINGS: Readonly<Record<string, (seed: Uint8Array, network: Network) => readonly string[]>> = {
  evm: (seed, { params }) => {
    const account = seed.subarray(0, 20);
    const forms = evmForms(account);
    if (typeof params['bech32'] === 'string') {
      const lower = bech32.encode(params['bech32'], bech32.toWords(account));
      forms.push(lower, upper(lower));
    }
    if (Array.isArray(params['addressForms']) && params['addressForms'].includes('f410')) {
      const checksum = blake2b(bytes(4, 10, account), { dkLen: 4 });
      forms.push(`f410f${base32nopad.encode(bytes(account, checksum)).toLowerCase()}`);
    }
    return forms;
  },
  'zksync-lite': (seed) => evmForms(seed.subarray(0, 20)),
  flow: (seed) => evmForms(seed.subarray(0, 20)),
  bitcoin: (seed, { slug, params }) => {
    const hash = seed.subarray(0, 20);
    const version = VERSIONS[slug];
    if (version === undefined) return [];
    if (typeof params['cashaddr'] === 'string') {
      const cash = cashaddr(params['cashaddr'], hash);
      return [base58check.encode(bytes(version, hash)), cash, cash.slice(cash.indexOf(':') + 1), upper(cash)];
    }
    const segwit = bech32.encode(String(params['bech32']), [0, ...bech32.toWords(hash)]);
    return [segwit, upper(segwit)];
  },
  tron: (seed) => {
    const body = bytes(0x41, seed.subarray(0, 20));
    return [base58check.encode(body), hex(body), `0x${hex(body)}`, upper(hex(body))];
  },
  tvm: (seed) => {
    const digits = hex(seed);
    const standard = [friendly(0x11, seed), friendly(0x51, seed)];
    const urlSafe = standard.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
    return [`0:${digits}`, `0:${upper(digits)}`, ...standard, ...urlSafe];
  },
  aptos: (seed) => {
    const digits = hex(seed).replace(/^.{6}/, '000000');
    return [
      `0x${digits}`,
      `0x${digits.replace(/^0+/, '')}`,
      upperDigits(`0x${digits}`),
      `0x00${digits.replace(/^0+/, '')}`,
    ];
  },
  starknet: (seed) => {
    const digits = hex(seed).replace(/^.{6}/, '000001');
    return [`0x${digits}`, `0x${digits.replace(/^0+/, '')}`, upperDigits(`0x${digits}`)];
  },
  sui: (seed) => hexForms(hex(seed)),
  iota: (seed) => {
    const stardust = bech32.encode('iota', bech32.toWords(bytes(0, seed)));
    return [...hexForms(hex(seed)), stardust, upper(stardust)];
  },
  xrpl: (seed) => {
    const account = seed.subarray(0, 20);
    const coded = (body: Uint8Array): string => base58xrp.encode(bytes(body, sha256(sha256(body)).subarray(0, 4)));
    const tagged = (flag: number, tag: number) => coded(bytes(0x05, 0x44, account, flag, tag, new Uint8Array(7)));
    return [coded(bytes(0, account)), tagged(0, 0), tagged(1, 0), tagged(1, 7)];
  },
  cosmos: (seed, { params }) => {
    const text = bech32.encode(String(params['hrp']), bech32.toWords(seed.subarray(0, 20)));
    return [text, upper(text)];
  },
  'avalanche-x': (seed, { params }) => {
    const text = bech32.encode('avax', bech32.toWords(seed.subarray(0, 20)));
    return [`${params['chain']}-${text}`, `${params['chain']}-${upper(text)}`];
  },
  multiversx: (seed) => {
    const text = bech32.encode('erd', bech32.toWords(bytes(1, seed.subarray(1))));
    return [text, upper(text)];
  },
  cardano: (seed) => {
    const text = bech32.encode('addr', bech32.toWords(bytes(0x61, seed.subarray(0, 28))), 130);
    return [text, upper(text)];
  },
  casper: (seed) => {
    const hash = hex(blake2b(bytes(Buffer.from('ed25519\0'), seed), { dkLen: 32 }));
    return [`01${hex(seed)}`, `01${upper(hex(seed))}`, `account-hash-${hash}`, hash, upper(hash)];
  },
  hedera: (seed) => {
    const number = seed[0] as number;
    return [
      `0.0.${number}`,
      `0x${number.toString(16).padStart(40, '0')}`,
      `0x${upper(number.toString(16).padStart(40, '0'))}`,
    ];
  },
  pocket: (seed) => [hex(seed.subarray(0, 20)), upper(hex(seed.subarray(0, 20)))],
  icon: (seed) => [`hx${hex(seed.subarray(0, 20))}`, `hx${upper(hex(seed.subarray(0, 20)))}`],
};

/** Spellings made of an address that the row generators print, where a random one would need its checksum made here. */
const OF_ONE: Readonly<Record<string, (text: string) => readonly string[]>> = {
  aelf: (text) => [`ELF_${text}_AELF`],
  conflux: (text) => [upper(text), upper(text).replace(':', ':TYPE.USER:'), text.replace(':', ':type.user:')],
  stacks: (text) => [text.toLowerCase(), text.replaceAll('0', 'O').replaceAll('1', 'L')],
  'lisk-sdk': (text) => [text.replace(/^lsk/, 'kly')],
  'internet-computer': (text) => [upper(text)],
  sia: (text) => [upper(text)],
  beacon: (text) => [text.slice(2), upperDigits(text), upper(text.slice(2))],
};

/** Families with one spelling an account; a text that differs in any letter is another account or none. */
const ONE_SPELLING = [
  'algorand',
  'canton',
  'decred',
  'eos',
  'filecoin',
  'iost',
  'kadena',
  'near',
  'nuls',
  'solana',
  'stellar',
  'substrate',
  'tezos',
];

const read = async (network: Network) => {
  const family = await loadChainFamily(network.family);
  if (!family.ok) throw new Error(family.error);
  return (text: string) => family.value.parseAddress(text, network);
};
const cases = networks.map((network) => [`${network.family} ${network.slug}`, network] as const);

describe('spellings of one account', () => {
  it('are said of every family', () => {
    expect([...Object.keys(SPELLINGS), ...Object.keys(OF_ONE), ...ONE_SPELLING].sort()).toEqual([...folders].sort());
  });

  it.each(cases.filter(([, { family }]) => SPELLINGS[family]))('%s: all lead to one address', async (_, network) => {
    const parse = await read(network);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (random) => {
        // A leading byte of zero would be a builtin or out of range on some chains; that is not what is asked here.
        const seed = bytes(Math.max(1, random[0] as number), random.subarray(1));
        const spelled = SPELLINGS[network.family]?.(seed, network) ?? [];
        const [first] = spelled.map(parse);
        for (const text of spelled) expect([text, parse(text)]).toEqual([text, first]);
        if (first !== undefined) expect(first.ok).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it.each(cases.filter(([, { family }]) => OF_ONE[family]))('%s: all lead to one address', async (_, network) => {
    const parse = await read(network);
    const generator = generators.find(({ families }) => families.includes(network.family)) as RowGenerator;
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const secret = Uint8Array.from(createHash('sha256').update(name).digest());
      secret[0] = 1;
      const { addressText } = await generator.generate(network, secret);
      const first = parse(addressText);
      expect(first.ok).toBe(true);
      for (const text of OF_ONE[network.family]?.(addressText) ?? [])
        expect([text, parse(text)]).toEqual([text, first]);
    }
  });

  it('an ICP principal is its account of subaccount 0: the ledger of the ICP ledger canister itself', async () => {
    const network = networks.find(({ family }) => family === 'internet-computer') as Network;
    const parse = await read(network);
    const anonymous = '1c7a48ba6a562aa9eaa2481a9049cdf0433b9738c992d698c31d8abf89cadc79';
    expect(parse('2vxsx-fae')).toEqual(parse(anonymous));
  });

  /** Chains without a checksum where letter case makes another account: base58 as it comes, and names. */
  const CASE_MATTERS = new Set(['solana', 'canton', 'kadena']);

  it.each(cases)('%s: what differs in case, blanks, 0x or zeros is refused or the same', async (_, network) => {
    const generator = generators.find(({ families }) => families.includes(network.family));
    if (generator === undefined || CASE_MATTERS.has(network.family)) return;
    const parse = await read(network);
    const secret = Uint8Array.from(createHash('sha256').update('spelling').digest());
    secret[0] = 1;
    // Only the coins that the generator knows have rows.
    const row = await Promise.resolve()
      .then(() => generator.generate(network, secret))
      .catch(() => null);
    if (row === null) return;
    const text = row.addressText;
    const own = parse(text);
    expect(own.ok).toBe(true);
    const near = [
      upper(text),
      text.toLowerCase(),
      ` ${text}`,
      `${text}\n`,
      `0x${text}`,
      text.replace(/^0x/, ''),
      text.replace(/^0x/, '0X'),
      text.replace(/^0x0*/, '0x'),
      text.replace(/^0x/, '0x00'),
      `${text}\u200b`,
    ];
    for (const other of near) {
      const parsed = parse(other);
      if (parsed.ok) expect([other, parsed]).toEqual([other, own]);
    }
  });
});
