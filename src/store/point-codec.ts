import type { ChainId, Sha256 } from '../domain/ids.ts';
import type { Interval } from '../domain/interval.ts';
import { LIABILITY_GRADES } from '../domain/liability.ts';
import type { Fraction, RatioInterval } from '../domain/ratio.ts';
import { err, ok, type Result } from '../domain/result.ts';
import { ASSURANCES } from '../domain/snapshot.ts';
import {
  type Disputed,
  type Explained,
  type LiabilityView,
  type Point,
  type PointEvidence,
  type PointList,
  QUALITIES,
  type StatedOtherwise,
} from '../domain/solvency.ts';
import { stringifyJson } from '../lib/json.ts';
import { DecodeFault, Decoder } from './codec.ts';

const KINDS = ['ratio', 'coverage'] as const;
const FINALITIES = ['final', 'not_final'] as const;
const BINDINGS = ['per-asset-total', 'combined-total', 'none'] as const;

/** Every field of T, each in a form that JSON can hold: a field added to T and forgotten here does not compile. */
type Wire<T> = Readonly<Record<keyof T, unknown>>;

/** A point as the JSON text that is stored and hashed: fields in a fixed order, bigints as decimal strings. */
export function encodePoint(point: Point): string {
  const wire: Wire<Point> = {
    entity: point.entity,
    asset: point.asset,
    decimals: point.decimals,
    atMs: point.atMs,
    kind: point.kind,
    quality: point.quality,
    assurance: point.assurance,
    claimed: point.claimed,
    custody: point.custody,
    custodyAsOfMs: point.custodyAsOfMs,
    observed: encodeInterval(point.observed),
    proven: encodeInterval(point.proven),
    unbounded: point.unbounded,
    disputed: point.disputed && encodeDisputed(point.disputed),
    claimedUnread: point.claimedUnread,
    evidence: point.evidence.map(encodeEvidence),
    heavyMissing: point.heavyMissing,
    cells: { asked: point.cells.asked, read: point.cells.read, failed: point.cells.failed },
    liabilities: point.liabilities && encodeLiabilities(point.liabilities),
    list: point.list && encodeList(point.list),
    explained: point.explained && encodeExplained(point.explained),
    values: {
      observed: encodeRatio(point.values.observed),
      proven: encodeRatio(point.values.proven),
      'observed+custody': encodeRatio(point.values['observed+custody']),
    },
  };
  return stringifyJson(wire);
}

/** The point that encodePoint wrote, exactly; an error names the first field that is not as written. */
export function decodePoint(text: string): Result<Point> {
  try {
    const wire = Decoder.of(text, 'point');
    const values = wire.at('values');
    return ok({
      entity: wire.at('entity').text(),
      asset: wire.at('asset').text(),
      decimals: wire.at('decimals').int(),
      atMs: wire.at('atMs').int(),
      kind: wire.at('kind').oneOf(KINDS),
      quality: wire.at('quality').oneOf(QUALITIES),
      assurance: wire.at('assurance').orNull((value) => value.oneOf(ASSURANCES)),
      claimed: wire.at('claimed').units(),
      custody: wire.at('custody').orNull((value) => value.units()),
      custodyAsOfMs: wire.at('custodyAsOfMs').orNull((value) => value.int()),
      observed: decodeInterval(wire.at('observed')),
      proven: decodeInterval(wire.at('proven')),
      ...(wire.at('unbounded').optional('unbounded', (value) => value.bool()).unbounded
        ? { unbounded: true as const }
        : {}),
      ...wire.at('disputed').optional('disputed', decodeDisputed),
      claimedUnread: wire.at('claimedUnread').units(),
      evidence: wire.at('evidence').list(decodeEvidence),
      ...wire.at('heavyMissing').optional('heavyMissing', (chains) => chains.list((chain) => chain.text<ChainId>())),
      cells: {
        asked: wire.at('cells').at('asked').int(),
        read: wire.at('cells').at('read').int(),
        failed: wire.at('cells').at('failed').int(),
      },
      liabilities: wire.at('liabilities').orNull(decodeLiabilities),
      ...wire.at('list').optional('list', decodeList),
      ...wire.at('explained').optional('explained', decodeExplained),
      values: {
        observed: values.at('observed').orNull(decodeRatio),
        proven: values.at('proven').orNull(decodeRatio),
        'observed+custody': values.at('observed+custody').orNull(decodeRatio),
      },
    });
  } catch (error) {
    if (error instanceof DecodeFault) return err(error.message);
    throw error;
  }
}

const encodeDisputed = (disputed: Disputed): Wire<Disputed> => ({
  amount: disputed.amount,
  proven: disputed.proven,
  with: disputed.with.map((one): Wire<typeof one> => ({ entity: one.entity, cells: one.cells, amount: one.amount })),
});
const decodeDisputed = (wire: Decoder): Disputed => ({
  amount: wire.at('amount').units(),
  proven: wire.at('proven').units(),
  with: wire.at('with').list((one) => ({
    entity: one.at('entity').text(),
    cells: one.at('cells').int(),
    amount: one.at('amount').units(),
  })),
});

const encodeList = (list: PointList): Wire<PointList> => ({
  report: list.report,
  setVersion: list.setVersion,
  waiting: list.waiting,
  former: list.former,
});
const decodeList = (wire: Decoder): PointList => ({
  report: wire.at('report').text(),
  setVersion: wire.at('setVersion').int(),
  ...wire.at('waiting').optional('waiting', (value) => value.text<Sha256>()),
  ...wire.at('former').optional('former', (value) => value.text<Sha256>()),
});

const encodeExplained = (one: Explained): Wire<Explained> => ({
  by: one.by,
  former: one.former,
  atMs: one.atMs,
  lost: one.lost,
  raised: one.raised,
  gained: one.gained,
  explained: one.explained,
  unexplained: one.unexplained,
  unknown: one.unknown,
});
const decodeExplained = (wire: Decoder): Explained => ({
  by: wire.at('by').text(),
  former: wire.at('former').text(),
  atMs: wire.at('atMs').int(),
  lost: wire.at('lost').units(),
  raised: wire.at('raised').units(),
  gained: wire.at('gained').units(),
  explained: wire.at('explained').units(),
  unexplained: wire.at('unexplained').units(),
  unknown: wire.at('unknown').int(),
});

const encodeInterval = ({ lo, hi }: Interval): Wire<Interval> => ({ lo, hi });
const decodeInterval = (wire: Decoder): Interval => ({ lo: wire.at('lo').units(), hi: wire.at('hi').units() });

const encodeFraction = ({ num, den }: Fraction): Wire<Fraction> => ({ num, den });
const decodeFraction = (wire: Decoder): Fraction => ({ num: wire.at('num').big(), den: wire.at('den').big() });

const encodeRatio = (value: RatioInterval | null): Wire<RatioInterval> | null =>
  value && { lo: encodeFraction(value.lo), hi: encodeFraction(value.hi) };
const decodeRatio = (wire: Decoder): RatioInterval => ({
  lo: decodeFraction(wire.at('lo')),
  hi: decodeFraction(wire.at('hi')),
});

const encodeEvidence = (evidence: PointEvidence): Wire<PointEvidence> => ({
  chain: evidence.chain,
  height: evidence.height,
  hash: evidence.hash,
  blockTimeMs: evidence.blockTimeMs,
  finality: evidence.finality,
  assurance: evidence.assurance,
  groups: evidence.groups,
  heavy: evidence.heavy,
});

const decodeEvidence = (wire: Decoder): PointEvidence => ({
  chain: wire.at('chain').text(),
  height: wire.at('height').big(),
  hash: wire.at('hash').orNull((value) => value.text()),
  blockTimeMs: wire.at('blockTimeMs').int(),
  finality: wire.at('finality').oneOf(FINALITIES),
  assurance: wire.at('assurance').oneOf(ASSURANCES),
  groups: wire.at('groups').list((group) => group.text()),
  heavy: wire.at('heavy').bool(),
});

const encodeLiabilities = (view: LiabilityView): Wire<LiabilityView> => ({
  amount: encodeInterval(view.amount),
  openEnded: view.openEnded,
  asOfMs: view.asOfMs,
  ageMs: view.ageMs,
  source: view.source,
  grade: view.grade,
  binding: view.binding,
  conflicts: view.conflicts?.map(
    (one): Wire<StatedOtherwise> => ({
      amount: one.amount,
      source: one.source,
      grade: one.grade,
      binding: one.binding,
    }),
  ),
});

const decodeLiabilities = (wire: Decoder): LiabilityView => ({
  amount: decodeInterval(wire.at('amount')),
  ...wire.at('openEnded').optional('openEnded', (value) => value.bool()),
  asOfMs: wire.at('asOfMs').int(),
  ageMs: wire.at('ageMs').int(),
  source: wire.at('source').text(),
  grade: wire.at('grade').oneOf(LIABILITY_GRADES),
  binding: wire.at('binding').oneOf(BINDINGS),
  ...wire.at('conflicts').optional('conflicts', (all) =>
    all.list(
      (one): StatedOtherwise => ({
        amount: one.at('amount').units(),
        source: one.at('source').text(),
        grade: one.at('grade').oneOf(LIABILITY_GRADES),
        binding: one.at('binding').oneOf(BINDINGS),
      }),
    ),
  ),
});
