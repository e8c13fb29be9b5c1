import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { field, parseJson } from '../lib/json.ts';

/** The version in the package.json above this module (it works from src and from dist). */
export function codeVersion(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    if (dirname(folder) === folder)
      throw new Error('no package.json above the program: the installation is not complete');
    folder = dirname(folder);
  }
  const parsed = parseJson(readFileSync(join(folder, 'package.json'), 'utf8'));
  const version = parsed.ok ? field(parsed.value, 'version') : undefined;
  if (typeof version !== 'string') throw new Error(`${join(folder, 'package.json')} states no version`);
  return version;
}
