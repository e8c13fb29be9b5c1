import { z } from 'zod';
import { quote } from '../domain/ids.ts';
import { field, isArray, type Json } from '../lib/json.ts';
import type { Entry } from './csv-layout.ts';
import { readAmount, rowWith } from './report-cells.ts';

const text = z.string().min(1);
const decimal = text.regex(/^\d{1,78}(\.\d{1,78})?$/);

/** One address of the project's own layout: `chain` and `asset` are the registry's names; without an asset the chain's own coin. */
const entrySchema = z.strictObject({
  chain: text,
  address: text,
  asset: text.optional(),
  amount: decimal.optional(),
  height: text.optional(),
  type: text.optional(),
  message: text.optional(),
  signature1: text.optional(),
  signature2: text.optional(),
  scriptOrPubkey: text.optional(),
  owner1: text.optional(),
  owner2: text.optional(),
});

const totalSchema = z.strictObject({ asset: text, amount: decimal, height: text.optional() });

/** The project's own layout, `reservewatch.addresses/1`: what config/schema/addresses.schema.json says. */
export const addressesSchema = z.strictObject({
  schema: z.literal('reservewatch.addresses/1'),
  addresses: z.array(entrySchema),
  totals: z.array(totalSchema).optional(),
});

/** The rows, totals and faults of such a document. */
export function entriesOf(document: Json): readonly Entry[] {
  const unknown = Object.keys(document as object).filter((key) => !Object.hasOwn(addressesSchema.shape, key));
  const addresses = field(document, 'addresses');
  const totals = field(document, 'totals') ?? [];
  return [
    ...unknown.map((key): Entry => ({ kind: 'fault', reason: `${quote(key)} is no field of this layout` })),
    ...(isArray(addresses) ? addresses.map(rowOf) : [fault('addresses', 'is no list')]),
    ...(isArray(totals) ? totals.map(totalOf) : [fault('totals', 'is no list')]),
  ];
}

const fault = (where: string, what: string): Entry => ({ kind: 'fault', reason: `${where}: ${what}` });

const issueOf = (error: z.ZodError): string => {
  const issue = error.issues[0];
  return `${issue?.path.join('.') || 'entry'}: ${issue?.message ?? 'not understood'}`;
};

function rowOf(value: Json, at: number): Entry {
  const entry = entrySchema.safeParse(value);
  if (!entry.success) return fault(`addresses[${at}]`, issueOf(entry.error));
  const { chain, address, asset, amount: printed, type, ...proof } = entry.data;
  const amount = readAmount('amount', printed ?? '0');
  if (!amount.ok) return fault(`addresses[${at}]`, amount.error);
  const defined = Object.fromEntries(Object.entries(proof).filter(([, cell]) => cell !== undefined));
  const row = rowWith({
    label: asset ?? chain,
    network: chain,
    addressText: address,
    amount: amount.value,
    ...(printed === undefined ? { unstated: true as const } : {}),
    ...(type === undefined ? {} : { rowType: type }),
    ...defined,
  });
  return { kind: 'row', row };
}

function totalOf(value: Json, at: number): Entry {
  const total = totalSchema.safeParse(value);
  if (!total.success) return fault(`totals[${at}]`, issueOf(total.error));
  const { asset, amount: printed, height } = total.data;
  const amount = readAmount('amount', printed);
  return amount.ok
    ? { kind: 'summary', summary: { label: asset, height: height ?? null, amount: amount.value } }
    : fault(`totals[${at}]`, amount.error);
}
