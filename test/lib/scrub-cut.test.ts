import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeNodeError } from '../../chains/evm/failures.ts';
import { quote } from '../../src/domain/ids.ts';
import { createScrubber } from '../../src/lib/scrub.ts';

const SECRET = 'k3y-0f-the-provider/with=parts';

describe('a secret that was cut before it was scrubbed', () => {
  it('leaves no first part, wherever the cut fell and however it stood there', () => {
    const scrub = createScrubber([SECRET]);
    for (const spelled of [SECRET, encodeURIComponent(SECRET)]) {
      for (let before = 40; before < 90; before += 1) {
        const said = scrub(
          describeNodeError({ code: '-32000', message: `${'x'.repeat(before)} ${spelled} is over its limit` }),
        );
        for (let length = 4; length <= spelled.length; length += 1)
          expect(said).not.toContain(spelled.slice(0, length));
      }
    }
  });

  it('changes no text that holds none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!quote(text).includes('k3y-'));
        expect(createScrubber([SECRET])(`a … ${quote(text)}`.replaceAll('@', ''))).toBe(
          `a … ${quote(text)}`.replaceAll('@', ''),
        );
      }),
    );
    expect(createScrubber([SECRET])(`k3y-0`)).toBe('k3y-0');
  });
});
