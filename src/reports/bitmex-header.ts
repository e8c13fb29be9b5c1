import { baseUnits, formatAmount } from '../domain/amount.ts';
import type { ReportItem } from '../domain/attestation.ts';
import { quote } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { present } from './report-cells.ts';
import type { Scalar, YamlLine, YamlValue } from './yaml-lines.ts';

/** What a BitMEX file says once, for all its records. */
export interface BitmexFacts {
  /** The registry's name for the file's chain, which is called as Bitcoin Core calls it: `main` is `bitcoin`. */
  chain: string | null;
  height: string | null;
  /** «m of n», as every multisig script of the file must be. */
  claim: string | null;
  /** The founders' public keys, uncompressed hex, blanks between. */
  keys: string | null;
  /** Extended public keys of descriptors, blanks between. */
  xpubs: string | null;
}

/** The one reader of what stands at the margin: each function says what is wrong, or null. */
export interface BitmexHeader {
  readonly facts: BitmexFacts;
  top(line: number, key: string, value: YamlValue): string | null;
  under(section: string, line: YamlLine): string | null;
  /** Whether all of these facts were read. */
  has(names: readonly (keyof BitmexFacts)[]): boolean;
  /** The file's total, where it states one. */
  total(): readonly ReportItem[];
}

const RECORD_BLOCKS = ['address', 'custodial'];
const KEYS = ['chain', 'height', 'blockhash', 'total', 'claim', 'keys', 'xpub', ...RECORD_BLOCKS];

/** Whether records stand under that key. */
export const isRecordBlock = (key: string): boolean => RECORD_BLOCKS.includes(key);

/** Satoshis as a canonical decimal of bitcoins: digits alone, as YAML's other spellings of an integer mean something else. */
export function readSatoshis(name: string, scalar: Scalar | undefined): Result<string> {
  const text = present(scalar ?? undefined);
  if (text === null) return err(`${name} is missing`);
  if (!/^(?:0|[1-9]\d{0,20})$/.test(text)) return err(`${name} ${quote(text)} is no number of satoshis (digits alone)`);
  return ok(formatAmount(baseUnits(BigInt(text)), 8));
}

export function createHeader(): BitmexHeader {
  const facts: BitmexFacts = { chain: null, height: null, claim: null, keys: null, xpubs: null };
  const seen = new Set<string>();
  const claim = new Map<string, string>();
  let total: { readonly line: number; readonly amount: string } | null = null;

  const addKey = (section: string, scalar: Scalar): string | null => {
    if (scalar === null || !/^[\w.-]+$/.test(scalar)) return `${quote(scalar ?? '')} is no public key`;
    const name = section === 'keys' ? 'keys' : 'xpubs';
    facts[name] = facts[name] === null ? scalar : `${facts[name]} ${scalar}`;
    return null;
  };
  const addClaim = (name: string, scalar: Scalar): string | null => {
    if (!['m', 'n', 'total'].includes(name)) return `${quote(name)} is no part of a claim`;
    if (claim.has(name)) return `${name} stands twice`;
    if (scalar === null || !/^\d{1,20}$/.test(scalar)) return `${name} ${quote(scalar ?? '')} is no number`;
    claim.set(name, scalar);
    if (claim.has('m') && claim.has('n')) facts.claim = `${claim.get('m')} of ${claim.get('n')}`;
    return null;
  };
  const addScalar = (line: number, key: string, scalar: Scalar): string | null => {
    const text = present(scalar ?? undefined);
    if (key === 'total') {
      const amount = readSatoshis('total', scalar);
      if (!amount.ok) return amount.error;
      total = { line, amount: amount.value };
    } else if (key === 'chain') facts.chain = text === 'main' ? 'bitcoin' : text === null ? null : `bitcoin-${text}`;
    else if (key === 'height') facts.height = text;
    else if (key !== 'blockhash' && text !== null) return `${key} has a value of its own`;
    return null;
  };
  const first = (reasons: readonly (string | null)[]): string | null => reasons.find((one) => one !== null) ?? null;
  return {
    facts,
    has: (names) => names.every((name) => facts[name] !== null),
    total: () =>
      total === null ? [] : [{ kind: 'summary', summary: { label: 'BTC', height: facts.height, ...total } }],
    top(line, key, value) {
      if (!KEYS.includes(key)) return `${quote(key)} is no field of this layout`;
      if (seen.has(key)) return `${key} stands twice`;
      seen.add(key);
      if (value.kind === 'block') return null;
      if (value.kind === 'scalar') return addScalar(line, key, value.scalar);
      if (value.kind === 'map' && key === 'claim') return first(value.fields.map(([name, one]) => addClaim(name, one)));
      const isKeys = key === 'keys' || key === 'xpub';
      if (value.kind === 'list' && (isKeys || value.items.length === 0)) {
        return first(value.items.map((one) => addKey(key, one)));
      }
      return `${key} is written in a way that is not read`;
    },
    under(section, { dash, key, value }) {
      const scalar = value.kind === 'scalar' ? value.scalar : null;
      if ((section === 'keys' || section === 'xpub') && dash && key === null) return addKey(section, scalar);
      if (section === 'claim' && !dash && key !== null) return addClaim(key, scalar);
      return `a line under ${quote(section)} is not read`;
    },
  };
}
