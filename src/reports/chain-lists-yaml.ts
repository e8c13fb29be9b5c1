import type { ReportItem } from '../domain/attestation.ts';
import { quote } from '../domain/ids.ts';
import { beyondLimit, type Limits } from '../domain/limits.ts';
import { ok } from '../domain/result.ts';
import type { PhysicalLine } from '../lib/lines.ts';
import type { ReportFormat } from '../seams.ts';
import { faultAt, isBeyondField, rowWith } from './report-cells.ts';
import { readYamlLine } from './yaml-lines.ts';

/** Lists of addresses under the names of their chains, as in BitMEX's token reserves: nobody signs and nothing is claimed. */
export const format: ReportFormat = {
  name: 'chain-lists-yaml',
  lookedFor: `YAML of nothing but chains with lists of addresses ("ethereum:", then "- 0x…")`,
  recognise: (head) => (isChainLists(head) ? ok('chain-lists-yaml') : null),
  read,
};

/** Whether the first line that says something is a chain alone, and somewhere an item is neither a map nor a list. */
function isChainLists(head: string): boolean {
  const lines = head.split('\n').map((text) => text.trim());
  const first = lines.find((text) => text !== '' && text !== '---' && !text.startsWith('#'));
  return first !== undefined && /^[A-Za-z][\w.-]*:$/.test(first) && lines.some((text) => ITEM.test(text));
}

const ITEM = /^- +['"]?[A-Za-z0-9]+['"]?$/;

async function* read(
  batches: AsyncIterable<readonly PhysicalLine[]>,
  limits: Limits,
): AsyncGenerator<readonly ReportItem[]> {
  /** Null before the first chain, and below a line at the margin that is none. */
  let chain: string | null = null;
  const readLine = ({ line, text, fault }: PhysicalLine): ReportItem | null => {
    const atMargin = !/^[ -]/.test(text);
    if (fault !== undefined) return faultAt(line, fault);
    const read = readYamlLine(text);
    if (!read.ok) {
      if (atMargin) chain = null;
      return faultAt(line, read.error);
    }
    if (read.value === null) return null;
    const { key, dash, value } = read.value;
    if (atMargin) {
      chain = value.kind === 'block' ? key : null;
      return chain === null ? faultAt(line, `${quote(text)} is no chain with a list`) : null;
    }
    if (!dash || key !== null || value.kind !== 'scalar' || value.scalar === null) {
      return faultAt(line, `${quote(text)} is no address of a list`);
    }
    if (chain === null) return faultAt(line, `${quote(text)} stands under no chain`);
    if (isBeyondField(value.scalar, limits)) return faultAt(line, `the address ${beyondLimit('maxField', limits)}`);
    const row = rowWith({ label: chain, network: chain, addressText: value.scalar, amount: '0', unstated: true });
    return { kind: 'row', row: { ...row, line } };
  };
  for await (const lines of batches) yield lines.map(readLine).filter((item) => item !== null);
}
