/** Prints a line. */
export const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** Milliseconds, whole. */
export const ms = (value: number): string => `${value.toFixed(0)} ms`;

/** Prints a figure with its goal, and whether it is met. */
export function result(measured: string, goal: string, met: boolean): boolean {
  say(`${met ? 'met   ' : 'MISSED'}  ${measured}; goal: ${goal}`);
  return met;
}
