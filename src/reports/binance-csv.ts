import { CUSTODY_ROW } from '../domain/attestation.ts';
import { err, ok } from '../domain/result.ts';
import { csvFormat } from './csv-layout.ts';
import { readAmount, rowWith } from './report-cells.ts';

/**
 * Binance's hot and cold wallets, and its deposit addresses: amounts without signatures. Where a custodian is named, the coins
 * are held by somebody else, which the row's type says.
 */
export const format = csvFormat({
  name: 'binance-csv',
  lookedFor: `the header "coin,network,address,balance,Height" with or without "Third party custodian name", as in Binance's HotCold and Deposit files`,
  columns: {
    coin: 'coin',
    network: 'network',
    address: 'address',
    balance: 'balance',
    height: 'height',
    'third party custodian name': 'custodian',
    'third party custodian': 'custodian',
    custodian: 'custodian',
  },
  required: ['coin', 'network', 'address', 'balance'],
  numbered: 'line',
  entries({ get, printed }) {
    const label = get('coin');
    const addressText = get('address');
    if (label === null) return err('coin is missing');
    if (addressText === null) return err('address is missing');
    const amount = readAmount('balance', printed('balance'));
    if (!amount.ok) return amount;
    const custodian = get('custodian');
    const rowType = custodian === null ? null : `${CUSTODY_ROW}: ${custodian}`;
    const row = rowWith({
      label,
      addressText,
      amount: amount.value,
      rowType,
      network: get('network'),
      height: get('height'),
    });
    return ok([{ kind: 'row', row }]);
  },
});
