import { jsonFormat } from './json-layout.ts';

/** Lists that somebody writes for reservewatch: everything that a row can say, amounts as decimal texts. */
export const format = jsonFormat({
  name: 'reservewatch-json',
  lookedFor: 'a JSON object with "schema": "reservewatch.addresses/1" (config/schema/addresses.schema.json)',
  marks: [/"schema"\s*:\s*"reservewatch\.addresses\/1"/],
  // The schema is loaded with the first such file: every other one, and every thread, does without its library.
  entries: async (document) => (await import('./reservewatch-json.ts')).entriesOf(document),
});
