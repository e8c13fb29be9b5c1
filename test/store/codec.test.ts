import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseUnits } from '../../src/domain/amount.ts';
import { LIABILITY_GRADES } from '../../src/domain/liability.ts';
import { ASSURANCES } from '../../src/domain/snapshot.ts';
import { type Point, QUALITIES } from '../../src/domain/solvency.ts';
import { decodeAmount, encodeAmount } from '../../src/store/codec.ts';
import { decodePoint, encodePoint } from '../../src/store/point-codec.ts';

const uint = fc.bigInt({ min: 0n, max: 2n ** 260n }).map(baseUnits);
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
const text = fc.string({ unit: 'binary', maxLength: 20 }) as fc.Arbitrary<never>;
const plain = { noNullPrototype: true } as const;
const span = fc.record({ lo: uint, hi: uint }, plain);
const fraction = fc.record({ num: uint, den: uint }, plain);
const ratio = fc.option(fc.record({ lo: fraction, hi: fraction }, plain));
const count = fc.nat();
const assurance = fc.constantFrom(...ASSURANCES);

const points: fc.Arbitrary<Point> = fc.record(
  {
    entity: text,
    asset: text,
    decimals: fc.nat({ max: 77 }),
    atMs: time,
    kind: fc.constantFrom('ratio', 'coverage'),
    quality: fc.constantFrom(...QUALITIES),
    assurance: fc.option(assurance),
    claimed: uint,
    custody: fc.option(uint),
    custodyAsOfMs: fc.option(time),
    observed: span,
    proven: span,
    claimedUnread: uint,
    evidence: fc.array(
      fc.record(
        {
          chain: text,
          height: fc.bigInt({ min: 0n, max: 2n ** 70n }),
          hash: fc.option(text),
          blockTimeMs: time,
          finality: fc.constantFrom('final', 'not_final'),
          assurance,
          groups: fc.array(text, { maxLength: 3 }),
          heavy: fc.boolean(),
        },
        plain,
      ),
      { maxLength: 3 },
    ),
    unbounded: fc.constant(true as const),
    heavyMissing: fc.array(text, { maxLength: 2 }),
    cells: fc.record({ asked: count, read: count, failed: count }, plain),
    liabilities: fc.option(
      fc.record(
        {
          amount: span,
          openEnded: fc.boolean(),
          asOfMs: time,
          ageMs: fc.integer(),
          source: text,
          grade: fc.constantFrom(...LIABILITY_GRADES),
          binding: fc.constantFrom('per-asset-total', 'combined-total', 'none'),
          conflicts: fc.array(
            fc.record(
              {
                amount: uint,
                source: text,
                grade: fc.constantFrom(...LIABILITY_GRADES),
                binding: fc.constant('none'),
              },
              { noNullPrototype: true },
            ),
            { maxLength: 2 },
          ),
        },
        { requiredKeys: ['amount', 'asOfMs', 'ageMs', 'source', 'grade', 'binding'], noNullPrototype: true },
      ),
    ),
    list: fc.record(
      { report: text, setVersion: count, waiting: text, former: text },
      { requiredKeys: ['report', 'setVersion'], noNullPrototype: true },
    ),
    explained: fc.record(
      {
        by: text,
        former: text,
        atMs: time,
        lost: uint,
        raised: uint,
        gained: uint,
        explained: uint,
        unexplained: uint,
        unknown: count,
      },
      plain,
    ),
    values: fc.record({ observed: ratio, proven: ratio, 'observed+custody': ratio }, plain),
  },
  {
    noNullPrototype: true,
    requiredKeys: [
      'entity',
      'asset',
      'decimals',
      'atMs',
      'kind',
      'quality',
      'assurance',
      'claimed',
      'custody',
      'custodyAsOfMs',
      'observed',
      'proven',
      'claimedUnread',
      'evidence',
      'cells',
      'liabilities',
      'values',
    ],
  },
) as fc.Arbitrary<Point>;

describe('amounts', () => {
  it('round-trip as the shortest bytes', () => {
    fc.assert(
      fc.property(uint, (amount) => {
        const bytes = encodeAmount(amount);
        expect(decodeAmount(bytes)).toBe(amount);
        expect(bytes[0]).not.toBe(0);
        expect(bytes.length).toBe(amount === 0n ? 0 : Math.ceil(amount.toString(2).length / 8));
      }),
    );
  });

  it('are never negative', () => {
    expect(() => encodeAmount(baseUnits(-1n))).toThrow(RangeError);
  });
});

describe('points', () => {
  it('round-trip exactly', () => {
    fc.assert(
      fc.property(points, (point) => {
        const body = encodePoint(point);
        const back = decodePoint(body);
        expect(back).toStrictEqual({ ok: true, value: point });
        if (back.ok) expect(encodePoint(back.value)).toBe(body);
      }),
      { numRuns: 300 },
    );
  });

  it('that lost a field, or hold another type, are refused with its name', () => {
    fc.assert(
      fc.property(points, fc.nat(), (point, at) => {
        const wire = JSON.parse(encodePoint(point)) as Record<string, unknown>;
        const optional = ['heavyMissing', 'unbounded', 'list', 'explained'];
        const keys = Object.keys(wire).filter((key) => !optional.includes(key));
        const key = keys[at % keys.length] as string;
        const { [key]: _, ...without } = wire;
        const lost = decodePoint(JSON.stringify(without));
        expect(lost).toMatchObject({ ok: false, error: expect.stringContaining(`point.${key}`) });
        expect(decodePoint(JSON.stringify({ ...wire, [key]: { strange: true } })).ok).toBe(false);
      }),
    );
    expect(decodePoint('{').ok).toBe(false);
    expect(decodePoint('').ok).toBe(false);
  });

  it('keep amounts above 2^53 that were written as numbers out', () => {
    const body = encodePoint(fc.sample(points, 1)[0] as Point);
    expect(decodePoint(body.replace(/"claimed":"\d+"/, '"claimed":12345678901234567890')).ok).toBe(false);
  });
});
