import { err, ok } from '../domain/result.ts';
import { csvFormat } from './csv-layout.ts';
import { rowWith } from './report-cells.ts';

/**
 * OKX's export for its auditors: signatures without amounts, so that its rows claim nothing. One variant has a `chain` column
 * before `network`, one a `status` at the end; neither changes how a row is checked.
 */
export const format = csvFormat({
  name: 'okx-audit-csv',
  lookedFor: 'a header with digitalAsset, network, address, signedMessage and message, as in the OKX audit export',
  columns: {
    digitalasset: 'asset',
    chain: 'chain',
    network: 'network',
    address: 'address',
    signedmessage: 'signature1',
    signedmessage2: 'signature2',
    message: 'message',
    publickey: 'publicKey',
    owner1: 'owner1',
    owner2: 'owner2',
    status: 'status',
  },
  required: ['asset', 'network', 'address', 'signature1', 'message'],
  numbered: 'line',
  entries({ get, printed }) {
    const label = get('asset');
    const addressText = get('address');
    if (label === null) return err('digitalAsset is missing');
    if (addressText === null) return err('address is missing');
    const row = rowWith({
      label,
      addressText,
      amount: '0',
      unstated: true,
      network: get('network'),
      // A quoted message keeps its blanks: they were signed.
      message: get('message') === null ? null : printed('message'),
      signature1: get('signature1'),
      signature2: get('signature2'),
      scriptOrPubkey: get('publicKey'),
      owner1: get('owner1'),
      owner2: get('owner2'),
    });
    return ok([{ kind: 'row', row }]);
  },
});
