import { existsSync, readdirSync } from 'node:fs';
import { quote } from './domain/ids.ts';
import { err, ok, type Result } from './domain/result.ts';
import type { ChainFamily } from './seams.ts';

/** chains/ beside src/, in the source tree and in the compiled one alike. */
const CHAINS = new URL('../chains/', import.meta.url);
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const INDEX = `index.${EXTENSION}`;
const ADAPTER = `adapter.${EXTENSION}`;

const loaded = new Map<string, Promise<Result<ChainFamily>>>();

/**
 * The chain families that can be polled, in alphabetical order: the folders under chains/ that have an adapter beside their
 * index. A family without one only reads addresses and grades ownership proofs.
 */
export const chainFamilyNames = (): readonly string[] => foldersWith(INDEX, ADAPTER);

const foldersWith = (...files: readonly string[]): readonly string[] =>
  readdirSync(CHAINS, { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && files.every((file) => existsSync(new URL(`${entry.name}/${file}`, CHAINS))),
    )
    .map((entry) => entry.name)
    .sort();

/** Loads the family of that name once, on demand; an error names the families there are. */
export function loadChainFamily(name: string): Promise<Result<ChainFamily>> {
  let family = loaded.get(name);
  if (family === undefined) {
    family = importFamily(name);
    loaded.set(name, family);
  }
  return family;
}

async function importFamily(name: string): Promise<Result<ChainFamily>> {
  const names = foldersWith(INDEX);
  if (!names.includes(name)) {
    return err(`chain family ${quote(name)} has no folder under chains/; there are ${names.join(', ')}`);
  }
  const module = (await import(new URL(`${name}/${INDEX}`, CHAINS).href)) as { readonly family?: ChainFamily };
  if (module.family?.name !== name) throw new Error(`chains/${name}/${INDEX} does not export its family as ${name}`);
  return ok(module.family);
}
