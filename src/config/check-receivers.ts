import type { Sourced } from '../build-registry.ts';
import type { ReceiverPart } from '../config-schema.ts';
import { quote } from '../domain/ids.ts';
import { didYouMean } from '../lib/nearest.ts';
import { Secret } from '../lib/secret.ts';
import type { YamlFile } from '../lib/yaml.ts';
import type { Findings } from './check-networks.ts';
import type { PlacedRule } from './check-rules.ts';
import type { ReceiverConfig } from './types.ts';

/** The receivers, checked: https or a written permission, `whsec_` secrets of 24 to 64 bytes, fallbacks that exist. */
export function checkReceivers(
  receivers: ReadonlyMap<string, Sourced<ReceiverPart>>,
  written: ReadonlySet<string>,
  { faults }: Findings,
): Map<string, ReceiverConfig> {
  const checked = new Map<string, ReceiverConfig>();
  for (const [name, { value, yaml, path }] of receivers) {
    const fault = (key: string, message: string, index?: number): void => {
      const at = index === undefined ? [...path, key] : [...path, key, index];
      faults.push(yaml.faultAt(at, `receiver ${name}: ${message}`));
    };
    const problem = urlProblem(value.url, value.allowPrivateAddress);
    if (problem) fault('url', problem);
    for (const [index, secret] of value.secrets.entries()) {
      if (!isSigningSecret(secret)) {
        fault('secrets', 'a secret must be whsec_ and 24 to 64 bytes in base64 (Standard Webhooks)', index);
      }
    }
    if (value.fallback === name) fault('fallback', 'is its own fallback');
    else if (value.fallback !== undefined && !written.has(value.fallback)) {
      fault('fallback', `no receiver ${quote(value.fallback)}${didYouMean(value.fallback, written)}`);
    }
    checked.set(name, {
      name,
      type: value.type,
      url: new Secret(value.url),
      secrets: value.secrets.map((secret) => new Secret(secret)),
      minSeverity: value.minSeverity,
      allowPrivateAddress: value.allowPrivateAddress,
      fallback: value.fallback ?? null,
    });
  }
  return checked;
}

function urlProblem(text: string, allowPrivate: boolean): string | null {
  if (!URL.canParse(text)) return 'url is not a URL (https://host/path)';
  const { protocol, hash } = new URL(text);
  if (hash !== '') return 'url has a # part, which is never sent';
  if (protocol === 'https:' || (protocol === 'http:' && allowPrivate)) return null;
  if (protocol === 'http:')
    return 'url must be https; http needs allowPrivateAddress: true (a receiver in your own network)';
  return `url must start with https://, not ${quote(protocol)}`;
}

function isSigningSecret(text: string): boolean {
  const match = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text);
  if (!match) return false;
  const bytes = Buffer.from(match[1] as string, 'base64').length;
  return bytes >= 24 && bytes <= 64;
}

/** Warns where an alert could reach nobody. */
export function warnOfSilence(
  yaml: YamlFile,
  rules: readonly PlacedRule[],
  receivers: ReadonlyMap<string, ReceiverConfig>,
  { warnings }: Findings,
): void {
  if (rules.length === 0) return;
  if (receivers.size === 0)
    warnings.push(yaml.faultAt(['receivers'], 'no receivers: alerts are kept, but nobody is told'));
  else if (
    ![...receivers.values()].some(({ fallback }) => fallback !== null) &&
    rules.some(({ rule }) => rule.severity === 'critical')
  ) {
    warnings.push(
      yaml.faultAt(
        ['receivers'],
        'critical rules, but no receiver has a fallback: if it stays unreachable, nobody is told',
        true,
      ),
    );
  }
}
