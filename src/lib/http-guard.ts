import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector, type Dispatcher } from 'undici';

/** How a name is resolved; replaceable in tests. Always asked for every address. */
export type Resolve = (
  host: string,
  options: LookupOptions & { readonly all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** What a guarded connection may reach. */
export interface GuardOptions {
  /** True for a receiver in the operator's own network: http and any address are then allowed. */
  readonly allowPrivateAddress: boolean;
  readonly resolve?: Resolve;
}

/** A connection that the guard refused. `createHttpClient` turns the code into the failure `blocked`. */
class BlockedError extends Error {
  readonly code = 'RESERVEWATCH_BLOCKED';
}

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Whether an IP literal is a public unicast address. IPv4-mapped IPv6 is judged as the IPv4 that it reaches; other IPv6 must
 * lie in 2000::/3 (IANA's global unicast), which leaves out ::/96, NAT64, ULA and link-local whatever a library calls them.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || ((parsed as ipaddr.IPv6).parts[0] as number) >> 13 === 1;
}

/**
 * A dispatcher for `createHttpClient` that reaches only https and public addresses: literals are checked before connecting,
 * every resolved address of a name inside the connection's own lookup (so that a second answer cannot differ), and the
 * peer once more when connected. No proxy is used, whatever the environment says.
 */
export function guardedDispatcher({ allowPrivateAddress, resolve = dnsLookup as Resolve }: GuardOptions): Dispatcher {
  if (allowPrivateAddress) return new Agent({ connect: { timeout: CONNECT_TIMEOUT_MS } });
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    lookup: guardedLookup(resolve),
  } as buildConnector.BuildOptions);
  return new Agent({
    connect(options, callback) {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (options.protocol !== 'https:') return callback(blocked(host, 'is not https'), null);
      if (isIP(host) !== 0 && !isPublicAddress(host)) return callback(blocked(host, 'is not a public address'), null);
      return connect(options, (...[error, socket]) => {
        if (error) return callback(error, null);
        const peer = socket.remoteAddress;
        if (peer !== undefined && isPublicAddress(peer)) return callback(null, socket);
        socket.destroy();
        return callback(blocked(host, 'led to an address that is not public'), null);
      });
    },
  });
}

const blocked = (host: string, why: string): BlockedError =>
  new BlockedError(`${host} ${why}: allow it with allowPrivateAddress: true if it is yours`);

type LookupDone = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

function guardedLookup(resolve: Resolve) {
  return (host: string, options: LookupOptions, done: LookupDone): void => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const bad = addresses.some(({ address }) => !isPublicAddress(address));
      if (bad || addresses.length === 0) return done(blocked(host, 'resolves to an address that is not public'), []);
      const first = addresses[0] as LookupAddress;
      return options.all ? done(null, addresses) : done(null, first.address, first.family);
    });
  };
}
