import { APPLICATION_HEALTH_CHECK } from '../../src/gitops/application-health';
import { runHealthCheck } from './support/lua';

const source = { repoURL: 'https://github.com/acme/platform', targetRevision: 'a'.repeat(40), path: 'x' };
const healthy = { health: { status: 'Healthy' }, sync: { status: 'Synced', comparedTo: { source } } };
const operation = (phase: string, more: object = {}) => ({
  operationState: { phase, message: 'the message', ...more },
});

const older = { operation: { sync: { source: { ...source, targetRevision: 'b' } } } };
/** Results of a sync: an object that is not a hook, and a hook. */
const object = { kind: 'ConfigMap', hookPhase: 'Failed' };
const failedHook = { kind: 'Job', hookType: 'PostSync', hookPhase: 'Failed' };
const olderFailure = operation('Failed', { ...older, syncResult: { resources: [object] } });

describe('health check of Applications', () => {
  it.each<[string, object | undefined, string]>([
    ['no status', undefined, 'Progressing'],
    ['an empty status', {}, 'Progressing'],
    ['nothing compared yet', { health: { status: 'Healthy' }, sync: { status: 'Synced' } }, 'Progressing'],
    ['healthy and in sync', healthy, 'Healthy'],
    ['healthy and in sync after a sync', { ...healthy, ...operation('Succeeded') }, 'Healthy'],
    [
      'healthy and in sync after a sync that was retried',
      { ...healthy, ...operation('Succeeded', { retryCount: 3 }) },
      'Healthy',
    ],
    ['healthy and out of sync', { ...healthy, sync: { ...healthy.sync, status: 'OutOfSync' } }, 'Progressing'],
    ['healthy, unknown whether in sync', { ...healthy, sync: { ...healthy.sync, status: 'Unknown' } }, 'Progressing'],
    ['degraded', { ...healthy, health: { status: 'Degraded', message: 'm' } }, 'Degraded'],
    [
      'degraded and out of sync',
      { health: { status: 'Degraded' }, sync: { ...healthy.sync, status: 'OutOfSync' } },
      'Degraded',
    ],
    ['suspended', { ...healthy, health: { status: 'Suspended' } }, 'Suspended'],
    ['missing', { ...healthy, health: { status: 'Missing' } }, 'Missing'],
    ['a sync that runs, e.g. a hook', { ...healthy, ...operation('Running') }, 'Progressing'],
    ['a sync that is ended', { ...healthy, ...operation('Terminating') }, 'Progressing'],
    ['a sync that failed, e.g. a hook', { ...healthy, ...operation('Failed') }, 'Degraded'],
    ['a sync in error', { ...healthy, ...operation('Error') }, 'Degraded'],
    ['a failed sync that waits for its retry', { ...healthy, ...operation('Running', { retryCount: 1 }) }, 'Degraded'],
    [
      'a failed sync of this source that waits for its retry',
      { ...healthy, ...operation('Running', { retryCount: 1, operation: { sync: { source } } }) },
      'Degraded',
    ],
    [
      'a failed sync of an older source that waits for its retry',
      {
        ...healthy,
        ...operation('Running', { retryCount: 1, operation: { sync: { source: { ...source, targetRevision: 'b' } } } }),
      },
      'Progressing',
    ],
    [
      'a failed sync of an older source, where a sync of this one is to come',
      { ...healthy, sync: { ...healthy.sync, status: 'OutOfSync' }, ...olderFailure },
      'Progressing',
    ],
    ['a failed sync of an older source, where nothing is left to sync', { ...healthy, ...olderFailure }, 'Healthy'],
    [
      'a failed hook of an older source, where nothing is left to sync, so that no sync runs it again',
      { ...healthy, ...operation('Failed', { ...older, syncResult: { resources: [object, failedHook] } }) },
      'Degraded',
    ],
    [
      'a failed hook of an older source, where a sync of this one is to come',
      {
        ...healthy,
        sync: { ...healthy.sync, status: 'OutOfSync' },
        ...operation('Failed', { ...older, syncResult: { resources: [failedHook] } }),
      },
      'Progressing',
    ],
    [
      'of an older revision',
      { ...healthy, sync: { status: 'Synced', comparedTo: { source: { ...source, targetRevision: 'b' } } } },
      'Progressing',
    ],
    [
      'of a source with a field less',
      { ...healthy, sync: { status: 'Synced', comparedTo: { source: { ...source, path: undefined } } } },
      'Progressing',
    ],
    [
      'of a source with a field more',
      { ...healthy, sync: { status: 'Synced', comparedTo: { source: { ...source, chart: 'c' } } } },
      'Progressing',
    ],
    [
      'degraded, of an older spec',
      { health: { status: 'Degraded' }, sync: { status: 'Synced', comparedTo: {} } },
      'Progressing',
    ],
  ])('%s', (_, status, expected) => {
    expect(runHealthCheck(APPLICATION_HEALTH_CHECK, { spec: { source }, status }).status).toBe(expected);
  });

  it('compares values of charts at any depth', () => {
    const chart = { chart: 'istiod', helm: { valuesObject: { pilot: { tolerations: [{ key: 'a' }] } } } };
    const other = { chart: 'istiod', helm: { valuesObject: { pilot: { tolerations: [{ key: 'b' }] } } } };
    const status = { ...healthy, sync: { status: 'Synced', comparedTo: { source: chart } } };
    expect(runHealthCheck(APPLICATION_HEALTH_CHECK, { spec: { source: chart }, status }).status).toBe('Healthy');
    expect(runHealthCheck(APPLICATION_HEALTH_CHECK, { spec: { source: other }, status }).status).toBe('Progressing');
  });

  it('passes on the reason', () => {
    const status = { ...healthy, ...operation('Failed') };
    expect(runHealthCheck(APPLICATION_HEALTH_CHECK, { spec: { source }, status }).message).toBe('the message');
  });

  it('uses only the libraries base and table', () => {
    expect(APPLICATION_HEALTH_CHECK).not.toMatch(/\b(string|os|io|math|require)\b\s*[.(]/);
  });
});
