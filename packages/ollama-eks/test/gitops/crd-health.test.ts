import { CRD_HEALTH_CHECK } from '../../src/gitops/crd-health';
import { runHealthCheck } from './support/lua';

const ACCEPTED = { type: 'NamesAccepted', status: 'True', message: 'no conflicts found' };
const ESTABLISHED = { type: 'Established', status: 'True', message: 'the initial names have been accepted' };
const INSTALLING = { ...ESTABLISHED, status: 'False', reason: 'Installing' };

/** Conditions as kube-apiserver writes them (apiextensions-apiserver, pkg/controller). */
describe('health check of custom resource definitions', () => {
  it.each<[string, object | undefined, string, string]>([
    ['that was just created', undefined, 'Progressing', 'being established'],
    ['without conditions', {}, 'Progressing', 'being established'],
    ['whose names are accepted', { conditions: [ACCEPTED] }, 'Progressing', 'being established'],
    ['that is being established', { conditions: [ACCEPTED, INSTALLING] }, 'Progressing', 'being established'],
    ['that is established', { conditions: [ACCEPTED, ESTABLISHED] }, 'Healthy', 'is established'],
    [
      'whose names are refused',
      {
        conditions: [
          { type: 'NamesAccepted', status: 'False', reason: 'PluralConflict', message: '"gateways" is in use' },
          { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
        ],
      },
      'Degraded',
      'the names are not accepted: "gateways" is in use',
    ],
    [
      'whose schema is refused',
      { conditions: [ACCEPTED, ESTABLISHED, { type: 'NonStructuralSchema', status: 'True', message: 'spec.x' }] },
      'Degraded',
      'the schema is not structural: spec.x',
    ],
    [
      'that is not established for another reason',
      { conditions: [ACCEPTED, { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'why' }] },
      'Degraded',
      'not established: why',
    ],
  ])('of a definition %s', (_, status, health, message) => {
    const verdict = runHealthCheck(CRD_HEALTH_CHECK, { metadata: { name: 'x' }, status });
    expect(verdict).toEqual({ status: health, message: expect.stringContaining(message) });
  });

  it('of a definition that is being deleted', () => {
    const metadata = { name: 'x', deletionTimestamp: '2026-01-01T00:00:00Z' };
    const verdict = runHealthCheck(CRD_HEALTH_CHECK, { metadata, status: { conditions: [ACCEPTED, ESTABLISHED] } });
    expect(verdict.status).toBe('Progressing');
  });

  it('uses only the libraries base and table', () => {
    expect(CRD_HEALTH_CHECK).not.toMatch(/\b(string|os|io|math|require)\b\s*[.(]/);
  });
});
