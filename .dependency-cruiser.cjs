/** The import rules of the house (CONTRIBUTING.md, "Who may import whom"), enforced by `npm run check:rules`. */
const owner = (name, library, path) => ({
  name: `${name}-has-one-owner`,
  severity: 'error',
  comment: `Only ${path} may import ${library}.`,
  from: { path: '^(src|chains)/', pathNot: path },
  to: { path: `node_modules/${library}/` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-imports-nothing',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'seams-import-domain-only',
      severity: 'error',
      from: { path: '^src/seams\\.ts$' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'lib-knows-nothing-of-reserves',
      severity: 'error',
      from: { path: '^src/lib/' },
      to: { path: '^(src/(?!lib/|domain/(?:result|ids|network|ownership)|seams)|chains/)' },
    },
    {
      name: 'no-stage-imports-another',
      severity: 'error',
      comment: 'Only cycle.ts, the command line and main.ts call stages.',
      from: {
        path: '^src/(read-report|verify-ownership|take-snapshot|compute-solvency|evaluate-alerts|deliver-alerts)\\.ts$',
      },
      to: {
        path: '^src/(cycle|daemon|main|read-report|verify-ownership|take-snapshot|compute-solvency|evaluate-alerts|deliver-alerts)\\.ts$',
      },
    },
    {
      name: 'plugs-see-domain-seams-lib',
      severity: 'error',
      from: { path: '^(chains/[^/]+|src/(reports|liabilities|notifiers|store))/' },
      to: { path: '^(src|chains)/', pathNot: '^(src/(domain|lib|seams)|chains/$1|$1)' },
    },
    {
      name: 'no-chain-sees-another',
      severity: 'error',
      from: { path: '^chains/([^/]+)/' },
      to: { path: '^chains/', pathNot: '^chains/$1/' },
    },
    { name: 'src-names-no-chain', severity: 'error', from: { path: '^src/' }, to: { path: '^chains/' } },
    {
      name: 'stores-and-notifiers-are-built-at-the-edge',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main\\.ts|cli/|store/|notifiers/)' },
      to: { path: '^src/(store|notifiers)/', dependencyTypesNot: ['type-only'] },
    },
    owner('ethers', 'ethers', '^chains/evm/'),
    owner('bitcoinjs-lib', 'bitcoinjs-lib', '^chains/bitcoin/'),
    owner('solana-web3', '@solana/web3\\.js', '^chains/solana/'),
    owner('better-sqlite3', 'better-sqlite3', '^src/store/'),
    owner('node-cron', 'node-cron', '^src/daemon\\.ts$'),
    owner('pino', 'pino', '^src/lib/log\\.ts$'),
    owner('undici', 'undici', '^src/lib/'),
    owner('lossless-json', 'lossless-json', '^src/lib/'),
    owner('papaparse', 'papaparse', '^src/lib/'),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
