import type { Layout, Unit } from './documents.ts';
import type { Random } from './random.ts';

/** Amounts that no layout reads. Quotes and commas among them keep CSV cells whole. */
const BAD_AMOUNTS = [
  'x',
  '-1',
  '1e9',
  '0x10',
  '١',
  '１',
  '1.2.3',
  '.5',
  '5.',
  'NaN',
  '1 000',
  '+1',
  '9'.repeat(200),
  '1\u202e5',
  '1\u00005',
  '--',
];

/** What people and attackers put into files. None holds a line end. */
const NASTY = [
  ',',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ':',
  ';',
  '\t',
  '\u0000',
  '\ufeff',
  '\u202e',
  '\u2066',
  '\u001b[31m',
  '\r',
  '\\',
  '-',
  '#',
  '&a',
  '*a',
  '!!int',
  '__proto__',
  'constructor',
  '9'.repeat(100),
  '-5',
  '1e400',
  'NaN',
  'é',
  '𝄞',
  '\\u0031',
  'coin',
  'address',
  'null',
  '"a,b"',
  '{"a":1}',
  '[1,2]',
  '- ',
  '  ',
  '0X',
];

/** The units after some changes whose outcome is known: what each must then be read as stands in it. */
export function mutateKnown(units: readonly Unit[], layout: Layout, random: Random): readonly Unit[] {
  const changed = [...units];
  for (let count = random.int(4); count > 0; count -= 1) {
    const places = changed.flatMap(({ kind, faulty }, at) => (kind === 'record' && faulty === false ? [at] : []));
    if (places.length === 0) return changed;
    const at = random.pick(places);
    const unit = changed[at] as Unit;
    const kind = random.int(6);
    if (kind === 0 && places.length > 1) changed.splice(at, 1);
    else if (kind === 1) changed.splice(at, 0, unit);
    else if (kind === 2) {
      const other = random.pick(places);
      // Units of one kind may change places within one list; in the other layouts records are alike anywhere.
      if (layout.name !== 'chain-lists-yaml') [changed[at], changed[other]] = [changed[other] as Unit, unit];
    } else if (kind === 3 || kind === 4) {
      const text = layout.withAmount(unit, random.pick(BAD_AMOUNTS));
      if (text !== null) changed[at] = { text, kind: 'record', rows: [], faulty: true };
    } else if (layout.shape === 'line') {
      changed[at] = { text: noisy(unit.text, random), kind: 'record', rows: [], faulty: null };
    } else if (layout.name === 'bitmex-yaml') {
      // A field that stands twice: nobody knows which was meant.
      const text = `${unit.text}\n${random.pick(unit.text.split('\n').slice(1))}`;
      changed[at] = { text, kind: 'record', rows: [], faulty: true };
    }
  }
  return changed;
}

/** One line with a few characters changed; it stays one line. */
function noisy(text: string, random: Random): string {
  let changed = text;
  for (let count = 1 + random.int(3); count > 0; count -= 1) {
    const at = random.int(changed.length + 1);
    const cut = random.int(4);
    changed = changed.slice(0, at) + random.pick(NASTY) + changed.slice(at + cut);
  }
  return changed;
}

/** Bytes after changes anywhere: flips, cuts, swaps, repeated and removed parts and lines, other separators and line ends. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let changed = bytes;
  for (let count = 1 + random.int(4); count > 0; count -= 1) changed = mutateOnce(changed, random);
  return changed;
}

function mutateOnce(bytes: Buffer, random: Random): Buffer {
  const [from, to] = [random.int(bytes.length + 1), random.int(bytes.length + 1)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  const [head, part, tail] = [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)];
  const near = bytes.subarray(from, from + 1 + random.int(8));
  const afterNear = bytes.subarray(from + near.length);
  const replaced = (pattern: RegExp, by: string): Buffer =>
    Buffer.from(bytes.toString('latin1').replace(pattern, by), 'latin1');
  const lines = (): string[] => bytes.toString('latin1').split('\n');
  switch (random.int(13)) {
    case 0:
    case 1: {
      const flipped = Buffer.from(bytes);
      if (from < flipped.length) flipped[from] = (flipped[from] as number) ^ (1 << random.int(8));
      return flipped;
    }
    case 2:
      return Buffer.concat([head, afterNear]);
    case 3:
      return random.chance(3) ? head : Buffer.concat([head, near, near, afterNear]);
    case 4:
    case 5:
      return Buffer.concat([head, Buffer.from(random.pick(NASTY)), bytes.subarray(from)]);
    case 6:
      return Buffer.concat([
        head,
        Buffer.of(random.pick([0xff, 0xc3, 0x80, 0xed, 0x00, 0x0a, 0x0d])),
        bytes.subarray(from),
      ]);
    case 7:
      return random.chance(4) ? Buffer.concat([head, tail, part]) : Buffer.concat([Buffer.from('\ufeff'), bytes]);
    case 8:
      return random.chance(3)
        ? replaced(/,/g, random.pick([';', '\t', ', ']))
        : replaced(/\n/g, random.pick(['\r\n', '\r', '\n\n']));
    case 9:
    case 10: {
      const all = lines();
      const at = random.int(all.length);
      const line = all[at] as string;
      all.splice(
        at,
        1,
        ...random.pick([[], [line, line], [line, ''], [line.slice(1)], [`${line},`], [`${line},x`], [` ${line}`]]),
      );
      return Buffer.from(all.join('\n'), 'latin1');
    }
    case 11: {
      const all = lines();
      const [a, b] = [random.int(all.length), random.int(all.length)];
      [all[a], all[b]] = [all[b] as string, all[a] as string];
      return Buffer.from(all.join('\n'), 'latin1');
    }
    default:
      return replaced(/\d+/, random.pick(['9'.repeat(400), '-7', '1e5', '"7"', '', '00', '7,7']));
  }
}
