/** What a secret is replaced by. */
const SCRUBBED = '[secret]';

/** Parts of a URL shorter than this are no secret, and would cut ordinary words: `v1`, `rpc`, `main`. */
const SHORTEST_URL_SECRET = 8;

/** A user and password in any URL of the text, registered or not. */
const USERINFO = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/"'@?#]+@/gi;

/**
 * What must not be shown of a provider's URL: its userinfo, and each path segment, query value and fragment of at
 * least 8 characters, because that is where providers put keys. An unreadable URL is a secret as a whole.
 */
export function secretsOfUrl(url: string): readonly string[] {
  if (!URL.canParse(url)) return [url];
  const { pathname, searchParams, hash, username, password } = new URL(url);
  const parts = [
    ...pathname.split('/'),
    pathname.slice(1),
    ...searchParams.values(),
    hash.slice(1),
    username,
    password,
  ];
  const userinfo = username === '' && password === '' ? [] : [`${username}:${password}`];
  return [...userinfo, ...parts.filter((part) => part.length >= SHORTEST_URL_SECRET)];
}

/**
 * A function that replaces every secret in a text, also where it stands URL-encoded, decoded, or escaped as in JSON text,
 * and the userinfo of every URL. Empty secrets are ignored.
 */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const forms = formsOf(secrets);
  return (text) =>
    forms.reduce((scrubbed, form) => scrubbed.replaceAll(form, SCRUBBED), text).replace(USERINFO, `$1${SCRUBBED}@`);
}

/** Longest first, so that a secret inside another leaves no rest of it behind. */
function formsOf(secrets: readonly string[]): readonly string[] {
  const forms = secrets.flatMap((secret) => {
    const plain = orItself(decodeURIComponent, secret);
    const encoded = orItself(encodeURIComponent, plain);
    return [
      secret,
      plain,
      encoded,
      lowerEscapes(encoded),
      orItself(encodeURI, plain),
      jsonText(plain),
      jsonText(secret),
    ];
  });
  return [...new Set(forms)].filter((form) => form !== '').sort((a, b) => b.length - a.length);
}

const jsonText = (text: string): string => JSON.stringify(text).slice(1, -1);

const lowerEscapes = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (digits) => digits.toLowerCase());

/** The codecs of URLs throw on malformed text, which then has no such form. */
function orItself(code: (text: string) => string, text: string): string {
  try {
    return code(text);
  } catch {
    return text;
  }
}
