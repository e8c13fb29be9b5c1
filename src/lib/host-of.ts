/** The host of a URL for messages: never its path, query or credentials, which may hold keys. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return 'an unreadable URL';
  }
}
