/**
 * What of a printed address tells it from another one: case and a `prefix:` are spelling. Good enough to tell two addresses of
 * one signature apart, no more: base58 addresses that differ in case alone are one here. Runs once a row.
 */
export const addressKey = (text: string): string => text.slice(text.indexOf(':') + 1).toLowerCase();
