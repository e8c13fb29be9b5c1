import { quote } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { keccak256Hex } from './keccak.ts';
import { trace } from './trace.ts';

const HEX_ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/**
 * Reads `0x` and 40 hex digits and returns them in lower case. Mixed case must carry the right EIP-55 checksum; all lower or all upper
 * digits carry none and pass.
 */
export function parseEthAddress(text: string): Result<string> {
  // A row's address is asked for twice, one after the other.
  if (last !== null && last.text === text && trace === null) return last.address;
  const address = readEthAddress(text);
  last = { text, address };
  return address;
}

let last: { readonly text: string; readonly address: Result<string> } | null = null;

function readEthAddress(text: string): Result<string> {
  if (!HEX_ADDRESS.test(text)) {
    return err(`address ${quote(text)} must be 0x and 40 hex digits (20 bytes); copy it again`);
  }
  const canonical = text.toLowerCase();
  if (text === canonical || text.slice(2) === text.slice(2).toUpperCase()) {
    trace?.read('address in hex', { bytes: canonical.slice(2), checksum: 'none: one letter case carries none' });
    return ok(canonical);
  }
  const checksummed = checksumEthAddress(canonical);
  trace?.compare('spelling by EIP-55, the spelling printed', checksummed, text, text === checksummed);
  return text === checksummed
    ? ok(canonical)
    : err(`address ${quote(text)} fails its EIP-55 checksum (right would be ${checksummed}); copy it again`);
}

/** The EIP-55 spelling of a lower-case address: for people and as the checksum's own test. */
export function checksumEthAddress(address: string): string {
  const hash = keccak256Hex(address.slice(2));
  let spelled = '0x';
  for (let index = 0; index < 40; index += 1) {
    const digit = address[index + 2] as string;
    spelled += (hash[index] as string) >= '8' ? digit.toUpperCase() : digit;
  }
  return spelled;
}
