import { field, isArray, type Json } from '../lib/json.ts';
import type { Entry } from './csv-layout.ts';
import { jsonFormat } from './json-layout.ts';
import { rowWith } from './report-cells.ts';

/** Lists of addresses by chain, as people who track exchanges keep them: nobody signs and nothing is claimed; other fields are not read. */
export const format = jsonFormat({
  name: 'chain-lists-json',
  lookedFor: 'a JSON object with "chains": [{"chain": …, "addresses": [texts]}]',
  marks: [/"chains"\s*:\s*\[\s*\{/, /"addresses"\s*:\s*\[/],
  entries(document) {
    const chains = field(document, 'chains');
    return isArray(chains) ? chains.flatMap(rowsOf) : [fault('chains is no list')];
  },
});

const fault = (reason: string): Entry => ({ kind: 'fault', reason });

function rowsOf(list: Json, at: number): readonly Entry[] {
  const network = field(list, 'chain');
  const addresses = field(list, 'addresses');
  if (typeof network !== 'string' || network === '') return [fault(`chains[${at}]: chain is missing`)];
  if (!isArray(addresses)) return [fault(`chains[${at}]: addresses is no list`)];
  return addresses.map((addressText, place): Entry => {
    if (typeof addressText !== 'string' || addressText === '')
      return fault(`chains[${at}].addresses[${place}] is no text`);
    return { kind: 'row', row: rowWith({ label: network, network, addressText, amount: '0', unstated: true }) };
  });
}
