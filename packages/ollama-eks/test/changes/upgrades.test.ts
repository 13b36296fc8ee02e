import { upgradeOf, type Versions } from '../../src/changes/upgrades';
import { refusal } from '../refusal';

const RUNNING: Versions = { kubernetes: '1.35', istio: '1.30.5' };

test('the next minor version of Kubernetes, and any neighbor of Istio, are upgrades with what rolls and a way back', () => {
  expect(upgradeOf(RUNNING, { ...RUNNING, kubernetes: '1.36' })).toMatchObject({
    part: 'kubernetes',
    from: '1.35',
    to: '1.36',
    rolls: expect.arrayContaining([expect.stringMatching(/^GPU nodes/)]),
    back: expect.stringMatching(/^EKS does not downgrade/),
  });
  for (const istio of ['1.30.6', '1.30.4', '1.31.1', '1.29.0']) {
    expect(upgradeOf(RUNNING, { ...RUNNING, istio })).toMatchObject({ part: 'istio', from: '1.30.5', to: istio });
  }
});

test('nothing differs, or nothing is known', () => {
  expect(upgradeOf(RUNNING, RUNNING)).toBeUndefined();
  expect(upgradeOf({ kubernetes: '1.35' }, RUNNING)).toBeUndefined();
  expect(upgradeOf(RUNNING, {})).toBeUndefined();
});

test.each<[string, Versions, string, string]>([
  ['skips a minor version of Kubernetes', { kubernetes: '1.37' }, 'kubernetesVersion', '1.36'],
  ['downgrades Kubernetes', { kubernetes: '1.34' }, 'kubernetesVersion', '1.35 or the next minor version'],
  ['skips a minor version of Istio', { istio: '1.32.0' }, 'version of AmbientMesh', '1.31'],
  ['goes back two minor versions of Istio', { istio: '1.28.0' }, 'version of AmbientMesh', '1.29'],
  ['changes both', { kubernetes: '1.36', istio: '1.31.1' }, 'version of AmbientMesh', '1.30.5'],
])('refuses what %s', (_, wanted, property, allowed) => {
  expect(refusal(() => upgradeOf(RUNNING, { ...RUNNING, ...wanted }))).toMatchObject({ property, allowed });
});
