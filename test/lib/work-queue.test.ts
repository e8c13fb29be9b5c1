import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorkQueue } from '../../src/lib/work-queue.ts';

/** A task of the module below: what it answers tells which thread did it and what that thread was told before. */
type Task = { readonly tell: string } | { readonly double: number } | { readonly fail: string };
interface Answer {
  readonly thread: number;
  readonly told: string;
  readonly value: number;
}

const MODULE = `
import { threadId } from 'node:worker_threads';
let told = 'nothing';
export async function work(task) {
  if ('fail' in task) throw new Error(task.fail);
  if ('tell' in task) told = task.tell;
  const until = performance.now() + 2;
  while (performance.now() < until);
  return { thread: threadId, told, value: 'double' in task ? task.double * 2 : 0 };
}`;

let folder: string;
let module: URL;
let here: (task: Task) => Promise<Answer>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reservewatch-queue-'));
  const path = join(folder, 'work.mjs');
  await writeFile(path, MODULE);
  module = pathToFileURL(path);
  here = ((await import(/* @vite-ignore */ module.href)) as { work: typeof here }).work;
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const start = (threads: number) => startWorkQueue<Task, Answer>({ module, task: 'work', threads, here });
const numbers = Array.from({ length: 300 }, (_, at) => at);

describe('a work queue', () => {
  it.each([1, 2, 3])('of %i threads does every task once, all threads at work, each told before', async (threads) => {
    const queue = start(threads);
    try {
      const told = queue.everywhere({ tell: 'first' });
      const early = await Promise.all(numbers.map((double) => queue.run({ double })));
      expect(early.map(({ value }) => value)).toEqual(numbers.map((double) => double * 2));
      await told;
      const late = await Promise.all(numbers.map((double) => queue.run({ double })));
      expect(new Set([...early, ...late].map((answer) => answer.told))).toEqual(new Set(['first']));
      expect(new Set(late.map(({ thread }) => thread)).size).toBe(threads);
    } finally {
      await queue.close();
    }
  });

  it('gives a failure to whoever asked, in whichever thread it was, and goes on', async () => {
    const queue = start(2);
    try {
      const asked = numbers.map((double) => queue.run(double % 3 === 0 ? { fail: `no ${double}` } : { double }));
      const outcomes = await Promise.allSettled(asked);
      for (const [at, outcome] of outcomes.entries()) {
        if (at % 3 === 0) expect(String((outcome as PromiseRejectedResult).reason)).toContain(`no ${at}`);
        else expect(outcome).toMatchObject({ value: { value: at * 2 } });
      }
    } finally {
      await queue.close();
    }
  });

  it('refuses what still waits when it is closed', async () => {
    const queue = start(1);
    const outcomes = Promise.allSettled(numbers.map((double) => queue.run({ double })));
    await queue.close();
    expect((await outcomes).filter(({ status }) => status === 'rejected').length).toBeGreaterThan(250);
  });
});
