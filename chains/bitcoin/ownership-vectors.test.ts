import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/lib/json.ts';
import { utxoNetwork } from '../../test/fakes/utxo-networks.ts';
import { ownership } from './ownership.ts';

const FILE = '../shared/vectors/ownership.json';

interface Vector {
  readonly id: string;
  readonly scheme: string;
  readonly asset: string;
  readonly network: string;
  readonly address: string;
  readonly message?: string;
  readonly signature1?: string;
  readonly signature2?: string;
  readonly script_or_pubkey?: string;
  readonly expect: 'valid' | 'invalid';
  readonly binding?: string;
}

/** The chain that a label means: the label first (BSV rows stand under network BTC). */
const SLUGS: Readonly<Record<string, string>> = {
  ...{ BTC: 'bitcoin', BSV: 'bitcoin-sv', BCHN: 'bitcoin-cash', BCHA: 'ecash', LTC: 'litecoin', DOGE: 'dogecoin' },
  ...{ DASH: 'dash', DGB: 'digibyte', ZEC: 'zcash', ZEN: 'horizen', BCH: 'bitcoin-cash', XEC: 'ecash', QTUM: 'qtum' },
  ...{ BTG: 'bitcoin-gold', BCD: 'bitcoin-diamond', RVN: 'ravencoin' },
};
const SCHEMES = ['bip137', 'okx-utxo-multisig', 'okx-utxo-p2pkh', 'okx-utxo-recover', 'bip322-simple'];
const BY_BINDING: Readonly<Record<string, string>> = {
  address: 'address-bound',
  owner: 'owner-bound',
  key: 'key-only',
};
const PROOFS = ['address-bound', 'owner-bound', 'owner-confirmed', 'key-only'];

const here = existsSync(FILE);
if (!here) console.log(`SKIPPED: ${FILE} is not here`);
const parsed = here ? parseJson(readFileSync(FILE, 'utf8')) : null;
const all = (parsed?.ok ? parsed.value : []) as unknown as readonly Vector[];
const cell = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

const grade = (vector: Vector) =>
  ownership.verify(
    {
      ...{ label: vector.asset, network: vector.network, addressText: vector.address, message: vector.message ?? null },
      ...{ signature1: cell(vector.signature1), signature2: cell(vector.signature2) },
      ...{ scriptOrPubkey: cell(vector.script_or_pubkey), owner1: null, owner2: null, rowType: null },
    },
    utxoNetwork(SLUGS[vector.asset] as string),
  );

describe.skipIf(!here)('reference vectors', () => {
  const mine = all.filter(({ scheme }) => SCHEMES.includes(scheme));
  it('has vectors of every scheme', () => {
    expect(new Set(mine.map(({ scheme }) => scheme)).size).toBe(SCHEMES.length);
  });
  it.each(mine)('$id is $expect', (vector) => {
    const verdict = grade(vector);
    if (vector.expect === 'valid') expect(verdict).toMatchObject({ grade: BY_BINDING[vector.binding as string] });
    else expect(PROOFS).not.toContain(verdict.grade);
  });
  it.each(all.filter(({ scheme, asset }) => /^bip322-(full|pof)$/.test(scheme) && asset in SLUGS))(
    'BIP-322 in another form than the simple one is never a proof, and undecided where it is well-formed: $id',
    (vector) => {
      const verdict = grade(vector);
      if (vector.expect === 'valid') expect(verdict.grade, verdict.reason ?? '').toBe('undecided');
      else expect(PROOFS).not.toContain(verdict.grade);
    },
  );
});
