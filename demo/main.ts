import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliContext, EXIT } from '../src/cli/context.ts';
import { fail } from '../src/cli/output.ts';
import { watch } from '../src/cli/watch.ts';
import { formatFault } from '../src/lib/yaml.ts';
import { chainFamilyNames } from '../src/load-chain.ts';
import { loadConfig } from '../src/load-config.ts';
import { openExchange } from './exchange.ts';
import { type DemoNodes, startNodes } from './nodes.ts';
import { configYaml, reportCsv } from './publish.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { createShow, type Show } from './show.ts';
import { missingFrom } from './story.ts';
import { WORLD } from './world.ts';

/** The world script's length where the demo runs until Ctrl-C. */
const ENDLESS_MS = 120_000;

/**
 * Shows the product living on this machine alone: local nodes, an example exchange, the ordinary daemon on an ordinary
 * config, a world that moves, a receiver that checks every webhook. With a duration it ends by itself: 0 where the
 * receiver verified the whole story, else 4 naming what is missing. Leaves no process and no file behind.
 */
export async function runDemo(context: CliContext, durationMs: number | null): Promise<void> {
  const show = createShow(context);
  const folder = await mkdtemp(join(tmpdir(), 'reservewatch-demo-'));
  const sweep = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', sweep);
  let nodes: DemoNodes | undefined;
  let receiver: Receiver | undefined;
  try {
    show.says(
      'no reservewatch.yaml here: this is the demo. Real local nodes, an example exchange, nothing from outside.',
    );
    nodes = await startNodes();
    const litecoin = nodes.litecoin ? 'litecoind regtest (Bitcoin Core RPC)' : nodes.skipped;
    show.says(`nodes: anvil (EVM), litesvm (a Solana bank behind our JSON-RPC server), ${litecoin}`);
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    receiver = await startReceiver({ secret });
    receiver.onEvent((event) => show.webhook(event));
    const config = await writeConfig(nodes, receiver, secret, folder, show);
    await play(context, config, nodes, receiver, show, durationMs, folder);
  } finally {
    await receiver?.close();
    await nodes?.stop();
    await rm(folder, { recursive: true, force: true });
    process.removeListener('exit', sweep);
  }
}

type Exchange = Awaited<ReturnType<typeof openExchange>>;

async function writeConfig(nodes: DemoNodes, receiver: Receiver, secret: string, folder: string, show: Show) {
  const exchange = await openExchange(nodes);
  const places = {
    report: join(folder, 'example_por.csv'),
    database: join(folder, 'reservewatch.db'),
    archive: join(folder, 'reports'),
    receiver: receiver.url,
    secret,
  };
  await writeFile(places.report, reportCsv(exchange.rows));
  const file = join(folder, 'reservewatch.yaml');
  await writeFile(file, configYaml(nodes, exchange, places, Date.now()));
  show.says(
    `the example exchange publishes ${exchange.rows.length} signed rows in the OKX layout, its liabilities and a custody statement`,
  );
  return { file, exchange };
}

async function play(
  context: CliContext,
  { file, exchange }: { readonly file: string; readonly exchange: Exchange },
  nodes: DemoNodes,
  receiver: Receiver,
  show: Show,
  durationMs: number | null,
  folder: string,
): Promise<void> {
  const config = loadConfig(file, { nowMs: context.clock.now(), families: chainFamilyNames(), env: {} });
  if (!config.ok)
    throw new Error(`the demo's own config is refused in ${folder}: ${config.error.map(formatFault).join('\n')}`);
  const over = new AbortController();
  const signal = AbortSignal.any([context.stopped, over.signal]);
  let world: Promise<void> | undefined;
  const refused = await watch(context, config.value, true, signal, {
    onOpen: (monitor) => show.proofs(monitor),
    onLook(_entity, look, monitor) {
      show.look(look, monitor);
      if (world || !look.points.every((point) => point.quality === 'complete')) return;
      show.says('first complete snapshot: the world begins to move');
      world = turn(context, nodes, exchange, show, durationMs, signal)
        .catch((error: unknown) =>
          signal.aborted ? undefined : show.says(`the world stopped: ${(error as Error).message}`),
        )
        .finally(() => durationMs !== null && over.abort());
    },
    onEvent: (event) => show.event(event),
  });
  await world;
  if (refused !== null) return fail(context, EXIT.bug, refused);
  if (context.stopped.aborted || durationMs === null) return context.exit(EXIT.good);
  const missing = missingFrom(receiver.received());
  for (const sentence of missing) show.says(`MISSING: ${sentence}`);
  if (missing.length === 0)
    show.says(
      `the whole story was told: ${receiver.received().length} webhooks, every signature good, every level fired and resolved in order`,
    );
  context.exit(missing.length === 0 ? EXIT.good : EXIT.undecided);
}

/** Lets the world's events happen at their times; with a duration once, else again and again. */
async function turn(
  { clock }: CliContext,
  nodes: DemoNodes,
  exchange: Exchange,
  show: Show,
  durationMs: number | null,
  signal: AbortSignal,
): Promise<void> {
  const length = durationMs ?? ENDLESS_MS;
  do {
    const begun = clock.monotonic();
    for (const { at, says, happens } of WORLD) {
      await clock.sleep(Math.max(0, begun + at * length - clock.monotonic()), signal);
      show.says(`world: ${says}`);
      await happens(nodes, exchange);
    }
    await clock.sleep(Math.max(0, begun + length - clock.monotonic()), signal);
  } while (durationMs === null);
}
