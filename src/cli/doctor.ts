import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Config } from '../config/types.ts';
import { connectAdapters } from '../connect-adapters.ts';
import { formatAge } from '../domain/time.ts';
import { createHttpClient } from '../lib/http.ts';
import { secp256k1Backend } from '../lib/secp256k1.ts';
import { formatFault } from '../lib/yaml.ts';
import type { ChainAdapter } from '../seams.ts';
import { sqliteVersion } from '../store/connection.ts';
import { type CliContext, EXIT, type ExitCode, worstExit } from './context.ts';
import { printJson, tableText, write } from './output.ts';

/** One thing that was looked at. */
interface Finding {
  readonly check: string;
  readonly status: 'good' | 'bad' | 'undecided' | 'usage';
  readonly detail: string;
  /** The one thing to do about it; null where nothing is wrong. */
  readonly remedy: string | null;
}

/** `doctor`: runtime, SQLite, crypto, config, and every endpoint with the proof of its chain, head and lag. */
export function register(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('check runtime, SQLite, crypto backend, config and every endpoint; one remedy a fault')
    .option('--json', 'print {schema, data, warnings} instead of a table')
    .action((flags: { readonly json?: boolean }) => runDoctor(context, flags.json === true));
}

async function runDoctor(context: CliContext, json: boolean): Promise<void> {
  const findings = [runtime(), sqlite(), crypto()];
  const config = context.config();
  if (config.ok) {
    findings.push(good('config', config.value.file), await database(context, config.value));
    findings.push(...(await endpoints(context, config.value)));
  } else if (context.configFile.given || context.configFile.exists) {
    for (const fault of config.error)
      findings.push({
        check: 'config',
        status: 'usage',
        detail: formatFault(fault),
        remedy: 'mend it, then: reservewatch config check',
      });
  } else findings.push(good('config', 'none here; next: reservewatch init --example okx'));
  if (json) await printJson(context, 'reservewatch.doctor/1', findings);
  else {
    const rows = findings.map(({ check, status, detail, remedy }) => [
      check,
      status === 'good' ? 'ok' : status === 'bad' ? 'BAD' : status === 'usage' ? 'CONFIG' : '?',
      detail,
      remedy ?? '',
    ]);
    await write(context.stdout, tableText(context.stdout, ['CHECK', '', 'FOUND', 'REMEDY'], rows));
  }
  context.exit(worstExit(...findings.map(({ status }): ExitCode => EXIT[status])));
}

const good = (check: string, detail: string): Finding => ({ check, status: 'good', detail, remedy: null });

const OLDEST_NODE = [20, 19] as const;

function runtime(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map((part) => Number.parseInt(part, 10));
  const detail = `Node ${process.versions.node} on ${process.platform}-${process.arch}`;
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return good('runtime', detail);
  return { check: 'runtime', status: 'usage', detail, remedy: `install Node ${OLDEST_NODE.join('.')} or newer` };
}

function sqlite(): Finding {
  const version = sqliteVersion();
  return version.ok
    ? good('sqlite', version.value)
    : {
        check: 'sqlite',
        status: 'usage',
        detail: version.error,
        remedy: 'npm rebuild better-sqlite3 (needs a C++ compiler, make and python3)',
      };
}

function crypto(): Finding {
  const backend = secp256k1Backend();
  if (backend === 'native') return good('crypto', 'secp256k1 native');
  return {
    check: 'crypto',
    status: 'undecided',
    detail: `secp256k1 ${backend}: verdicts are the same, about 25 times slower`,
    remedy: 'npm rebuild secp256k1 (needs a C++ compiler, make and python3)',
  };
}

async function database(context: CliContext, { database: path }: Config): Promise<Finding> {
  if (!existsSync(path)) return good('database', `${path}: none yet, the first poll makes it`);
  const opened = await context.openStore(path, { mustExist: true });
  if (!opened.ok) return { check: 'database', status: 'usage', detail: opened.error, remedy: 'see the message' };
  const { store } = opened.value;
  try {
    const polls = store.latestPoints().map(({ poll }) => poll);
    const dead = store.deliveries('dead', 1).length;
    if (dead > 0)
      return {
        check: 'database',
        status: 'bad',
        detail: `${path}: messages were given up`,
        remedy: 'reservewatch status',
      };
    return good(
      'database',
      `${path}, ${polls.length === 0 ? 'no poll yet' : `newest poll #${Math.max(...polls)}`} at ${new Intl.DateTimeFormat('en-CA', { timeZone: 'UTC' }).format(context.clock.now())}`,
    );
  } finally {
    store.close();
  }
}

async function endpoints({ clock, stopped }: CliContext, config: Config): Promise<readonly Finding[]> {
  const http = createHttpClient();
  try {
    const connected = await connectAdapters(config.networks.values(), { http, clock });
    if (!connected.ok)
      return [
        { check: 'networks', status: 'usage', detail: connected.error, remedy: 'mend the network in the config' },
      ];
    const checks = [...connected.value].flatMap(([slug, adapters]) =>
      adapters.map((adapter) => endpoint(slug, adapter, clock.now(), stopped)),
    );
    const findings = await Promise.all(checks);
    await Promise.all([...connected.value.values()].flat().map((adapter) => adapter.close()));
    return findings;
  } finally {
    await http.close();
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  wrong_chain: 'this URL serves another chain: take it out of the config, or put it under the right network',
  pin_ignored: 'this endpoint answers for blocks it does not have: use another provider',
  lagging: 'the node is behind: wait until it has synced, or use another provider',
  rate_limited: 'the provider refuses for now: poll less often, or use another endpoint',
  unreachable: 'check the URL and the network; try: curl -sS <url>',
  timeout: 'the provider is slow: raise `timeout`, or use another endpoint',
};

async function endpoint(slug: string, adapter: ChainAdapter, nowMs: number, signal: AbortSignal): Promise<Finding> {
  const check = `${slug} ${adapter.provider}`;
  const admitted = await adapter.admit(signal);
  if (!admitted.ok) {
    const { code, message } = admitted.error;
    const isBad = code === 'wrong_chain' || code === 'pin_ignored';
    return {
      check,
      status: isBad ? 'bad' : 'undecided',
      detail: `${code}: ${message}`,
      remedy: REMEDIES[code] ?? 'use another provider',
    };
  }
  const { chainProof, client, headHeight, headTimeMs, finalHeight, reader } = admitted.value;
  const lag = formatAge(nowMs - headTimeMs);
  return good(
    check,
    `${chainProof}; head ${headHeight}, ${lag} old${finalHeight === null ? '' : `, final ${finalHeight}`}; reader ${reader}; ${client}`,
  );
}
