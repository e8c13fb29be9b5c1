import { bn254 } from '@noble/curves/bn254.js';
import { R } from '../../../src/liabilities/bn254/scalar.ts';
import type { LiabilityKind } from '../../../src/liabilities/types.ts';
import { HONEST as BINANCE } from '../binance/cases.ts';
import type { Call, CaseFile } from '../cases.ts';
import { HONEST as GATEIO } from '../gateio/cases.ts';
import { allChanges, callsOf } from '../mutations.ts';
import {
  commitmentKeyTail,
  g1Hex,
  g2Hex,
  keyHex,
  proofHex,
  strayG2Hex,
  times1,
  times2,
  trapdoor,
} from './groth16-maker.ts';

const file = (kind: LiabilityKind, text: string, bytes?: number): CaseFile => ({
  ...{ kind, text },
  ...(bytes === undefined ? {} : { bytes }),
});

/** A table of either exchange with one cell, or the whole text, changed. */
function tables(kind: LiabilityKind, table: string): readonly Call[] {
  const lines = table.split('\n');
  const header = lines[0]!.split(',').map((cell) => cell.replaceAll('"', ''));
  const call = (name: string, text: string, bytes?: number): Call => ({
    name: `${kind} table: ${name}`,
    files: { 't.csv': file(kind, text, bytes) },
  });
  const cell = (name: string, column: string, to: (old: string) => string, row = 2): Call => {
    const cells = lines[row]!.match(/"(?:[^"]|"")*"/g)!;
    const at = header.indexOf(column);
    const changed = cells.with(at, `"${to(cells[at]!.slice(1, -1))}"`).join(',');
    return call(`${column} ${name}`, lines.with(row, changed).join('\n'));
  };
  const [a, b] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(31, 1).toString('base64')];
  const list = (...words: readonly string[]): string => `[${words.map((word) => `""${word}""`).join(',')}]`;
  return [
    call('empty', ''),
    call('no rows', lines[0]!),
    call('empty lines', `\n${lines.join('\n\n')}\n`),
    call('larger than any', table, 2 ** 40),
    call('an over-long line', `${table}\n${'x'.repeat(9000)}`),
    call('a line that cannot be read', `${lines.slice(0, 2).join('\n')}\n"1${'x'.repeat(2 ** 20)}`),
    call('unbalanced quotes', lines.with(2, lines[2]!.replace('"', '')).join('\n')),
    call('quotes that do not end', lines.with(0, `${lines[0]!.slice(0, -1)}`).join('\n')),
    ...header.map((column) => call(`without ${column}`, table.replace(`"${column}"`, '"other"'))),
    ...['x', '01', '-1', '1e0', '', '1000000000'].map((text) => cell(`is ${text}`, 'batch_number', () => text)),
    ...['x', '', 'AAAA', `${'A'.repeat(4000)}`].map((text, i) => cell(`odd ${i}`, 'proof_info', () => text)),
    cell('is not text of base64', 'proof_info', (old) => `${old.slice(0, -1)}!`),
    ...['cex_asset_list_commitments', 'account_tree_roots'].flatMap((column) => [
      ...[list(), list(a), list(a, a), list(a, a, a), list(b, a), list('x', a)].map((text, i) =>
        cell(`odd ${i}`, column, () => text),
      ),
      ...['{}', '7', 'x', '[7,8]', '""a""'].map((text, i) => cell(`is no list ${i}`, column, () => text)),
      cell('of no canonical word', column, (old) => old.replace(/""([^"]*)""\]$/, `""${base64(R + 1n)}""]`)),
    ]),
    ...[a, b, 'x', ''].map((text, i) => cell(`odd ${i}`, 'batch_commitment', () => text)),
    ...(header.includes('min_account_index')
      ? ['min_account_index', 'max_account_index'].flatMap((column) =>
          ['x', '-1', '01', ''].map((text) => cell(`is ${text}`, column, () => text)),
        )
      : []),
    cell('is longer than any line', 'id', () => 'x'.repeat(9000)),
    cell('differs in number', 'account_tree_roots', () => list(...(kind === 'gateio' ? [a] : [a, a])), 2),
  ];
}
const base64 = (word: bigint): string => Buffer.from(word.toString(16).padStart(64, '0'), 'hex').toString('base64');

const whole = GATEIO[0]!.files;
const other = BINANCE[0]!.files;
const alone = (name: string, { kind, text }: CaseFile): readonly Call[] =>
  callsOf({ [name]: { kind, text } }, name, allChanges(text, 1));

const { Fr } = bn254.fields;
const t = trapdoor(1n);
const P = '30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47';
const key = keyHex(t);
const proof = proofHex(t, 7n);
const [pa, pb, pc] = [proof.slice(0, 128), proof.slice(128, 384), proof.slice(384)];
const offCurve = `${'0'.repeat(127)}1`;
const [g1, two] = [g1Hex(times1(5n), true), g2Hex(times2(6n), true)];
/** Where a compressed key's six points stand, in hex digits. */
const KEY_POINTS = [0, 64, 128, 256, 384, 448, 576 + 8, 576 + 8 + 64];
const infinity = `40${'00'.repeat(31)}`;

/** The input whose point is infinity under the key. */
const nothing = R - Fr.div(t.inputs[0]!, t.inputs[1]!);
/** A proof whose last point is moved: two moved against each other hold together, but neither alone. */
function shifted(hex: string, by: bigint): string {
  const [x, y] = [hex.slice(384, 448), hex.slice(448)].map((word) => BigInt(`0x${word}`)) as [bigint, bigint];
  return hex.slice(0, 384) + g1Hex(bn254.G1.Point.fromAffine({ x, y }).add(times1(by)), false);
}

/** Keys, proofs and claims by themselves, in hex: `src/liabilities/bn254` without the files around it. */
export const CURVE_CALLS: readonly Call[] = [
  ...[
    key,
    keyHex(t, false),
    keyHex(trapdoor(1n, 3)),
    keyHex(t, true, { beta1: t.beta + 1n }),
    keyHex(t, true, { delta1: t.delta + 1n }),
    ...[
      '00',
      '00000000',
      '0000000000',
      '0000000000000000',
      '000000000000000000',
      '0000000000000001',
      '0000000100000000',
      'ffffffff',
    ].map((tail) => keyHex(t, true, { tail })),
    keyHex(trapdoor(1n, 3), true, { tail: commitmentKeyTail() }),
    keyHex(trapdoor(1n, 3), true, { tail: `0000000100000001${'00'.repeat(8)}00000001${two}${two}` }),
    keyHex(trapdoor(1n, 3), true, { tail: `0000000100000011${'00'.repeat(8 * 17)}${two}${two}` }),
    keyHex(trapdoor(1n, 3), true, { tail: `00000011${'00000000'.repeat(17)}${two}${two}` }),
    keyHex(trapdoor(1n, 3), true, { tail: `00000001000000${two}${two}` }),
    keyHex(trapdoor(1n, 3), true, { tail: `0000000100000000${two}${two.slice(0, -2)}` }),
    keyHex(trapdoor(1n, 3), true, { tail: `0000000100000001${'00'.repeat(4)}` }),
    keyHex(trapdoor(1n, 3), true, { tail: '00000001' }),
    keyHex(trapdoor(1n, 3), true, { tail: '000000' }),
    keyHex(trapdoor(1n, 17)),
    key.slice(0, 576),
    key.slice(0, 576 + 4),
    key.slice(0, -2),
    '',
    key + key.repeat(20),
    ...[infinity, `b0${P.slice(2)}`].flatMap((point) =>
      KEY_POINTS.map((at) => key.slice(0, at) + point + key.slice(at + 64)),
    ),
  ].map((text, i) => ({ name: `key ${i}`, files: { 'bn254-key': file('gateio', text) } })),
  ...[
    proof,
    proofHex(t, 7n, 1n, true),
    proofHex(t, 7n, 2n, true),
    proofHex(t, 8n, 3n, true),
    proofHex(t, 9n, 4n, true),
    `${pa}${strayG2Hex()}${pc}`,
    `${pa.slice(0, 64)}${(Number.parseInt(pa[64]!, 16) | 8).toString(16)}${pa.slice(65)}${pb}${pc}`,
    `${offCurve}${pb}${pc}`,
    `${pa}${pb}${offCurve}`,
    `${'0'.repeat(128)}${pb}${pc}`,
    `${pa}${'0'.repeat(256)}${pc}`,
    `${infinity}${pb}${pc}`,
    `${pa}${infinity}${'00'.repeat(32)}${pc}`,
    `${P}${pa.slice(64)}${pb}${pc}`,
    `${pa}${P}${pb.slice(64)}${pc}`,
    `${pa}${pb}${pc}00`,
    ...[
      '00000000',
      `00000000${'00'.repeat(64)}`,
      `00000000${infinity}`,
      `00000000${infinity}00`,
      `00000000${'00'.repeat(63)}01`,
    ].map((end) => proof + end),
    ...[
      `00000001${g1}`,
      `00000001${g1}${g1}`,
      `00000001${g1}${g1}00`,
      `00000001${g1}${infinity}`,
      `00000001${infinity}${g1}`,
    ].map((end) => proof + end),
    `${proof}00000011${g1.repeat(18)}`,
    proof.slice(0, -2),
    '',
  ].map((text, i) => ({ name: `proof ${i}`, files: { 'bn254-proof': file('gateio', text) } })),
  ...[
    [[7n, proof]],
    [[6n, proof]],
    [
      [7n, proof],
      [8n, proof],
    ],
    [
      [8n, proof],
      [7n, proof],
    ],
    [],
    [[nothing, proofHex(t, nothing)]],
    [
      [7n, shifted(proofHex(t, 7n, 1n), 99n)],
      [7n, shifted(proofHex(t, 7n, 2n), -99n)],
    ],
  ].map((claims, i) => ({
    name: `claims ${i}`,
    files: {
      'bn254-claims': file('gateio', JSON.stringify({ key, claims: claims.map(([input, hex]) => [`${input}`, hex]) })),
    },
  })),
];

const list = whole['cex_config.json']!.text;
const user = whole['user_config.json']!.text;
const asset = '{"TotalEquity":1,"TotalDebt":0,"BasePrice":1,"Symbol":"x0","Index":0}';
const many = Array.from({ length: 13 }, (_, i) => asset.replace('x0', `x${i}`).replace('"Index":0', `"Index":${i}`));
const one = (name: string, text: string, beside: Call['files'] = {}): Call => ({
  name,
  files: { [name]: file('gateio', text), ...beside },
});
const table = whole['proof.csv']!;
const twoRoots = BINANCE[1]!.files['proof.csv']!.text.split('\n');
/** Files of both exchanges that are odd in one way. */
const ODD: readonly Call[] = [
  one('a table of one root a batch', other['proof.csv']!.text),
  {
    name: 'two roots and places',
    files: {
      t: file(
        'binance',
        twoRoots
          .map((line, i) => `${i === 0 ? '"min_account_index","max_account_index"' : '"0","1"'},${line}`)
          .join('\n'),
      ),
    },
  },
  one('a coin of a long name', list.replace('"btc"', `"${'b'.repeat(65)}"`)),
  one('a list longer than the circuit', `{"ProofCsv":"","CexAssetsInfo":[${many}]}`, { t: table }),
  one('a list without line ends', `${list.slice(0, -1)},"pad":"${'x'.repeat(2 ** 20)}"}`),
  one('a file larger than any', `${user.slice(0, -1)},"pad":"${'x'.repeat(8 << 20)}"}`),
  one('an asset beyond the circuit', user.replace('"Index":2', '"Index":60')),
  one('too many assets', user.replace('[{', `[${'{"Index":1,"Equity":1,"Debt":1},'.repeat(801)}{`)),
  one('a customer beside a table that failed', user, { t: { ...table, text: table.text.replace('"0"', '"7"') } }),
  {
    name: 'more lists than any round has',
    files: Object.fromEntries(
      Array.from({ length: 65 }, (_, i) => [`${i}`, file('gateio', `{"ProofCsv":"","CexAssetsInfo":[${asset}]}`)]),
    ),
  },
];

/** Files of both exchanges with anything changed in them: most are refused. */
export const ODD_FILES: readonly Call[] = [
  ...ODD,
  ...tables('gateio', whole['proof.csv']!.text),
  ...tables('binance', other['proof.csv']!.text),
  ...tables('binance', BINANCE[1]!.files['proof.csv']!.text),
  ...alone('user_config.json', whole['user_config.json']!),
  ...alone('cex_config.json', whole['cex_config.json']!),
  ...alone('user_config.json', other['user_config.json']!),
  ...alone('config.json', other['config.json']!),
];
