import type { Look } from './fixtures.ts';

/** The level machine once more, from the tables of the specification and nothing of the code under test. */
export interface Ref {
  phase: 'ok' | 'pending' | 'firing' | 'recovering';
  n: number;
  seen: [bigint, bigint];
  episode: number;
  sequence: number;
  notified: number;
}
export const newRef = (): Ref => ({ phase: 'ok', n: 0, seen: [-1n, -1n], episode: 0, sequence: 0, notified: 0 });

interface Numbers {
  readonly fire: bigint;
  readonly clear: bigint;
  readonly needed: number;
  readonly clears: number;
  readonly repeat: number;
}
type Word = 'fired' | 'resolved' | 'escalated' | 'repeated';

function say(look: Look | null, { fire, clear }: Numbers): 'B' | 'C' | 'H' | 'U' {
  if (!look || look.quality === 'stale' || look.assurance === null || (look.assurance ?? 'A2') < 'A2') return 'U';
  return look.hi < fire ? 'B' : look.lo >= clear ? 'C' : look.lo === look.hi ? 'H' : 'U';
}

/** One look at all levels, mildest first: the words said, in order, as [level, word, episode, sequence]. */
export function refLook(refs: Ref[], numbers: readonly Numbers[], look: Look | null, now: number) {
  const was = refs.map(({ phase }) => phase);
  const wasOpen = was.map((phase) => phase === 'firing' || phase === 'recovering');
  const fired: number[] = [];
  const resolved: number[] = [];
  refs.forEach((ref, level) => {
    const rule = numbers[level] as Numbers;
    const word = say(look, rule);
    const second = look?.secondHeavy ?? true;
    const newer =
      look !== null &&
      look.heights[0] > ref.seen[0] &&
      (!second || (!look.secondMissing && look.heights[1] > ref.seen[1]));
    const count = () => {
      ref.n += 1;
      ref.seen = [(look as Look).heights[0], second ? (look as Look).heights[1] : ref.seen[1]];
    };
    const reset = () => Object.assign(ref, { phase: 'ok', n: 0, seen: [-1n, -1n] });
    if (word === 'U') return;
    if (!wasOpen[level]) {
      if (word !== 'B') reset();
      else {
        if (newer) count();
        ref.phase = 'pending';
        if (ref.n >= rule.needed) {
          Object.assign(ref, { phase: 'firing', n: 0, episode: ref.episode + 1, sequence: 0 });
          fired.push(level);
        }
      }
    } else if (word !== 'C') Object.assign(ref, { phase: 'firing', n: 0 });
    else if ((look?.quality ?? 'complete') === 'complete' && newer) {
      count();
      ref.phase = 'recovering';
      if (ref.n >= rule.clears) {
        reset();
        resolved.push(level);
      }
    }
  });
  const words: [number, Word, number, number][] = [];
  const speak = (level: number, word: Word) => {
    const ref = refs[level] as Ref;
    ref.sequence += 1;
    ref.notified = now;
    words.push([level, word, ref.episode, ref.sequence]);
  };
  const open = (level: number) => ['firing', 'recovering'].includes((refs[level] as Ref).phase);
  const top = Math.max(-1, ...fired);
  const joined = [0, 1, 2].filter((level) => level < top && wasOpen[level] && open(level));
  for (const level of [...resolved].reverse()) speak(level, 'resolved');
  for (const level of joined) speak(level, 'escalated');
  for (const level of fired) speak(level, 'fired');
  for (const level of [0, 1, 2]) {
    if (!wasOpen[level] || !open(level) || joined.includes(level)) continue;
    const inhibited = [0, 1, 2].some((other) => other > level && open(other));
    const due = now - (refs[level] as Ref).notified >= (numbers[level] as Numbers).repeat;
    if (due && !inhibited) speak(level, 'repeated');
  }
  return words;
}
