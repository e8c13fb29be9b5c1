import { quote } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';

/** Where the values come from. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a secret file, or why it cannot be read. */
  readonly readFile: (path: string) => Result<string>;
}

const REFERENCE = /\$\$\{|\$\{([^{}]*)\}/g;

/**
 * Replaces `${VAR}`, `${VAR:-default}` (unset or empty: the default) and `${file:/absolute/path}` (final line end removed)
 * in one string value; `$${` stands for a literal `${`. What is put in is never looked at again. Unset, empty and malformed
 * references are errors that name the variable. `used` receives the name of each source.
 */
export function interpolate(
  text: string,
  from: Surroundings,
  used: (source: string) => void = () => {},
): Result<string> {
  const errors: string[] = [];
  const result = text.replace(REFERENCE, (whole, inside: string | undefined) => {
    if (inside === undefined) return '${';
    const value = lookUp(inside, from);
    if (!value.ok) {
      errors.push(value.error);
      return whole;
    }
    used(inside.startsWith('file:') ? inside : `env ${inside.split(':-')[0]}`);
    return value.value;
  });
  if (text.replace(REFERENCE, '').includes('${')) errors.push('a ${ is not closed, or stands inside another one');
  return errors.length > 0 ? err(errors.join('; ')) : ok(result);
}

function lookUp(inside: string, { env, readFile }: Surroundings): Result<string> {
  if (inside.startsWith('file:')) {
    const path = inside.slice('file:'.length);
    if (!path.startsWith('/')) return err(`file path ${quote(path)} in \${file:…} must be absolute`);
    const text = readFile(path);
    return text.ok ? ok(text.value.replace(/\r?\n$/, '')) : text;
  }
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/.exec(inside);
  if (!match) return err(`\${${quote(inside).slice(1, -1)}} is not \${VAR}, \${VAR:-default} or \${file:/path}`);
  const [, variable, fallback] = match as unknown as [string, string, string | undefined];
  const value = Object.hasOwn(env, variable) ? env[variable] : undefined;
  if (value !== undefined && value !== '') return ok(value);
  if (fallback !== undefined) return ok(fallback);
  return err(
    `environment variable ${variable} is ${value === '' ? 'empty' : 'not set'}: set it, or write \${${variable}:-default}`,
  );
}
