import { createHmac } from 'node:crypto';
import type { Delivery } from '../domain/alert.ts';
import { escapeText, quote } from '../domain/ids.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { retryAfterMs } from '../lib/retry-after.ts';
import type { Secret } from '../lib/secret.ts';
import type { Clock, HttpClient, Notifier, SendOutcome } from '../seams.ts';

/** A webhook receiver, as the config states it. */
export interface WebhookConfig {
  readonly name: string;
  readonly url: Secret;
  /** `whsec_` secrets, the newest first; each signs, so that a receiver can rotate. */
  readonly secrets: readonly Secret[];
  readonly allowPrivateAddress: boolean;
}

const TIMEOUT_MS = 15_000;
const MAX_RESPONSE_BYTES = 2_048;

/**
 * A receiver by the Standard Webhooks specification 1.0.0. Pass the guarded client (`guardedDispatcher`) unless the config
 * allows private addresses. An error where the URL or a secret cannot be used; it never shows either.
 */
export function createNotifier(
  config: WebhookConfig,
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
): Result<Notifier> {
  const url = checkUrl(config);
  if (!url.ok) return url;
  const keys: Buffer[] = [];
  for (const secret of config.secrets) {
    const key = signingKey(secret.reveal());
    if (!key.ok) return err(`receiver ${quote(config.name)}: ${key.error}`);
    keys.push(key.value);
  }
  if (keys.length === 0) return err(`receiver ${quote(config.name)} has no signing secret`);
  return ok({
    name: config.name,
    async send(delivery, signal) {
      const sent = await http.request(
        {
          method: 'POST',
          url: url.value,
          headers: signedHeaders(delivery, clock.now(), keys),
          body: delivery.body,
          maxBytes: MAX_RESPONSE_BYTES,
          cutAtCap: true,
          timeoutMs: TIMEOUT_MS,
        },
        signal,
      );
      if (sent.ok) return outcomeOf(sent.value.status, sent.value.headers['retry-after'], clock.now());
      const { code, message } = sent.error;
      if (code === 'blocked') return { kind: 'rejected', reason: message, disable: false };
      return { kind: 'retry', reason: `${code}: ${message}`, afterMs: null };
    },
  });
}

/** The secret's key: base64 after `whsec_`, 24 to 64 bytes (Standard Webhooks, "Signature scheme"). */
function signingKey(secret: string): Result<Buffer> {
  const text = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : '';
  const key = Buffer.from(text, 'base64');
  if (key.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '') || key.length < 24 || key.length > 64)
    return err('a signing secret must be whsec_ and the base64 of 24 to 64 bytes');
  return ok(key);
}

/** `v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`. */
const signatureOf = (key: Buffer, id: string, seconds: string, body: string): string =>
  `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;

function signedHeaders(delivery: Delivery, nowMs: number, keys: readonly Buffer[]): Record<string, string> {
  const seconds = Math.floor(nowMs / 1000).toString();
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'reservewatch',
    'webhook-id': delivery.eventId,
    'webhook-timestamp': seconds,
    'webhook-signature': keys.map((key) => signatureOf(key, delivery.eventId, seconds, delivery.body)).join(' '),
  };
}

function outcomeOf(status: number, retryAfter: string | undefined, nowMs: number): SendOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  if (status === 410) return { kind: 'rejected', reason: 'HTTP 410: the receiver wants no more', disable: true };
  const afterMs = retryAfterMs(retryAfter, nowMs);
  if (status >= 300 && status < 400)
    return { kind: 'retry', reason: `HTTP ${status}: redirects are not followed`, afterMs };
  return { kind: 'retry', reason: `HTTP ${status}`, afterMs };
}

function checkUrl({ name, url, allowPrivateAddress }: WebhookConfig): Result<string> {
  const fault = (what: string): Result<string> => err(`receiver ${quote(name)}: its url ${escapeText(what)}`);
  const text = url.reveal();
  if (!URL.canParse(text)) return fault('is not a URL');
  const { protocol, username, password } = new URL(text);
  if (protocol !== 'https:' && !(protocol === 'http:' && allowPrivateAddress))
    return fault('must be https (http needs allowPrivateAddress: true)');
  if (username !== '' || password !== '') return fault('holds a user name or password, which are not sent');
  return ok(text);
}
