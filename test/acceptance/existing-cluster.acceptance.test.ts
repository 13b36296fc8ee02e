/** An existing cluster: every plan refuses one that does not suit GPU pools, and says what to change. */
import { ExistingEksCluster, ModuleStack, Network } from '@org/ollama-eks';
import { App } from 'cdktf';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, terraform, workDir, type Engine } from './support';

/** What a plan finds of a cluster that suits GPU pools. */
const SOUND = {
  version: '1.36',
  vpcId: 'vpc-0123456789abcdef0',
  /** Range of Services; null with IPv6. */
  services: '172.20.0.0/16' as string | null,
  /** Configuration of the add-on. */
  vpcCni: '{"enableNetworkPolicy":"true"}' as string | null,
};

const ACCEPTED: Readonly<Record<string, Partial<typeof SOUND>>> = {
  sound: {},
  newest_for_the_nodes: { version: '1.39' },
  configured_in_yaml: { vpcCni: 'enableNetworkPolicy: true\n' },
};

const REFUSED: Readonly<Record<string, { readonly change: Partial<typeof SOUND>; readonly error: string }>> = {
  older_than_the_nodes: {
    change: { version: '1.35' },
    error:
      'cluster platform runs 1.35, and nodes must not be newer than it, nor more than 3 minor versions older; set ' +
      'kubernetesVersion: KubernetesVersion.of("1.35")',
  },
  too_old_for_volumes: {
    change: { version: '1.33' },
    error: 'model volumes need 1.34 or later: upgrade the control plane',
  },
  too_new_for_the_nodes: { change: { version: '1.40' }, error: 'set kubernetesVersion: KubernetesVersion.of("1.40")' },
  in_another_vpc: {
    change: { vpcId: 'vpc-1' },
    error:
      'network.vpcId: cluster platform is in vpc-1, and its nodes must be, too; describe the network of the cluster',
  },
  with_other_services: {
    change: { services: '10.96.0.0/16' },
    error:
      'serviceCidr = "172.20.0.0/16": Services of cluster platform have addresses in 10.96.0.0/16; set serviceCidr to that range',
  },
  of_ipv6: { change: { services: null }, error: 'an IPv6 range, which is not supported' },
  without_policies: {
    change: { vpcCni: '{"enableNetworkPolicy":"false"}' },
    error:
      'networkPolicies: the add-on vpc-cni of cluster platform does not enforce network policies; set enableNetworkPolicy: "true"',
  },
  with_defaults: {
    change: { vpcCni: '' },
    error: 'or networkPolicies: "self-managed" if something else enforces them',
  },
};

describe.each<Engine>(['terraform', 'tofu'])('%s', (engine) => {
  suite(`${engine} with the real AWS provider and an existing cluster`, [engine, 'real-providers'], () => {
    const dir = workDir();

    test('accepts what is looked up', async () => {
      synthesize(dir);
      await terraform(dir, ['init', '-backend=false'], { engine });
      await terraform(dir, ['validate'], { engine });
    });
  });

  suite(`${engine} and an existing cluster`, [engine, 'stub-providers'], () => {
    const dir = workDir();
    const options = { engine, providers: 'stub-providers' } as const;
    let output = '';

    beforeAll(async () => {
      const found = synthesize(dir);
      // A failed run skips the rest of its file, so that each one has its own.
      const write = (name: string, change: Partial<typeof SOUND>) => {
        const { vpcCni, ...cluster } = { ...SOUND, ...change };
        const overrides = [
          override('data.aws_region.provider-region', { endpoint: 'ec2.us-west-2.amazonaws.com' }),
          override(found.cluster, attributes(cluster)),
          override(found.vpcCni, { configuration_values: vpcCni }),
        ];
        writeFileSync(join(dir, `${name}.tftest.hcl`), `${overrides.join('\n')}\nrun "plan" {\n  command = plan\n}\n`);
      };
      for (const [name, change] of Object.entries(ACCEPTED)) write(name, change);
      for (const [name, { change }] of Object.entries(REFUSED)) write(name, change);
      await terraform(dir, ['init', '-backend=false'], options);
      const { stdout, stderr } = await terraform(dir, ['test', '-no-color'], { ...options, exitCodes: [1] });
      output = (stdout + stderr).replaceAll(/[\s│╷╵]+/g, ' ');
    });

    test.each(Object.keys(ACCEPTED))('a plan accepts one that is %s', (name) => {
      expect(output).toContain(`${name}.tftest.hcl... pass`);
    });

    test.each(Object.entries(REFUSED))('a plan refuses one that is %s', (name, { error }) => {
      expect(output).toContain(`${name}.tftest.hcl... fail`);
      expect(output).toContain(error);
    });
  });
});

function override(target: string, values: object): string {
  return `override_data {\n  target = ${target}\n  values = ${JSON.stringify(values)}\n}`;
}

/** Returns what the provider reads of a cluster, with every attribute of the blocks, which an override requires. */
function attributes({ version, vpcId, services }: Omit<typeof SOUND, 'vpcCni'>): object {
  return {
    version,
    vpc_config: [
      {
        vpc_id: vpcId,
        cluster_security_group_id: 'sg-0123456789abcdef0',
        endpoint_private_access: true,
        endpoint_public_access: false,
        public_access_cidrs: [],
        security_group_ids: [],
        subnet_ids: [],
      },
    ],
    kubernetes_network_config: [
      {
        elastic_load_balancing: [],
        ip_family: services === null ? 'ipv6' : 'ipv4',
        service_ipv4_cidr: services,
        service_ipv6_cidr: null,
      },
    ],
  };
}

/** Writes the stack, and returns the addresses of what it looks up. */
function synthesize(dir: string): { readonly cluster: string; readonly vpcCni: string } {
  const app = new App({ outdir: join(dir, 'cdktf.out') });
  const stack = new ModuleStack(app, 'estate', { region: 'us-west-2', providers: ['aws'] });
  const network = Network.fromAttributes(stack, 'network', {
    vpcId: SOUND.vpcId,
    vpcCidr: '10.20.0.0/16',
    privateSubnetIds: ['subnet-1', 'subnet-2'],
  });
  const cluster = new ExistingEksCluster(stack, 'cluster', { clusterName: 'platform', network });
  writeFileSync(join(dir, 'main.tf.json'), JSON.stringify(stack.toTerraform()));
  return {
    cluster: `data.aws_eks_cluster.${cluster.resource.friendlyUniqueId}`,
    vpcCni: `data.aws_eks_addon.${cluster.vpcCni?.friendlyUniqueId ?? ''}`,
  };
}
