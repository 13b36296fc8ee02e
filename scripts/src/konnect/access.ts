import type { Context } from '../program/context';
import { KonnectClient, type Geo } from './index';

/** Returns a client for Konnect from the settings. The configuration token has fewer permissions, and is used where they are sufficient. */
export function openKonnect(
  context: Context,
  token: 'konnectToken' | 'konnectConfigToken' = 'konnectToken',
  signal: AbortSignal = context.signal,
): KonnectClient {
  const { flags, settings, clock, fetch, reporter } = context;
  return new KonnectClient({
    token: settings.get(token) ?? settings.require('konnectToken'),
    geo: settings.require('konnectGeo') as Geo,
    globalUrl: settings.get('konnectGlobalUrl'),
    regionUrl: settings.get('konnectRegionUrl'),
    clock,
    fetch,
    signal,
    onRetry: (message) => (flags.json ? reporter.detail(message) : reporter.warn(message)),
  });
}
