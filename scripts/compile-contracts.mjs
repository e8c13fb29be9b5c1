// Compiles the contracts of chains/evm/contracts. Run it after a change (node scripts/compile-contracts.mjs) and commit the
// artefacts; chains/evm/contracts.test.ts compares them with a fresh compilation.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import solc from 'solc';

const here = new URL('../chains/evm/contracts/', import.meta.url);

/** The contracts of that folder and the stems of their artefacts. */
export const CONTRACTS = ['Reader', 'Token', 'Wallet'];

/** Compiles one contract, reproducibly: no metadata, and London's instructions, which every EVM chain in use has. */
export function compile(name) {
  const input = {
    language: 'Solidity',
    sources: { [`${name}.sol`]: { content: readFileSync(new URL(`${name}.sol`, here), 'utf8') } },
    settings: {
      optimizer: { enabled: true, runs: 200 },
      evmVersion: 'london',
      metadata: { appendCBOR: false, bytecodeHash: 'none' },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  if (output.errors?.length) throw new Error(output.errors.map((each) => each.formattedMessage).join('\n'));
  const { abi, evm } = output.contracts[`${name}.sol`][name];
  return {
    contract: name,
    compiler: solc.version(),
    evmVersion: 'london',
    abi,
    bytecode: `0x${evm.bytecode.object}`,
    runtime: `0x${evm.deployedBytecode.object}`,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of CONTRACTS) {
    const text = `// Generated from ${name}.sol by scripts/compile-contracts.mjs: change the source, not this file.
/** The compiled contract: ABI, creation bytecode, and the code as it runs (holes where a value is immutable). */
export const ${name.toLowerCase()}Artifact = ${JSON.stringify(compile(name), null, 2)};
`;
    writeFileSync(new URL(`${name.toLowerCase()}-artifact.ts`, here), text);
  }
}
