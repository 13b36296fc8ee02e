import type { IOllamaGpuCluster } from '../../src/cluster/cluster-ref';
import { Testing, TerraformStack } from '../../src/framework';
import type { Application, ChartSource } from '../../src/gitops/application';
import { AmbientMesh, type AmbientMeshProps } from '../../src/mesh/ambient-mesh';

/** A cluster as the mesh sees it. */
export const CLUSTER: IOllamaGpuCluster = {
  clusterName: 'ollama',
  region: 'us-west-2',
  kubernetesVersion: '1.35',
  network: {
    vpcId: 'vpc-0123456789abcdef0',
    vpcCidr: '10.0.0.0/16',
    zoneCount: 2,
    privateSubnetIds: ['subnet-a', 'subnet-b'],
    transitSubnetIds: ['subnet-c', 'subnet-d'],
    privateRouteTableIds: ['rtb-a', 'rtb-b'],
    egress: [],
  },
  serviceCidr: '172.20.0.0/16',
  clusterSecurityGroupId: 'sg-0123456789abcdef0',
  pools: [{ name: 'gpu', replicas: 1, parallel: 2 }],
  requestTimeoutSeconds: 900,
  maxWaiting: 4,
  ready: [],
  tags: {},
};

/** Creates a mesh in a new stack. */
export function newMesh(props: Partial<AmbientMeshProps> = {}): AmbientMesh {
  return new AmbientMesh(newStack(), 'mesh', { cluster: CLUSTER, ...props });
}

export function newStack(): TerraformStack {
  return new TerraformStack(Testing.app(), 'platform');
}

/** Returns the Application with a name; throws if it does not exist. */
export function application(applications: readonly Application[], name: string): Application {
  const found = applications.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no Application ${name}`);
  return found;
}

/** Returns the chart that an Application installs; throws if it does not install a chart. */
export function chartOf(applications: readonly Application[], name: string): ChartSource {
  const { source } = application(applications, name);
  if (source.kind !== 'chart') throw new Error(`the Application ${name} has no chart`);
  return source;
}

/** Returns the values of an Application's chart, for assertions on parts of them. */
export function valuesOf(applications: readonly Application[], name: string): ChartSource['values'] {
  return chartOf(applications, name).values;
}
