import { describe, expect, it } from 'vitest';
import { readerArtifact } from './contracts/reader-artifact.ts';
import { tokenArtifact } from './contracts/token-artifact.ts';
import { walletArtifact } from './contracts/wallet-artifact.ts';

const script = new URL('../../scripts/compile-contracts.mjs', import.meta.url).href;

describe('artefacts', () => {
  it.each([readerArtifact, tokenArtifact, walletArtifact])(
    '$contract is what its source compiles to',
    async (artifact) => {
      const { compile } = (await import(script)) as { compile(name: string): unknown };
      expect(artifact).toEqual(compile(artifact.contract));
    },
  );

  it('uses no instruction younger than London', () => {
    expect(readerArtifact.evmVersion).toBe('london');
  });
});
