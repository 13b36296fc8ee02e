import { UsageError, wrongValue } from '../program/errors';

/** Hosts for which plain HTTP is allowed, since requests to them do not leave the machine. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Validates an address to which secrets are sent and returns it without a trailing slash.
 * Throws UsageError, naming the setting, unless the address is https, or http to the loopback interface, without credentials and query.
 */
export function baseUrl(setting: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined) {
    const shown = value.replace(/\/\/[^/]*@/, '//…@').replace(/[?#].*$/, '');
    throw wrongValue(setting, shown, 'must be a URL', {
      allowed: 'https://HOST, with or without a path',
      remedy: 'correct the address',
    });
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
    throw wrongValue(setting, url.origin, 'must use https, or http to the loopback interface', {
      remedy: 'change the scheme',
    });
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError(`${setting} must consist of scheme, host, and path, without credentials, query, or fragment`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
