import type { PhysicalLine } from '../../lib/lines.ts';
import type { CheckName } from '../check-names.ts';
import type { Checklist } from '../checklist.ts';
import { type LineCursor, openCursor } from './line-cursor.ts';
import { MAX_TREE_LEVELS, type RebuiltTree, type TreeFault, type TreeFormat } from './tree-format.ts';

/** The names of the checks of a rebuild, with what each says when it holds. */
const CHECKS: readonly (readonly [CheckName, string])[] = Object.entries({
  lines: 'every line is a node of this format',
  signs: 'no amount is negative',
  amounts: 'every amount is a plain number within range',
  levels: 'heights and counts of the levels make one tree',
  padding: 'only a level of an odd number of nodes is filled up, by an empty copy of its last node',
  parents: 'every parent line, hash and sums, is the one rebuilt from its two children',
} satisfies Partial<Record<CheckName, string>>) as [CheckName, string][];

/**
 * Rebuilds a whole tree from its lines in flat memory: one reader walks over the children, a second one over their parents, and
 * each parent's line is made anew from its two children and compared as a whole. The first fault ends the work.
 */
export async function rebuildTree(
  chunks: () => AsyncIterable<Uint8Array>,
  format: TreeFormat,
  checks: Checklist,
  onLeaf: ((line: string) => void) | null,
): Promise<RebuiltTree | null> {
  const parents = openCursor(chunks());
  const children = openCursor(chunks());
  try {
    const walked = await walk(parents, children, format, (name) => checks.off(name), onLeaf);
    const fault = 'check' in walked ? walked : null;
    for (const [name, detail] of CHECKS) {
      if (name === 'padding' && !format.padded) continue;
      if (name === fault?.check) {
        checks.require(name, false, fault.detail);
        return null;
      }
      checks.require(name, true, fault === null ? detail : `${detail}, up to the fault below`);
    }
    return 'check' in walked ? null : walked;
  } finally {
    await parents.close();
    await children.close();
  }
}

const linesFault = (detail: string): TreeFault => ({ check: 'lines', detail });

/** A line with its place, for a fault. */
const at = ({ line }: PhysicalLine, { check, detail }: TreeFault): TreeFault => ({
  check,
  detail: `line ${line}: ${detail}`,
});

async function walk(
  parents: LineCursor,
  children: LineCursor,
  format: TreeFormat,
  off: (check: string) => boolean,
  onLeaf: ((line: string) => void) | null,
): Promise<RebuiltTree | TreeFault> {
  for (const cursor of [parents, children]) {
    for (let skipped = 0; skipped < format.headerLines; skipped += 1) {
      const line = await current(cursor);
      const fault = line === undefined ? linesFault('the file ends in its header') : format.header(line.text);
      if (fault !== null && (!off(fault.check) || line === undefined)) return fault;
      cursor.skip();
    }
  }
  const root = await current(children);
  const top = root === undefined || root.fault !== undefined ? null : format.rootHeight(root.text);
  if (root === undefined || top === null) return { check: 'lines', detail: 'the first node is no root of this format' };
  const rootFault = format.fault(root.text, top);
  if (rootFault !== null && !off(rootFault.check)) return at(root, rootFault);
  children.skip();
  const level = { height: top, here: 0, above: 1, levels: 1, mayShift: false, filled: false };
  startLevel();
  let first: PhysicalLine | undefined;

  for (;;) {
    if (first === undefined && level.here > 0 && !level.mayShift && !watched()) {
      for (const cursor of [children, parents]) if (isShort(cursor)) await cursor.more();
      const pairs = format.quick(
        children.window,
        parents.window,
        level.height,
        format.pairsLeft(level.here, level.above),
      );
      level.here += 2 * pairs;
      children.passed(2 * pairs);
      parents.passed(pairs);
    }
    const child = children.peek();
    if (child === undefined) {
      if (await children.more()) continue;
      break;
    }
    if (child.fault !== undefined) return at(child, { check: 'lines', detail: child.fault });
    // A pair may need its parent, and the one after it where the first is padding.
    while (parents.peek(2) === undefined && isModest(parents) && (await parents.more()));
    if (level.here > 0 && format.opensLevel(child.text, level.height, level.here, level.above)) {
      const fault = endLevel();
      if (fault !== null) return at(child, fault);
      level.above = level.here;
      level.here = 0;
      startLevel();
      if (level.levels > MAX_TREE_LEVELS && !off('levels'))
        return at(child, { check: 'levels', detail: 'more levels than a tree can have' });
    }
    children.skip();
    level.here += 1;
    if (watched()) onLeaf?.(child.text);
    if (first === undefined) {
      first = child;
      continue;
    }
    const fault = pair(first, child);
    if (fault !== null) return at(first, fault);
    first = undefined;
  }
  const empty: TreeFault = { check: 'levels', detail: 'the tree has no leaves' };
  const fault = level.here === 0 ? empty : endLevel();
  if (fault !== null) return fault;
  if (format.leafHeight !== null && level.height !== format.leafHeight && !off('levels'))
    return { check: 'levels', detail: 'the file ends above the leaves' };
  return { rootLine: root.text, leaves: level.here, levels: level.levels };

  /** Whether somebody looks at each line of this level. */
  function watched(): boolean {
    return onLeaf !== null && (format.leafHeight === null || level.height === format.leafHeight);
  }

  function startLevel(): void {
    level.height -= 1;
    level.levels += 1;
    level.filled = false;
    level.mayShift = format.padded && level.levels > 2;
  }

  function pair(one: PhysicalLine, other: PhysicalLine): TreeFault | null {
    const [left, right] = format.rightFirst ? [other.text, one.text] : [one.text, other.text];
    const fault = format.fault(one.text, level.height) ?? format.fault(other.text, level.height);
    if (fault !== null && !off(fault.check)) return fault;
    const above = format.parentLine(left, right, level.height);
    if (format.padded && one.text !== other.text && !off('padding') && format.sameHash(one.text, other.text)) {
      const filled = format.isPadding(one.text, other.text);
      if (!filled) return { check: 'padding', detail: 'two nodes have one hash, and the first is no empty copy' };
    }
    const parent = parents.peek()?.text;
    if (above === parent) {
      // As long as all parents so far are the same line, the first of them may still turn out to be the padding.
      if (level.mayShift) level.mayShift = parents.peek(1)?.text === parent;
      parents.skip();
      return null;
    }
    if (level.mayShift && parent !== undefined && above === parents.peek(1)?.text) {
      // After a run of one line it is that line's padding, printed before it: here the run is merely found to be one longer.
      const sibling = level.here === 2 ? above : parent;
      if (!format.isPadding(parent, sibling) && !off('padding')) {
        return { check: 'padding', detail: 'the level above is filled up with a node that is no empty copy' };
      }
      level.mayShift = false;
      level.filled = true;
      parents.skip();
      parents.skip();
      return null;
    }
    parents.skip();
    return off('parents')
      ? null
      : { check: 'parents', detail: 'the parent rebuilt from this node and the next is not in its place' };
  }

  /** A level is over: all of its nodes are in pairs, and all nodes above have their pair. */
  function endLevel(): TreeFault | null {
    if (off('levels')) return null;
    if (level.here % 2 !== 0) return { check: 'levels', detail: 'a level with an odd number of nodes ends here' };
    const expected = level.filled ? level.above - 1 : level.above;
    if (level.here / 2 === expected) return null;
    // All nodes above are one line, empty and its own padding.
    if (level.mayShift && level.here / 2 === level.above - 1) {
      const extra = parents.peek()?.text ?? '';
      parents.skip();
      if (format.isPadding(extra, extra) || off('padding')) return null;
      return { check: 'padding', detail: 'the level above is filled up with a node that is no empty copy' };
    }
    return { check: 'levels', detail: 'a level ends here with another number of nodes than those above need' };
  }
}

/** Bytes that the quick way wants ahead of it. */
const AHEAD = 1024;
/** Lines that are longer than what is read ahead anyway are no nodes: nothing is read for their sake. */
const MOST_AHEAD = 1024 * 1024;
const isModest = ({ window }: LineCursor): boolean => window.end - window.at < MOST_AHEAD;
const isShort = ({ window }: LineCursor): boolean => window.end - window.at < AHEAD;

async function current(cursor: LineCursor): Promise<PhysicalLine | undefined> {
  while (cursor.peek() === undefined && (await cursor.more())) {
    /* until a line is there */
  }
  return cursor.peek();
}
