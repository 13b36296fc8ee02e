import { KubernetesVersion } from '../../src/catalogue/kubernetes-version';
import { refusal } from '../refusal';

test('1.34 to 1.36 are listed, 1.35 is the default', () => {
  expect(KubernetesVersion.LISTED.map(String)).toEqual(['1.34', '1.35', '1.36']);
  expect(KubernetesVersion.DEFAULT).toBe(KubernetesVersion.V1_35);
  expect(KubernetesVersion.V1_34.endOfStandardSupport).toBe('2026-12-02');
});

test('a listed number gives the listed version, another a version that knows no dates', () => {
  expect(KubernetesVersion.of('1.35')).toBe(KubernetesVersion.V1_35);
  const next = KubernetesVersion.of('1.37');
  expect([next.version, next.listed, next.endOfStandardSupport]).toEqual(['1.37', false, undefined]);
});

test.each(['1.35.2', 'v1.35', '2.0', '1.0', '', 'latest'])('%s is refused', (version) => {
  expect(refusal(() => KubernetesVersion.of(version)).property).toBe('kubernetesVersion');
});
