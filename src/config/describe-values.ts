import type { YamlFile, YamlPath } from '../lib/yaml.ts';
import { type ConfigPart, pathKey } from './read-files.ts';
import type { ConfigValue } from './types.ts';

/** Every written value with its origin, in file order; providers' URLs are cut to their host, other secrets masked. */
export function describeValues(parts: readonly ConfigPart[]): readonly ConfigValue[] {
  return parts.flatMap(({ yaml, sources }) =>
    leaves(yaml.value, []).map(({ path, value }): ConfigValue => {
      const { file, line } = (yaml as YamlFile).faultAt(path, '');
      const from = sources.get(pathKey(path));
      return {
        path: path.join('.'),
        value: mask(path, value),
        origin: `${file}:${line}${from ? ` (${from.join(', ')})` : ''}`,
      };
    }),
  );
}

function leaves(value: unknown, path: YamlPath): { path: YamlPath; value: string }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...path, index]));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  }
  return [{ path, value: String(value) }];
}

function mask(path: YamlPath, value: string): string {
  const key = path.at(-1);
  const secret = path.some((step) => step === 'headers' || (step === 'secrets' && path[0] === 'receivers'));
  if (secret) return '[secret]';
  if (key !== 'url' || (path[0] !== 'receivers' && path[0] !== 'networks')) return value;
  if (!URL.canParse(value)) return '[secret]';
  const { protocol, host, pathname, search, username } = new URL(value);
  const more = pathname.length > 1 || search !== '' || username !== '';
  return `${protocol}//${host}${more ? '/[secret]' : ''}`;
}
