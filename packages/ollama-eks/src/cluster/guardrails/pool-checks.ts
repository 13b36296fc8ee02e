import { Construct, Fn, Op, type TerraformProvider, Token } from '../../framework';
import { aws } from '../../providers/aws';
import type { GpuPool } from '../nodes/gpu-pool';
import type { PlanCheck } from '../nodes/node-group';
import { vcpuQuotas } from './vcpu-quota';

/** Checks of GPU pools, which run at plan, before anything is created. */
export interface PoolChecksProps {
  /**
   * Whether a plan fails if the account's vCPU quota is too small for the GPU nodes at their maximum. Spot nodes of P types
   * after P5 are not checked: their quota is not known.
   * @default true
   */
  readonly quotaCheck?: boolean;
  /** Whether a plan fails if the zone of a GPU pool does not offer its instance type. @default true */
  readonly offeringCheck?: boolean;
}

/** Properties of PoolChecks. */
export interface PoolChecksConstructProps extends PoolChecksProps {
  readonly pools: readonly GpuPool[];
  readonly provider?: TerraformProvider;
}

/** Checks whether the account and the zones have what the GPU pools need. */
export class PoolChecks extends Construct {
  private readonly quotas = new Map<string, PlanCheck>();

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: PoolChecksConstructProps,
  ) {
    super(scope, id);
    if (props.quotaCheck ?? true) this.checkQuotas();
  }

  /** Returns the checks that must pass before the nodes of a pool are created. `zone` may be a token. */
  public checksOf(pool: GpuPool, zone: string | undefined): readonly PlanCheck[] {
    const quota = this.quotas.get(pool.name);
    return [
      ...(quota === undefined ? [] : [quota]),
      ...(zone === undefined || this.props.offeringCheck === false ? [] : [this.offeringCheck(pool, zone)]),
    ];
  }

  private offeringCheck({ name, instance }: GpuPool, zone: string): PlanCheck {
    const offered = new aws.DataAwsEc2InstanceTypeOfferings(this, `offering-${name}`, {
      locationType: 'availability-zone',
      filter: [{ name: 'instance-type', values: [instance.name] }],
      provider: this.props.provider,
    });
    const zones = Fn.join(', ', Token.asList(Fn.sort(offered.locations)));
    return {
      condition: Token.asAny(Fn.contains(offered.locations, zone)),
      errorMessage:
        `${instance.name} is not offered in the zone of GPU pool ${name}, only in: ${zones}. ` +
        'Set one of these as the zone of the pool (and of the network).',
    };
  }

  private checkQuotas(): void {
    for (const { code, name, vcpus, pools } of vcpuQuotas(this.props.pools)) {
      const quota = new aws.DataAwsServicequotasServiceQuota(this, `quota-${code.toLowerCase()}`, {
        serviceCode: 'ec2',
        quotaCode: code,
        provider: this.props.provider,
      });
      const check = {
        condition: Op.gte(quota.value, vcpus),
        errorMessage:
          `GPU nodes (${pools.join(', ')}) need ${vcpus} vCPUs, more than the quota "${name}" (${code}) ` +
          'of this account and region. Request an increase in Service Quotas, or lower maxSize.',
      };
      pools.forEach((pool) => this.quotas.set(pool, check));
    }
  }
}
