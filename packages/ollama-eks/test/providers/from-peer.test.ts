import { aws } from '../../src/providers/aws';
import { helm } from '../../src/providers/helm';
import { kubernetes } from '../../src/providers/kubernetes';
import { tls } from '../../src/providers/tls';
import { fromPeer } from '../../src/providers/from-peer';
import { refusal } from '../refusal';

/** Throws what Node.js throws for a module that does not exist. */
function mockMissing(module: string): never {
  throw Object.assign(new Error(`Cannot find module '${module}'\nRequire stack:\n- main.js`), {
    code: 'MODULE_NOT_FOUND',
  });
}
jest.mock('@cdktf/provider-aws/lib/provider', () => mockMissing('@cdktf/provider-aws/lib/provider'));
jest.mock('@cdktf/provider-helm/lib/provider', () => mockMissing('@cdktf/provider-helm/lib/provider'));
jest.mock('@cdktf/provider-kubernetes/lib/provider', () => mockMissing('@cdktf/provider-kubernetes/lib/provider'));
jest.mock('@cdktf/provider-tls/lib/provider', () => mockMissing('@cdktf/provider-tls/lib/provider'));

test.each([
  ['@cdktf/provider-aws', () => aws.AwsProvider],
  ['@cdktf/provider-helm', () => helm.HelmProvider],
  ['@cdktf/provider-kubernetes', () => kubernetes.KubernetesProvider],
  ['@cdktf/provider-tls', () => tls.TlsProvider],
])('without %s, what to install is in the error', (name, load) => {
  const { message, property } = refusal(load);
  expect(property).toBe(name);
  expect(message).toMatch(new RegExp(`^${name}: is not installed in a supported version; allowed: [>^]`));
  for (const peer of ['aws@>=20.1.0 <22', 'helm@^12.1.0', 'kubernetes@^12.1.0', 'tls@^11.0.0']) {
    expect(message).toContain(`"@cdktf/provider-${peer}"`);
  }
});

test('errors of what a module of the package loads are not hidden', () => {
  const seam = fromPeer('@cdktf/provider-aws', {
    get Vpc() {
      return mockMissing('cdktf');
    },
  });
  expect(() => seam.Vpc).toThrow("Cannot find module 'cdktf'");
});
