import { err, ok } from '../domain/result.ts';
import { csvFormat, type Entry } from './csv-layout.ts';
import { readAmount, rowWith } from './report-cells.ts';

/**
 * Bybit's list: one line per coin and chain, all its addresses in one cell, and one amount for them together. That amount is
 * printed once and is claimed once, by the first address of its line; the others state none. `COIN(ALL)` is a total.
 */
export const format = csvFormat({
  name: 'bybit-csv',
  lookedFor: `the header "Coin,Height,Amount,Address", as in Bybit's bybit_por CSV`,
  columns: { coin: 'coin', height: 'height', amount: 'amount', address: 'address' },
  required: ['coin', 'height', 'amount', 'address'],
  numbered: 'entry',
  entries({ get, printed }) {
    const coin = get('coin');
    if (coin === null) return err('coin is missing');
    const amount = readAmount('amount', printed('amount'));
    if (!amount.ok) return amount;
    const height = get('height');
    const addresses =
      get('address')
        ?.split(/[\s;,]+/)
        .filter((text) => text !== '') ?? [];
    if (addresses.length === 0) {
      return /\(all\)$/i.test(coin)
        ? ok([{ kind: 'summary', summary: { label: coin, height, amount: amount.value } }])
        : err('address is missing');
    }
    const dash = coin.indexOf('-');
    const label = dash < 1 ? coin : coin.slice(0, dash);
    const network = dash < 1 ? null : coin.slice(dash + 1);
    const rows = addresses.map((addressText, at): Entry => {
      const claim = at === 0 ? { amount: amount.value } : { amount: '0', unstated: true as const };
      return { kind: 'row', row: rowWith({ label, network, height, addressText, ...claim }) };
    });
    return ok(rows);
  },
});
