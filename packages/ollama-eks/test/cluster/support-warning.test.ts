import { KubernetesVersion } from '../../src/catalogue/kubernetes-version';
import { supportWarning } from '../../src/cluster/support-warning';

const on = (date: string) => supportWarning(KubernetesVersion.V1_34, new Date(`${date}T12:00:00Z`));

test('90 days before the end of standard support, synth begins to warn', () => {
  expect(on('2026-09-02')).toBeUndefined();
  expect(on('2026-09-03')).toMatch(
    /^Standard support of Kubernetes 1.34 on EKS ends on 2026-12-02, in 90 days. Upgrade one/,
  );
});

test.each([
  ['2026-12-01', 'ends on 2026-12-02, in one day'],
  ['2026-12-02', 'ends on 2026-12-02, in 0 days'],
  ['2026-12-03', 'ended on 2026-12-02'],
  ['2027-06-01', 'ended on 2026-12-02'],
])('on %s, it %s', (date, words) => {
  expect(on(date)).toContain(words);
});

test('a version without a known end causes no warning', () => {
  expect(supportWarning(KubernetesVersion.of('1.99'), new Date('2030-01-01'))).toBeUndefined();
});
