import { checkFiles } from '../../../src/liabilities/zkmerkle/check-files.ts';
import { describeSwitches } from '../switches.ts';
import { CASES, HONEST } from './cases.ts';
import { SMALL } from './set-maker.ts';

describeSwitches(['binance'], CASES, HONEST, (files, options, off) => checkFiles(files, options, SMALL, off), {
  binance: { groth16: 'its proofs are of a variant that is not checked' },
});
