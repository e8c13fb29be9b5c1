import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

describe('docs/ownership.md', () => {
  it('is what its data makes of it (node scripts/write-ownership-page.mjs)', async () => {
    const path = '../../scripts/ownership-page.mjs';
    const { ownershipPage } = (await import(path)) as { ownershipPage(): string };
    expect(readFileSync('docs/ownership.md', 'utf8')).toBe(ownershipPage());
  });
});
