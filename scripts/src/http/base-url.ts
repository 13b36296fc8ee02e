import { UsageError, wrongValue } from '../program/errors';

/** Hosts that plain HTTP may be spoken to: what is said to them does not leave the machine. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Checks an address that secrets are sent to and returns it without a trailing slash.
 * Throws UsageError, naming the setting, unless it is https, or http to the loopback interface, without credentials and query.
 */
export function baseUrl(setting: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined) {
    throw wrongValue(setting, value, 'must be a URL, e.g. https://HOST');
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
    throw wrongValue(setting, url.origin, 'must be https, or http to the loopback interface');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError(`${setting} must be scheme, host and path alone, without credentials, query and fragment`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
