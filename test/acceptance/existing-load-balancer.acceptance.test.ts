/** An existing load balancer in front of the gateway: every plan refuses one that would not work, and says what to set. */
import { ExistingLoadBalancer, InternalExposure, ModuleStack } from '@org/ollama-eks';
import { App } from 'cdktf';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLUSTER } from '../kong/support/exposures';
import { suite, terraform, workDir, type Engine } from './support';

const ARN = 'arn:aws:elasticloadbalancing:us-west-2:111122223333:loadbalancer/net/shared/0123456789abcdef';

const EXPOSED = { ...CLUSTER, requestTimeoutSeconds: 600 };

interface Found {
  readonly loadBalancer: Readonly<Record<string, unknown>>;
  readonly targetGroup: Readonly<Record<string, unknown>>;
}

const SOUND: Found = {
  loadBalancer: {
    arn: ARN,
    load_balancer_type: 'network',
    internal: true,
    security_groups: ['sg-0a1b2c3d4e5f60719'],
    dns_name: 'shared.elb.us-west-2.amazonaws.com',
  },
  targetGroup: {
    load_balancer_arns: [ARN],
    target_type: 'ip',
    protocol: 'TCP',
    preserve_client_ip: 'true',
    deregistration_delay: '600',
    health_check: [healthCheck({ protocol: 'HTTP', port: '15021', path: '/healthz/ready' })],
  },
};

const FAULTS: Readonly<Record<string, { readonly change: Partial<Found>; readonly error: string }>> = {
  public_one: { change: { loadBalancer: { internal: false } }, error: 'must be an internal Network Load Balancer' },
  application_one: {
    change: { loadBalancer: { load_balancer_type: 'application' } },
    error: 'must be an internal Network',
  },
  without_group: { change: { loadBalancer: { security_groups: [] } }, error: 'must have a security group' },
  unattached: { change: { targetGroup: { load_balancer_arns: [] } }, error: 'must be the target of a listener' },
  of_instances: { change: { targetGroup: { target_type: 'instance' } }, error: 'must have target type ip' },
  hides_callers: { change: { targetGroup: { preserve_client_ip: 'false' } }, error: 'must preserve client addresses' },
  cuts_streams: {
    change: { targetGroup: { deregistration_delay: '300' } },
    error: 'Set deregistration_delay to 600 seconds',
  },
  blind_to_stops: {
    change: { targetGroup: { health_check: [healthCheck({ protocol: 'TCP', port: 'traffic-port', path: '' })] } },
    error: 'must check HTTP /healthz/ready on port 15021',
  },
};

describe.each<Engine>(['terraform', 'tofu'])('%s', (engine) => {
  suite(`${engine} with the real AWS provider and an existing load balancer`, [engine, 'real-providers'], () => {
    const dir = workDir();

    test('accepts what is read, and what is added', async () => {
      synthesize(dir);
      await terraform(dir, ['init', '-backend=false'], { engine });
      await terraform(dir, ['validate'], { engine });
    });
  });

  suite(`${engine} and an existing load balancer`, [engine, 'stub-providers'], () => {
    const dir = workDir();
    const options = { engine, providers: 'stub-providers' } as const;
    let output = '';

    beforeAll(async () => {
      const { loadBalancer, targetGroup } = synthesize(dir);
      const override = (target: string, values: object) =>
        `override_data {\n  target = ${target}\n  values = ${JSON.stringify(values)}\n}`;
      // A failed run skips the rest of its file, so that each one has its own.
      const write = (name: string, change: Partial<Found> = {}) => {
        const found = [
          override('data.aws_region.provider-region', { endpoint: 'ec2.us-west-2.amazonaws.com' }),
          override(loadBalancer, { ...SOUND.loadBalancer, ...change.loadBalancer }),
          override(targetGroup, { ...SOUND.targetGroup, ...change.targetGroup }),
        ];
        writeFileSync(join(dir, `${name}.tftest.hcl`), `${found.join('\n')}\nrun "plan" {\n  command = plan\n}\n`);
      };
      write('sound');
      for (const [name, { change }] of Object.entries(FAULTS)) write(name, change);
      await terraform(dir, ['init', '-backend=false'], options);
      const { stdout, stderr } = await terraform(dir, ['test', '-no-color'], { ...options, exitCodes: [1] });
      output = (stdout + stderr).replaceAll(/[\s│╷╵]+/g, ' ');
    });

    test('a plan accepts one that works', () => {
      expect(output).toContain('sound.tftest.hcl... pass');
    });

    test.each(Object.entries(FAULTS))('a plan refuses one that is %s', (name, { error }) => {
      expect(output).toContain(`${name}.tftest.hcl... fail`);
      expect(output).toContain(error);
    });
  });
});

/** Returns a health check with every attribute, which an override requires. */
function healthCheck(check: { readonly protocol: string; readonly port: string; readonly path: string }) {
  return {
    enabled: true,
    healthy_threshold: 2,
    interval: 10,
    matcher: '200',
    timeout: 5,
    unhealthy_threshold: 2,
    ...check,
  };
}

/** Writes the stack, and returns the addresses of what it reads. */
function synthesize(dir: string): { readonly loadBalancer: string; readonly targetGroup: string } {
  const app = new App({ outdir: join(dir, 'cdktf.out') });
  const stack = new ModuleStack(app, 'estate', { region: 'us-west-2' });
  const shared = new ExistingLoadBalancer(stack, 'shared', {
    cluster: EXPOSED,
    loadBalancerName: 'shared',
    targetGroupName: 'ollama',
  });
  new InternalExposure(stack, 'exposure', {
    cluster: EXPOSED,
    callerCidrs: ['10.200.0.0/16'],
    loadBalancer: shared,
    installLoadBalancerController: false,
  });
  writeFileSync(join(dir, 'main.tf.json'), JSON.stringify(stack.toTerraform()));
  return {
    loadBalancer: `data.aws_lb.${shared.resource.friendlyUniqueId}`,
    targetGroup: `data.aws_lb_target_group.${shared.targetGroup.friendlyUniqueId}`,
  };
}
