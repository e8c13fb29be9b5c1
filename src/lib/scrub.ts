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
 * and the userinfo of every URL; also the first part of a secret before an ellipsis that cut it.
 * Empty secrets are ignored.
 */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const forms = formsOf(secrets);
  return (text) => {
    const whole = forms.reduce((scrubbed, form) => scrubbed.replaceAll(form, SCRUBBED), text);
    return withoutCutSecrets(whole, forms).replace(USERINFO, `$1${SCRUBBED}@`);
  };
}

/** Fewer characters of a secret than this tell nothing, and would take ordinary words away. */
const SHORTEST_CUT_SECRET = 4;

/** Texts are cut for display before they come here (`quote` marks it by an ellipsis): what is left of a secret then ends there. */
function withoutCutSecrets(text: string, forms: readonly string[]): string {
  return text
    .split('…')
    .map((part, at, parts) => {
      if (at === parts.length - 1) return part;
      const length = Math.max(0, ...forms.map((form) => cutLength(part, form)));
      return length === 0 ? part : `${part.slice(0, -length)}${SCRUBBED}`;
    })
    .join('…');
}

/** How many characters at the end of a text are the first ones of a secret; 0 for fewer than count. */
function cutLength(text: string, form: string): number {
  for (let length = Math.min(form.length - 1, text.length); length >= SHORTEST_CUT_SECRET; length -= 1) {
    if (text.endsWith(form.slice(0, length))) return length;
  }
  return 0;
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
