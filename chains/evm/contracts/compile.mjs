// Compiles the contracts of this folder. Run it after a change (node chains/evm/contracts/compile.mjs) and commit the
// artefacts; contracts.test.ts compares them with a fresh compilation.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import solc from 'solc';

const here = new URL('./', import.meta.url);

/** The contracts of this folder and the names of their artefacts. */
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
    const text = `// Generated from ${name}.sol by compile.mjs: change the source, not this file.
/** The compiled contract: ABI, creation bytecode and, where nothing is immutable, the code as it runs. */
export const ${name.toLowerCase()}Artifact = ${JSON.stringify(compile(name), null, 2)} as const;
`;
    writeFileSync(new URL(`${name.toLowerCase()}-artifact.ts`, here), text);
  }
}
