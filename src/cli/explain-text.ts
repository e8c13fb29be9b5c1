import { escapeText } from '../domain/ids.ts';
import type { Explanation } from '../explain-proof.ts';
import type { TraceStep } from '../lib/trace.ts';

/** An explanation for people: each line one thing that was done, bytes in hex and, where they are text, as text. */
export function explanationText({
  printed,
  label,
  address,
  steps,
  verdict,
  shows,
  doesNotShow,
  flags,
}: Explanation): string {
  const cells: readonly (readonly [string, string | null])[] = [
    ['label', printed.label],
    ['network', printed.network],
    ['type', printed.rowType],
    ['address', printed.addressText],
    ['message', printed.message],
    ['its bytes', printed.messageBytes],
    ['signature1', printed.signature1],
    ['signature2', printed.signature2],
    ['script or key', printed.scriptOrPubkey],
    ['owner1', printed.owner1],
    ['owner2', printed.owner2],
  ];
  const chain = label.chain === null ? 'a chain that is not known' : `${label.networkName} (${label.chain})`;
  const asset = label.assetId === null ? (label.asset ?? 'no known asset') : `${label.asset}, ${label.assetId}`;
  const decoded = address.canonical ?? `not understood: ${address.fault}`;
  const { grade, scheme, reason } = verdict;
  return [
    'As printed',
    ...cells.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(14)}${escapeText(value)}`])),
    'Label',
    `  means ${asset} on ${chain}${label.family === null ? '' : `, family ${label.family}`}`,
    'Address',
    `  is ${escapeText(decoded)}`,
    ...address.steps.map(stepText),
    steps.length === 0 ? 'Proof: nothing was tried' : 'Proof',
    ...steps.map(stepText),
    `Grade ${grade}${scheme === null ? '' : `, scheme ${scheme}`}`,
    ...(reason === null ? [] : [`  because        ${escapeText(reason)}`]),
    `  shows          ${shows}`,
    `  does not show  ${doesNotShow}`,
    ...flags.map(({ flag, meaning }) => `  flag ${flag}: ${meaning}`),
    '',
  ].join('\n');
}

function stepText(step: TraceStep): string {
  switch (step.step) {
    case 'part':
      return `  ${escapeText(step.what)}`;
    case 'try':
      return `    ${step.counts ? 'try' : 'for the diagnosis only, try'} ${escapeText(step.what)}`;
    case 'read': {
      const fields = Object.entries(step.fields).filter(([, value]) => value !== null);
      return `    read ${step.what}: ${fields.map(([name, value]) => `${name} ${escapeText(String(value))}`).join(', ')}`;
    }
    case 'hash':
      return [
        `      ${step.function} of ${step.input || 'nothing'}`,
        ...printable(step.input),
        `        = ${step.output}`,
      ].join('\n');
    case 'recover':
      return [
        `      ${step.curve} recovers from digest ${step.digest}, r ${step.r}, s ${step.s}, recovery id ${step.recoveryId}`,
        `        ${step.key === null ? 'no key' : `key ${step.key}`}`,
      ].join('\n');
    case 'verify':
      return [
        `      ${step.algorithm}: signature ${step.signature} of ${step.signed}`,
        ...printable(step.signed),
        `        by key ${step.key}: ${step.holds ? 'HOLDS' : 'does not hold'}`,
      ].join('\n');
    case 'compare':
      return `      ${step.what}: ${escapeText(step.found)} ${step.equal ? 'FITS' : 'is not'} ${escapeText(step.wanted)}`;
  }
}

/** Bytes that hold a piece of text, as text: what is not printable ASCII stands as \xNN. */
function printable(hex: string): readonly string[] {
  const bytes = [...Buffer.from(hex, 'hex')];
  const shown = bytes.map((byte) => {
    if (byte === 0x5c) return '\\\\';
    return isPrintable(byte) ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  const isText = /[\x20-\x7e]{6}/.test(Buffer.from(bytes).toString('latin1')) || bytes.every(isPrintable);
  return isText && bytes.length > 0 ? [`        in print "${shown.join('')}"`] : [];
}

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
