import { unknownChartKeys } from './support/chart-values';
import { CrdSchemas } from './support/crd-schema';
import { describeContracts } from './support/contract-files';

describeContracts('CrdSchemas', () => {
  const crds = CrdSchemas.newest();
  const application = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'istiod' },
    spec: { project: 'p', destination: { server: 'https://kubernetes.default.svc', namespace: 'istio-system' } },
  };

  it('accepts known fields', () => {
    expect(crds.check(application)).toEqual([]);
  });

  it.each([
    [
      'a misspelled field',
      { ...application, spec: { ...application.spec, syncPolcy: {} } },
      '/spec must NOT have additional',
    ],
    ['a missing field', { ...application, spec: { project: 'p' } }, "/spec must have required property 'destination'"],
    ['a wrong type', { ...application, spec: { ...application.spec, project: 5 } }, '/spec/project must be string'],
  ])('refuses %s', (_, object, error) => {
    expect(crds.check(object).join()).toContain(error);
  });

  it('reports a kind without a definition', () => {
    expect(() => crds.check({ apiVersion: 'v1', kind: 'ConfigMap' })).toThrow('no definition of v1 ConfigMap');
  });
});

describeContracts('unknownChartKeys', () => {
  it.each([
    ['argo-cd', '10.1.1', { configs: { cm: { 'any.key': 'x' } }, redisHa: {} }, ['redisHa']],
    ['argo-cd', '10.1.1', { global: { networkPolicy: { creat: true } } }, ['global.networkPolicy.creat']],
    ['istiod', '1.31.1', { profile: 'ambient', pilot: { autoscaleMin: 2, autoscaleMni: 2 } }, ['pilot.autoscaleMni']],
    ['istiod', '1.30.4', { base: { validationFailurePolicy: 'Fail' }, gatewayClasses: { istio: {} } }, []],
    ['ztunnel', '1.31.1', { global: { hub: 'docker.io/istio' }, logAsJson: true, termination: 1 }, ['termination']],
    ['nvidia-device-plugin', '0.20.0', { nodeSelector: { a: 'b' }, tolerationz: [] }, ['tolerationz']],
  ])('%s %s', (chart, version, values, unknown) => {
    expect(unknownChartKeys(chart, version, values)).toEqual(unknown);
  });
});
