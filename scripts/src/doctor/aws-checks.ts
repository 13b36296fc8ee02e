import {
  gpuInstanceType,
  vcpuQuotas,
  type ClusterSummary,
  type PoolSummary,
  type QuotaPool,
  type VcpuQuota,
} from '@org/ollama-eks/pure';
import { fail, ok, skipped, warn, type Check, type Outcome } from '../checks/findings';
import type { Context } from '../program/context';
import type { Target } from '../project/target';
import { Aws } from '../systems/aws';

/** Returns the checks of the AWS account: its identity, and then quotas and instance types, which are skipped without an identity. */
export function awsChecks(context: Context, { region, summary }: Pick<Target, 'region' | 'summary'>): Check[] {
  const aws = new Aws(context, region);
  let isKnown = false;
  const others = summary === undefined ? [] : [...quotaChecks(aws, region, summary), ...offeringChecks(aws, summary)];
  return [
    {
      id: 'aws-identity',
      title: 'AWS accepts the credentials',
      run: async () => {
        const { Account, Arn } = await aws.identity();
        isKnown = true;
        return ok(`account ${Account}, ${Arn}, region ${region}`);
      },
    },
    ...others.map(({ run, ...check }) => ({
      ...check,
      run: () => (isKnown ? run() : Promise.resolve(skipped('the check aws-identity failed'))),
    })),
  ];
}

function quotaChecks(aws: Aws, region: string, { pools }: ClusterSummary): Check[] {
  return vcpuQuotas(pools.map(quotaPool)).map((quota) => ({
    id: `quota-${quota.code}`,
    title: quota.name,
    run: () => checkQuota(aws, region, quota),
  }));
}

async function checkQuota(aws: Aws, region: string, { code, name, vcpus, pools }: VcpuQuota): Promise<Outcome> {
  const value = await aws.quota('ec2', code);
  const found = `${name}: ${String(value)} vCPUs, ${String(vcpus)} needed by ${pools.join(', ')}`;
  if (value >= vcpus) return ok(found, { value, vcpus });
  const request = `aws service-quotas request-service-quota-increase --region ${region} --service-code ec2 --quota-code ${code} --desired-value ${String(vcpus)}`;
  return fail(found, `${request}; AWS takes hours to days`, { value, vcpus });
}

/** Counts at least one node for a standby pool, which it needs once it is scaled up. */
function quotaPool({ name, instanceType, capacity, nodes }: PoolSummary): QuotaPool {
  const kind = capacity as QuotaPool['capacity']['kind'];
  return { name, nodes, maxSize: Math.max(1, nodes), instance: gpuInstanceType(instanceType), capacity: { kind } };
}

function offeringChecks(aws: Aws, { pools, region }: ClusterSummary): Check[] {
  return pools.map((pool) => ({
    id: `offering-${pool.name}`,
    title: `${pool.instanceType} is offered in ${region}`,
    run: () => checkOffering(aws, pool, region),
  }));
}

async function checkOffering(aws: Aws, { instanceType, zone, nodes }: PoolSummary, region: string): Promise<Outcome> {
  const zones = await aws.offeringZones(instanceType);
  const found =
    zones.length === 0 ? `${instanceType} is not offered in ${region}` : `${instanceType}: ${zones.join(', ')}`;
  const good = zone === undefined ? zones.length > 0 : zones.includes(zone);
  if (good) return ok(found);
  const remedy = 'choose another zone, region or instance type';
  return nodes === 0 ? warn(found, remedy) : fail(found, remedy);
}
