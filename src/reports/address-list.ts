import { err, ok } from '../domain/result.ts';
import { csvFormat } from './csv-layout.ts';
import { rowWith } from './report-cells.ts';

/** A bare list: nobody signs and nothing is claimed; a row without an asset means the chain's own coin. */
export const format = csvFormat({
  name: 'address-list',
  lookedFor: 'the header "chain,address" or "chain,address,asset"',
  columns: { chain: 'chain', address: 'address', asset: 'asset' },
  required: ['chain', 'address'],
  numbered: 'line',
  entries({ get }) {
    const network = get('chain');
    const addressText = get('address');
    if (network === null) return err('chain is missing');
    if (addressText === null) return err('address is missing');
    const row = rowWith({ label: get('asset') ?? network, network, addressText, amount: '0', unstated: true });
    return ok([{ kind: 'row', row }]);
  },
});
