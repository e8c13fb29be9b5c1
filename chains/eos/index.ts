import type { Address } from '../../src/domain/ids.ts';
import { ok } from '../../src/domain/result.ts';
import { noAdapter } from '../../src/lib/no-adapter.ts';
import type { ChainFamily } from '../../src/seams.ts';
import { gradeEosRow, parseEosName } from './ownership.ts';

const parseName: ChainFamily['parseAddress'] = (text) => {
  const name = parseEosName(text);
  return name.ok ? ok(name.value as Address) : name;
};

/** EOS (Vaulta), WAX and other Antelope chains: accounts by name. Ownership proofs only. */
export const family: ChainFamily = {
  name: 'eos',
  namespace: 'antelope',
  parseAddress: parseName,
  parseTokenReference: parseName,
  ownership: { verify: (proof) => gradeEosRow(proof) },
  connect: noAdapter,
};
