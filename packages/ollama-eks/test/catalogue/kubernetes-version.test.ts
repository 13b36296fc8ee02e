import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AddOnName, KubernetesVersion } from '../../src/catalogue/kubernetes-version';
import { refusal } from '../refusal';

const minorOf = ({ version }: KubernetesVersion): number => Number(version.split('.')[1]);

test('every version that has a constant is listed, oldest first, without gaps', () => {
  const constants = Object.entries(KubernetesVersion).filter(([name]) => /^V1_\d+$/.test(name));
  expect(KubernetesVersion.LISTED).toEqual(constants.map(([, version]) => version as KubernetesVersion));
  expect(constants.map(([name]) => name)).toEqual(
    KubernetesVersion.LISTED.map(({ version }) => `V${version.replace('.', '_')}`),
  );
  const first = minorOf(KubernetesVersion.V1_34);
  expect(KubernetesVersion.LISTED.map(minorOf)).toEqual(KubernetesVersion.LISTED.map((_, index) => first + index));
});

test('the default is the newest listed version, and the end of its support is known', () => {
  expect(KubernetesVersion.DEFAULT).toBe(KubernetesVersion.LISTED.at(-1));
  expect(KubernetesVersion.DEFAULT.endOfStandardSupport).toBeDefined();
});

describe.each(KubernetesVersion.LISTED.map((version) => [version.version, version] as const))('%s', (name, version) => {
  test.each<AddOnName>(['vpc-cni', 'kube-proxy', 'coredns', 'eks-pod-identity-agent', 'aws-ebs-csi-driver'])(
    'has a version of %s',
    (addOn) => {
      expect(version.addOns[addOn]).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
    },
  );

  test('has the kube-proxy of its minor version', () => {
    expect(version.addOns['kube-proxy']).toMatch(new RegExp(`^v${name}\\.`));
  });

  test('has a valid last day of standard support, if it is known', () => {
    const { endOfStandardSupport = '2030-01-01' } = version;
    expect(new Date(endOfStandardSupport).toISOString().slice(0, 10)).toBe(endOfStandardSupport);
  });
});

test('support ends in the order of the versions', () => {
  const known = KubernetesVersion.LISTED.flatMap(({ endOfStandardSupport }) => endOfStandardSupport ?? []);
  expect(known).toEqual([...known].sort());
});

test('the compatibility table says which versions are listed', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/compatibility.md'), 'utf8');
  const [first, last] = [KubernetesVersion.LISTED.at(0), KubernetesVersion.LISTED.at(-1)];
  expect(page).toMatch(new RegExp(`^\\| Kubernetes +\\| ${first?.version} to ${last?.version} +\\|`, 'm'));
});

test('a listed number returns the listed version, another number a version without date and add-ons', () => {
  expect(KubernetesVersion.of('1.35')).toBe(KubernetesVersion.V1_35);
  const next = KubernetesVersion.of('1.99');
  expect([next.version, next.listed, next.endOfStandardSupport, next.addOns]).toEqual(['1.99', false, undefined, {}]);
});

test.each(['1.35.2', 'v1.35', '2.0', '1.0', '', 'latest'])('%j is refused', (version) => {
  expect(refusal(() => KubernetesVersion.of(version)).property).toBe('kubernetesVersion');
});
