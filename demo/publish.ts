import { addDecimals, type Decimal, formatDecimal, parseDecimal } from '../src/domain/amount.ts';
import { formatTime } from '../src/domain/time.ts';
import { type Exchange, type PublishedRow, USDX } from './exchange.ts';
import { LITECOIN_REGTEST } from './litecoin-accounts.ts';
import type { DemoNodes } from './nodes.ts';

/** The exchange's list in the OKX layout with owner columns: a summary block, a blank line, the rows. */
export function reportCsv(rows: readonly PublishedRow[]): string {
  const totals = new Map<string, Decimal>();
  for (const { coin, amount } of rows) {
    const parsed = parseDecimal(amount);
    if (!parsed.ok) throw new Error(parsed.error);
    totals.set(coin, addDecimals(totals.get(coin) ?? { unscaled: 0n, scale: 0 }, parsed.value));
  }
  const lines = [
    'coin,amount',
    ...[...totals].map(([coin, total]) => `${coin}, ${formatDecimal(total)}`),
    '',
    'coin,Network,Snapshot Height,address,amount,message,signature1,signature2,redeem script/ public key, eoa1, eoa2',
    ...rows.map((row) =>
      [
        row.coin,
        row.network,
        row.height,
        row.address,
        row.amount,
        row.message,
        row.signature1,
        row.signature2,
        row.script,
        row.owner1,
        '',
      ]
        .map((cell) => cell ?? '')
        .join(','),
    ),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** Where the demo's parts are, for its config. */
export interface DemoPlaces {
  readonly report: string;
  readonly database: string;
  readonly archive: string;
  readonly receiver: string;
  readonly secret: string;
}

const LEVELS = `        levels:
          warning: { fire: "102 %", clear: "102.5 %" }
          critical: { fire: "100.5 %", clear: "101 %" }
          below-100: { fire: "100 %", clear: "100.2 %" }
        # One node a chain: nobody else is asked, so A2 (two groups equal at one block hash) cannot be had here.
        minAssurance: A1
        maxSkew: 48h`;

/** The ordinary config that the ordinary daemon runs on: one network a node, one example entity, one receiver. */
export function configYaml(nodes: DemoNodes, { token }: Exchange, places: DemoPlaces, nowMs: number): string {
  const at = formatTime(nowMs);
  const text = (value: string): string => JSON.stringify(value);
  const solana = `solana:${nodes.solana.genesisHash.slice(0, 32)}`;
  const litecoin = nodes.litecoin
    ? `  demo-litecoin:
    name: Litecoin regtest
    family: bitcoin
    caip2: ${text(LITECOIN_REGTEST.caip2)}
    genesis: ${text(LITECOIN_REGTEST.genesis)}
    native: { symbol: LTC, decimals: 8, slip44: 2, countsAs: LTC }
    finality: { kind: confirmations, blocks: 2 }
    params: ${text(LITECOIN_REGTEST.params as never)}
    providers: [{ name: litecoind, url: ${text(nodes.litecoin.url)} }]
`
    : '';
  const owed: readonly (readonly [string, string])[] = [
    ['USDX', USDX.owed.toString()],
    ['ETH', '20500'],
    ['SOL', '12000000'],
    ...(nodes.litecoin ? [['LTC', '137'] as const] : []),
  ];
  const source = text('Example Exchange, statement of liabilities');
  const rule = (asset: string, basis: string, reason: string): string =>
    `      - asset: ${asset}\n        kind: coverage\n        basis: ${basis}\n        reason: ${text(reason)}\n${LEVELS}`;
  return `# Written by the demo. An ordinary reservewatch.yaml: nothing in it is special to the demo.
database: ${text(places.database)}
archive: ${text(places.archive)}
poll: { every: 2s, deadline: 30s }
networks:
  demo-evm:
    name: Local EVM
    family: evm
    caip2: ${text(`eip155:${nodes.evm.chainId}`)}
    genesis: { unknown: a new chain at every start }
    native: { symbol: ETH, decimals: 18, slip44: 60, countsAs: ETH }
    finality: { kind: finalized }
    providers: [{ name: anvil, url: ${text(nodes.evm.url)} }]
${litecoin}  demo-solana:
    name: Local Solana
    family: solana
    caip2: ${text(solana)}
    genesis: ${text(nodes.solana.genesisHash)}
    native: { symbol: SOL, decimals: 9, slip44: 501, countsAs: SOL }
    finality: { kind: finalized }
    providers: [{ name: litesvm, url: ${text(nodes.solana.url)} }]
assets:
  - { id: ${text(`eip155:${nodes.evm.chainId}/erc20:${token}`)}, symbol: USDX, decimals: 6, countsAs: USDX }
entities:
  example:
    name: Example Exchange
    aliases: [Example Exchange]
    report: { file: ${text(places.report)}, asOf: ${at} }
    assets: [${owed.map(([asset]) => asset).join(', ')}]
    liabilities:
${owed.map(([asset, amount]) => `      - { asset: ${asset}, amount: "${amount}", asOf: ${at}, source: ${source} }`).join('\n')}
    custody:
      - { asset: USDX, amount: "${USDX.custody}", asOf: ${at}, source: "Example Exchange, custody statement" }
    rules:
${[
  rule('USDX', 'observed+custody', 'The exchange states that 20,000 USDX lie with a custodian.'),
  ...owed
    .filter(([asset]) => asset !== 'USDX')
    .map(([asset]) => rule(asset, 'observed', 'Everything is said to be on chain.')),
].join('\n')}
receivers:
  local:
    type: webhook
    url: ${text(places.receiver)}
    secrets: [${text(places.secret)}]
    minSeverity: warning
    allowPrivateAddress: true
log: { level: error }
`;
}
