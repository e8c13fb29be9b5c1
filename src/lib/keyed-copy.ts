import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** The plain value that was kept in a file under that key; null where there is none, or that of another key. */
export function readCopy(file: URL, key: string): unknown {
  try {
    const copy = JSON.parse(readFileSync(file, 'utf8')) as { readonly key?: unknown; readonly value?: unknown };
    return copy.key === key ? copy.value : null;
  } catch {
    return null;
  }
}

/** Keeps a plain value (texts, small numbers, null, lists, objects) under a key, whole or not at all; where nothing may be written, not. */
export function writeCopy(file: URL, key: string, value: unknown): void {
  const part = new URL(`${file.href}.${process.pid}`);
  try {
    writeFileSync(part, JSON.stringify({ key, value }));
    renameSync(part, file);
  } catch {
    rmSync(part, { force: true });
  }
}
