import { sha256Bytes } from '../../src/lib/hash.ts';
import { stringifyJson } from '../../src/lib/json.ts';
import { keccak256 } from '../../src/lib/keccak.ts';
import type { CosmosParams } from './params.ts';

/**
 * The hash that a wallet signs for an off-chain text (Cosmos SDK ADR-36): the amino JSON of a transaction without chain, fee or
 * sequence, keys sorted, whose one message holds the text in base64 and the signer's address. Ethermint's keys take
 * Keccak-256, all others SHA-256.
 */
export function adr36Digest(message: string, signer: string, account: CosmosParams['account']): Uint8Array {
  const data = Buffer.from(message, 'utf8').toString('base64');
  const document = {
    account_number: '0',
    chain_id: '',
    fee: { amount: [], gas: '0' },
    memo: '',
    msgs: [{ type: 'sign/MsgSignData', value: { data, signer } }],
    sequence: '0',
  };
  const bytes = Buffer.from(stringifyJson(document), 'utf8');
  return account === 'ethereum' ? keccak256(bytes) : sha256Bytes(bytes);
}
