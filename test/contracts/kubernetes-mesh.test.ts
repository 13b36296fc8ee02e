import { AmbientMesh, type AmbientMeshProps, type Application } from '@org/ollama-eks';
import { TerraformStack, Testing } from 'cdktf';
import { CLUSTER } from '../kong/support/exposures';
import { unknownChartKeys } from './support/chart-values';
import { describeContracts } from './support/contract-files';
import { describeApplicationContracts } from './support/describe-applications';

describe.each(['1.30.5', '1.31.1'])('the mesh at Istio %s', (version) => {
  describeApplicationContracts('with everything on', applications({ version, cniTaint: true }));
  describeApplicationContracts(
    'with everything off',
    applications({
      version,
      highAvailability: false,
      accessLogs: false,
      podSecurity: 'unmanaged',
      gatewayApi: 'existing',
    }),
  );
});

describeContracts('a misspelled value', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string[]]>([
    ['istiod', { pilot: { autoscaleMinimum: 2 } }, ['pilot.autoscaleMinimum']],
    ['istiod', { pilot: { taint: { enable: true } } }, ['pilot.taint.enable']],
    ['cni', { ambient: { dnsCaptur: true } }, ['ambient.dnsCaptur']],
    ['ztunnel', { terminationGracePeriod: 300 }, ['terminationGracePeriod']],
    ['base', { base: { validationFailurePolcy: 'Fail' } }, ['base.validationFailurePolcy']],
  ])('of %s is reported: %j', (chart, values, unknown) => {
    expect(unknownChartKeys(chart, '1.31.1', values)).toEqual(unknown);
  });
});

function applications(props: Omit<AmbientMeshProps, 'cluster'>): readonly Application[] {
  const mesh = new AmbientMesh(new TerraformStack(Testing.app(), 'platform'), 'mesh', { cluster: CLUSTER, ...props });
  mesh.enroll('agents', {
    podSecurity: 'restricted',
    allow: [{ from: [{ namespaces: ['portal'], ipBlocks: ['10.0.0.0/16'] }], ports: [8080] }],
  });
  return mesh.applications;
}
