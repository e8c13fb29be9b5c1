import { err, ok, type Result } from '../../src/domain/result.ts';
import { field, isArray, isObject, type Json, numberText, smallInteger } from '../../src/lib/json.ts';
import type { NodeError } from './failures.ts';

/**
 * Puts the answers of a batch in the order of its calls, by id alone (JSON-RPC 2.0 section 6: any order). A call without an answer
 * is undefined. An id that is no number, was not asked for or comes twice is an error of the whole batch: who mixes ids once
 * may have mixed the others too.
 */
export function matchAnswers(reply: Json, firstId: number, count: number): Result<readonly (Json | undefined)[]> {
  if (!isArray(reply)) return err('the batch was not answered with an array');
  const answers = new Array<Json | undefined>(count).fill(undefined);
  for (const answer of reply) {
    const id = isObject(answer) ? smallInteger(field(answer, 'id')) : undefined;
    if (id === undefined) return err('an answer has no number as its id');
    const at = id - firstId;
    if (at < 0 || at >= count) return err(`an answer has the id ${id}, which was not asked for`);
    if (answers[at] !== undefined) return err(`two answers have the id ${id}`);
    answers[at] = answer;
  }
  return ok(answers);
}

/** The error that an answer carries, or null where it carries none. */
export function nodeErrorOf(answer: Json): NodeError | null {
  const error = field(answer, 'error');
  if (error === undefined || error === null) return null;
  const message = field(error, 'message');
  const text = typeof error === 'string' ? error : typeof message === 'string' ? message : 'an error without a message';
  return { code: numberText(field(error, 'code')) ?? 'without code', message: text };
}
