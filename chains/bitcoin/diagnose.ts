import { quote } from '../../src/domain/ids.ts';
import { okxEnvelopeDigest } from '../../src/lib/okx-envelope.ts';
import { trace } from '../../src/lib/trace.ts';
import { KNOWN_HEADERS, signedMessageDigest } from './message.ts';
import { type RecoverableSignature, type RecoveryId, recoverSigner, type Signer } from './signature.ts';

/**
 * Says of a signature that failed what would have made it fit (another coin's message header, blanks or line ends of
 * the message, the other form of the key, another recovery id), or null. It only explains: nothing found here is accepted.
 */
export function explainFailure(
  signature: RecoverableSignature,
  message: string,
  header: string,
  accepts: (signer: Signer) => boolean,
): string | null {
  const fits = (what: string, candidate: RecoverableSignature, makeDigest: () => Uint8Array): boolean => {
    trace?.attempt(what, false);
    const digest = makeDigest();
    const signer = recoverSigner(candidate, digest);
    return signer !== null && accepts(signer);
  };
  const digestOf = (text: string) =>
    signature.kind === 'okx-hex' ? okxEnvelopeDigest(text) : signedMessageDigest(header, text);

  const digest = () => digestOf(message);
  if (signature.kind === 'bip137') {
    const otherForm = {
      ...signature,
      header: signature.header < 31 ? signature.header + 4 : 27 + signature.recoveryId,
    };
    if (fits('the other form of the key', otherForm, digest)) {
      return `it would fit the ${signature.header < 31 ? 'compressed' : 'uncompressed'} form of the key, but header ${signature.header} states the other`;
    }
    const other = KNOWN_HEADERS.find(
      (known) =>
        known !== header && fits(`the header ${quote(known)}`, signature, () => signedMessageDigest(known, message)),
    );
    if (other !== undefined) return `it would fit with the message header ${quote(other)} of another coin`;
  }
  for (const [what, text] of messageVariants(message)) {
    if (text !== message && fits(`the message ${what}`, signature, () => digestOf(text)))
      return `it would fit the message ${what}`;
  }
  for (const recoveryId of [0, 1, 2, 3] as const satisfies readonly RecoveryId[]) {
    if (
      recoveryId !== signature.recoveryId &&
      fits(`the recovery id ${recoveryId}`, { ...signature, recoveryId }, digest)
    ) {
      return `it would fit with the recovery id ${recoveryId} in place of ${signature.recoveryId}`;
    }
  }
  return null;
}

const messageVariants = (message: string): readonly (readonly [string, string])[] => [
  ['without the blanks around it', message.trim()],
  ['with a line end after it', `${message}\n`],
  ['with a CR LF after it', `${message}\r\n`],
  ['with LF in place of CR LF', message.replaceAll('\r\n', '\n')],
  ['with CR LF in place of LF', message.replace(/(?<!\r)\n/g, '\r\n')],
];
