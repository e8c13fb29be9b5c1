import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from '../src/config-schema.ts';
import { stringifyJson } from '../src/lib/json.ts';

const FILE = 'config/schema/reservewatch.schema.json';

describe('the JSON Schema of reservewatch.yaml', () => {
  it('is the one that ships (UPDATE=1 writes it anew)', () => {
    const text = `${stringifyJson(configJsonSchema(), 2)}\n`;
    if (process.env['UPDATE'] === '1') writeFileSync(FILE, text);
    expect(readFileSync(FILE, 'utf8')).toBe(text);
  });

  it('is draft 7 and closed, with a description for the keys that people write', () => {
    const schema = configJsonSchema() as {
      $schema: string;
      additionalProperties: boolean;
      properties: Record<string, { description?: string }>;
    };
    expect(schema.$schema).toContain('draft-07');
    expect(schema.additionalProperties).toBe(false);
    expect(
      Object.entries(schema.properties)
        .filter(([, { description }]) => description === undefined)
        .map(([key]) => key),
    ).toEqual([]);
  });
});
