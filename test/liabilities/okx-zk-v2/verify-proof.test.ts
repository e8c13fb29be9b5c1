import { describe, expect, it } from 'vitest';
import { createChecklist } from '../../../src/liabilities/checklist.ts';
import { createField } from '../../../src/liabilities/okx-zk-v2/field.ts';
import { parseVerifierData } from '../../../src/liabilities/okx-zk-v2/verifier-data.ts';
import { verifyProof } from '../../../src/liabilities/okx-zk-v2/verify-proof.ts';
import { field as jsonField, parseJson } from '../../../src/lib/json.ts';
import { generatedVerifierHex, globalProofText, SKIP_REASON, samplesPresent } from './samples.ts';

describe.skipIf(!samplesPresent)(`the generated global proof (${SKIP_REASON})`, () => {
  it('verifies, with every check recorded', () => {
    const json = parseJson(globalProofText());
    const data = parseVerifierData(Buffer.from(generatedVerifierHex(), 'hex'));
    if (!json.ok || !data.ok) throw new Error('unreadable sample');
    const field = createField();
    const checks = createChecklist();
    const publicInputs = verifyProof(jsonField(json.value, 'proof'), data.value, field, checks);
    expect(checks.items.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(publicInputs?.slice(0, 2)).toEqual([33925865916n, 28n]);
    // The work is fixed by the circuit: transcript, 28 queries of four openings and three steps.
    expect(field.permutations()).toBe(4055);
  });
});
