import { BlockList, isIPv4 } from 'node:net';
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

/** Whether an entry of NO_PROXY is `*`, the host, a domain above it, or a range that contains its address. */
function matches(entry: string, { hostname, port }: URL): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isIn(entry, hostname);
  const [name = '', only] = entry.split(':');
  if (only !== undefined && only !== (port === '' ? '443' : port)) return false;
  const domain = name.replace(/^\*?\./, '');
  return domain !== '' && (hostname === domain || hostname.endsWith(`.${domain}`));
}

function isIn(range: string, hostname: string): boolean {
  const [network = '', prefix = ''] = range.split('/');
  if (!isIPv4(hostname) || !isIPv4(network) || !/^([0-9]|[12][0-9]|3[0-2])$/.test(prefix)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix));
  return list.check(hostname);
}
