import { BlockList, isIP } from 'node:net';
import { wrongValue } from './errors';

/** Variables that every program of a machine behind a proxy reads, the first one that is not empty. */
const HTTPS_PROXY = ['https_proxy', 'HTTPS_PROXY'] as const;
const NO_PROXY = ['no_proxy', 'NO_PROXY'] as const;

/**
 * Variables that a child needs to reach the internet through a proxy, and to trust its authority. Programs in Go, such as decK, read them.
 * @see https://pkg.go.dev/net/http#ProxyFromEnvironment
 */
export const PROXY_VARIABLES = [
  ...HTTPS_PROXY,
  ...NO_PROXY,
  ...(['http_proxy', 'HTTP_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR'] as const),
];

/** Hosts of this machine, such as a forwarded port, which no proxy reaches. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** A proxy, and the hosts that are reached without it. */
export interface Proxy {
  /** `http://proxy.example.com:3128`, which may contain credentials. */
  readonly url: string;
  /** Whether a request uses the proxy. */
  readonly isFor: (target: URL) => boolean;
}

/**
 * Returns the proxy of `HTTPS_PROXY` and `NO_PROXY`, whose lowercase forms take precedence as in curl; undefined if there is none. Throws
 * UsageError for an address that is not one of an HTTP proxy.
 */
export function proxyOf(environment: Readonly<Record<string, string | undefined>>): Proxy | undefined {
  const valueOf = (name: string): string => environment[name]?.trim() ?? '';
  const name = HTTPS_PROXY.find(valueOf);
  if (name === undefined) return undefined;
  const except = (NO_PROXY.map(valueOf).find(Boolean) ?? '').split(/[\s,]+/).filter(Boolean);
  return {
    url: proxyUrl(name, valueOf(name)),
    // plain HTTP is allowed to this machine only
    isFor: (target) =>
      target.protocol === 'https:' &&
      !LOOPBACK.test(target.hostname) &&
      !except.some((entry) => matches(entry.toLowerCase(), target)),
  };
}

/** Curl and Go accept an address without a scheme. */
function proxyUrl(name: string, value: string): string {
  const text = value.includes('://') ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.hostname !== '') return url.href;
  throw wrongValue(name, value.replace(/\/\/[^/]*@/, '//…@'), 'is not the address of an HTTP proxy', {
    allowed: 'http://HOST:PORT or https://HOST:PORT',
    remedy: 'correct it, or unset the variable',
  });
}

/** A name or an address in NO_PROXY, in brackets if it is of IPv6 and has a port, and the only port that the entry is for. */
const HOST_AND_PORT = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/;

/** Whether an entry of NO_PROXY is `*`, the host, a domain above it, its address, or a range that contains it. */
function matches(entry: string, { hostname, port }: URL): boolean {
  if (entry === '*') return true;
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (entry.includes('/')) return isIn(entry, host);
  if (isIP(entry) !== 0) return isSame(entry, host);
  const [, bracketed, plain, only] = HOST_AND_PORT.exec(entry) ?? [];
  if (only !== undefined && only !== (port === '' ? '443' : port)) return false;
  const name = bracketed ?? plain ?? '';
  if (isIP(name) !== 0) return isSame(name, host);
  const domain = name.replace(/^\*?\./, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

/** Whether both are the same address, however it is written. */
function isSame(address: string, host: string): boolean {
  return isIn(`${address}/${String(BITS[isIP(address)])}`, host);
}

/** Bits of an address, by the version of IP. */
const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/** Whether a range, `10.0.0.0/8` or `fd00::/8`, contains an address. */
function isIn(range: string, host: string): boolean {
  const [network = '', prefix = ''] = range.split('/');
  const version = isIP(network);
  const bits = /^\d+$/.test(prefix) ? Number(prefix) : Infinity;
  if (version === 0 || isIP(host) === 0 || bits > (BITS[version] ?? 0)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, version === 4 ? 'ipv4' : 'ipv6');
  return list.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6');
}
