import { GATES } from '../../../src/liabilities/okx-zk-v2/gates/registry.ts';
import type { FriConfig, VerifierData } from '../../../src/liabilities/okx-zk-v2/verifier-data.ts';

/** Writes verifier data in plonky2's byte layout, as hex: the inverse of the parser, for circuits made in tests. */
export function serialiseVerifierData(data: VerifierData): string {
  const parts: Buffer[] = [];
  const u64 = (value: number | bigint): void => {
    const word = Buffer.alloc(8);
    word.writeBigUInt64LE(BigInt(value));
    parts.push(word);
  };
  const u32 = (value: number): void => {
    const word = Buffer.alloc(4);
    word.writeUInt32LE(value);
    parts.push(word);
  };
  const byte = (value: number): void => {
    parts.push(Buffer.from([value]));
  };
  const list = <T>(items: readonly T[], write: (item: T) => void): void => {
    u64(items.length);
    for (const item of items) write(item);
  };
  const fri = (config: FriConfig): void => {
    for (const value of [config.rateBits, config.capHeight, config.queries]) u64(value);
    u32(config.powBits);
    const [variant, ...rest] = config.strategy;
    byte(variant!);
    if (variant === 0) list(rest, u64);
    else for (const value of rest) u64(value);
  };
  u64(Math.log2(data.constantsSigmasCap.length / 4));
  for (const word of [...data.constantsSigmasCap, ...data.digest]) u64(word);
  const { config } = data;
  for (const value of [config.wires, config.routedWires, config.constants, config.securityBits]) u64(value);
  for (const value of [config.challenges, config.maxQuotientDegree]) u64(value);
  byte(config.useBaseArithmetic);
  byte(config.zeroKnowledge);
  fri(config.fri);
  fri(data.friConfig);
  list(data.arityBits, u64);
  u64(data.degreeBits);
  byte(data.hiding ? 1 : 0);
  list(data.selectorIndices, u64);
  list(data.groups, ({ start, end }) => {
    u64(start);
    u64(end);
  });
  for (const value of [data.quotientDegree, data.gateConstraints, data.constants, data.publicInputs]) u64(value);
  list(data.shifts, u64);
  u64(data.partialProducts);
  list(data.gates, ({ name }) => {
    const parameters = [...name.matchAll(/(?<=[(,])\d+/g)].map(([digits]) => Number(digits));
    const tag = [...GATES].find(
      ([, format]) => format.parameters === parameters.length && format.make(...parameters).name === name,
    );
    u32(tag![0]);
    for (const parameter of parameters) u64(parameter);
  });
  return Buffer.concat(parts).toString('hex');
}
