import { err, ok, type Result } from '../domain/result.ts';
import { field, isArray, type Json, numberText } from '../lib/json.ts';
import type { Entry } from './csv-layout.ts';
import { jsonFormat } from './json-layout.ts';
import { readAmount, rowWith } from './report-cells.ts';

/**
 * Coinbase's reserves of a wrapped asset (cbBTC and others): reserve addresses with balances, and their total. What is wrapped
 * (`wrappedAssetsByNetwork`) are liabilities, which are read on the chains themselves.
 */
export const format = jsonFormat({
  name: 'coinbase-json',
  lookedFor: 'a JSON object with "reserveAddresses" and "reservesTotal", as Coinbase publishes for cbBTC',
  // The total may stand behind a list that is longer than the head.
  marks: [/"reserveAddresses"\s*:\s*\[/],
  entries(document) {
    const addresses = field(document, 'reserveAddresses');
    const rows: readonly Entry[] = isArray(addresses)
      ? addresses.map(rowOf)
      : [{ kind: 'fault', reason: 'reserveAddresses is no list' }];
    const total = amountOf(field(document, 'reservesTotal'));
    return total.ok
      ? [...rows, { kind: 'summary', summary: { label: total.value.label, height: null, amount: total.value.amount } }]
      : [...rows, { kind: 'fault', reason: `reservesTotal: ${total.error}` }];
  },
});

function rowOf(entry: Json, at: number): Entry {
  const fault = (reason: string): Entry => ({ kind: 'fault', reason: `reserveAddresses[${at}]: ${reason}` });
  const addressText = textOf(field(entry, 'address'));
  if (addressText === null) return fault('address is missing');
  const balance = amountOf(field(entry, 'balance'));
  return balance.ok
    ? { kind: 'row', row: rowWith({ addressText, ...balance.value }) }
    : fault(`balance: ${balance.error}`);
}

function amountOf(
  value: Json | undefined,
): Result<{ readonly label: string; readonly network: string | null; readonly amount: string }> {
  const printed = field(value, 'amount');
  const amount = readAmount('amount', numberText(printed) ?? textOf(printed) ?? undefined);
  if (!amount.ok) return amount;
  const label = textOf(field(field(value, 'currency'), 'name'));
  if (label === null) return err('currency.name is missing');
  return ok({ label, network: textOf(field(field(value, 'network'), 'name')), amount: amount.value });
}

const textOf = (value: Json | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);
