import type { LiabilityFile } from '../types.ts';
import { folderOf, MAX_SMALL_BYTES } from './sum-files.ts';

/** One a month from 2023-04 to 2024-08 are 17; configurations beyond this are taken for one hostile round. */
const MOST_ROUNDS = 64;

/**
 * The sum files of a call by round: where several configurations lie in folders beside each other and every file lies under one of
 * them, a folder is a round. In any other case all are one round; no files are none.
 */
export async function splitRounds(files: readonly LiabilityFile[]): Promise<readonly (readonly LiabilityFile[])[]> {
  const homes = new Set<string>();
  for (const file of files) if (await isConfig(file)) homes.add(folderOf(file.name));
  if (homes.size > MOST_ROUNDS) return [files];
  const rounds = [...homes].map((home) => files.filter(({ name }) => liesUnder(name, home)));
  const apart = files.every(({ name }) => [...homes].filter((home) => liesUnder(name, home)).length === 1);
  return apart ? rounds : [files];
}

const liesUnder = (name: string, home: string): boolean =>
  name.startsWith(home) && /^[/\\]/.test(name.slice(home.length));

async function isConfig(file: LiabilityFile): Promise<boolean> {
  const text = await file.readText(MAX_SMALL_BYTES);
  return text.ok && text.value.includes('"main_coins_num"');
}
