import type { CheckName } from '../check-names.ts';
import type { Window } from './line-cursor.ts';

/** The most levels of a tree: more leaves than people live. */
export const MAX_TREE_LEVELS = 48;

/** What is wrong, and which check says so. */
export interface TreeFault {
  readonly check: CheckName;
  readonly detail: string;
}

/** How one publisher prints a full sum tree, root first, level by level: the whole difference between the formats. */
export interface TreeFormat {
  /** Lines before the root; each is checked by `header`. */
  readonly headerLines: number;
  header(line: string): TreeFault | null;
  /** Whether each level is printed from right to left. */
  readonly rightFirst: boolean;
  /** Whether a level of an odd number of nodes, but the root's, is filled up with an empty copy of its last node. */
  readonly padded: boolean;
  /** The root's height, or null where its line is none. */
  rootHeight(line: string): number | null;
  /** Whether the line opens the next level down, when this level has `here` lines and the one above `above`. */
  opensLevel(line: string, height: number, here: number, above: number): boolean;
  /**
   * Rebuilds as many parents as fit without a closer look, moves both windows past them and returns their number: `most` at most.
   * It may accept only what the careful way below would.
   */
  quick(children: Window, parents: Window, height: number, most: number): number;
  /** How many more pairs a level may have, when it has `here` lines and the one above `above`. */
  pairsLeft(here: number, above: number): number;
  /** Why a line is no node of that height, or may not be one; null where nothing is wrong. */
  fault(line: string, height: number): TreeFault | null;
  /** The whole line that must stand above these two, whatever `fault` says; null where they cannot be read. */
  parentLine(left: string, right: string, height: number): string | null;
  /** Whether the line is an empty copy of the sibling after it. */
  isPadding(line: string, sibling: string): boolean;
  sameHash(line: string, sibling: string): boolean;
  /** The height at which leaves stand, where lines tell; null where the last level is the leaves'. */
  readonly leafHeight: number | null;
}

/** What a rebuilt tree is. */
export interface RebuiltTree {
  readonly rootLine: string;
  /** Lines of the last level, padding among them. */
  readonly leaves: number;
  readonly levels: number;
}
