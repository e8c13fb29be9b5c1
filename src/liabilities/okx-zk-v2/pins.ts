import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../domain/result.ts';
import { sha256Hex } from '../../lib/hash.ts';
import { isArray, type Json, field as member, parseJson, smallInteger } from '../../lib/json.ts';
import type { CircuitPin } from '../types.ts';
import { MAX_VERIFIER_BYTES, parseVerifierData } from './verifier-data.ts';

/** The circuits that ship with the product: every `okx-zk-v2-*.json` of config/circuits with the hex file it names. */
export function loadCircuitPins(folder: string): Result<readonly CircuitPin[]> {
  const pins: CircuitPin[] = [];
  const names = readdirSync(folder).filter((name) => /^okx-zk-v2-.*\.json$/.test(name));
  for (const name of names.sort()) {
    const json = parseJson(readFileSync(join(folder, name), 'utf8'));
    const pin = json.ok ? pinOf(json.value, folder) : json;
    if (!pin.ok) return err(`${name}: ${pin.error}`);
    pins.push(pin.value);
  }
  return ok(pins);
}

/** A circuit that the user vouches for (`--circuit`): the text is the verifier data in hex, white space ignored. */
export function circuitGiven(text: string, name: string): Result<CircuitPin> {
  const hex = text.replace(/\s+/g, '').toLowerCase();
  if (hex.length > 2 * MAX_VERIFIER_BYTES || !/^(?:[0-9a-f]{2})+$/.test(hex)) return err('not verifier data in hex');
  const parsed = parseVerifierData(Buffer.from(hex, 'hex'));
  if (!parsed.ok) return err(`not verifier data that can be read: ${parsed.error}`);
  return ok({
    ...{ name, verifierData: hex, scope: 'given', rounds: [], provenance: 'given by whoever ran the check.' },
    ...{ batchSize: null, branchout: null, levels: null, tokenCount: null },
  });
}

function pinOf(json: Json, folder: string): Result<CircuitPin> {
  const text = (key: string): string | undefined => {
    const value = member(json, key);
    return typeof value === 'string' ? value : undefined;
  };
  const count = (key: string): number | null | undefined => {
    const value = member(json, key);
    return value === null ? null : smallInteger(value);
  };
  const [name, file, sha256, madeBy, how] = ['name', 'verifierData', 'sha256', 'madeBy', 'how'].map(text);
  const rounds = member(json, 'rounds');
  const [batchSize, branchout, levels, tokenCount] = ['batchSize', 'branchout', 'levels', 'tokenCount'].map(count);
  if (name === undefined || file === undefined || sha256 === undefined || madeBy === undefined || how === undefined)
    return err('name, verifierData, sha256, madeBy and how are needed');
  if (!isArray(rounds) || !rounds.every((round) => typeof round === 'string'))
    return err('rounds is not a list of strings');
  if (batchSize === undefined || branchout === undefined || levels === undefined || tokenCount === undefined)
    return err('batchSize, branchout, levels and tokenCount are counts or null');
  if (!/^[\w-]+\.hex$/.test(file)) return err('verifierData is not the name of a .hex file beside it');
  if (!existsSync(join(folder, file))) return err(`${file} is not there`);
  const hex = readFileSync(join(folder, file), 'utf8').trim().toLowerCase();
  if (sha256Hex(Buffer.from(hex, 'hex')) !== sha256) return err(`${file} has another sha256 than recorded`);
  const provenance = `made by ${madeBy}; ${how}`;
  return ok({ name, verifierData: hex, provenance, scope: 'known', rounds, batchSize, branchout, levels, tokenCount });
}
