import { KubernetesVersion } from '../catalogue/kubernetes-version';
import { checkInteger } from '../check-integer';
import { ValidationError } from '../errors';
import { Construct, type ITerraformDependable } from '../framework';
import { checkClusterName, requireKnownName } from './aws/cluster-name';
import { regionOf, stackDefaults } from './aws/stack-defaults';
import { clusterTags } from './aws/tags';
import type { IOllamaGpuCluster, ServedPool } from './cluster-ref';
import { serviceCidr } from './control-plane/service-cidr';
import { checkZonesOf } from './network/network-attributes';
import type { INetwork } from './network/network-ref';
import { checkPoolName, checkPoolsDiffer } from './nodes/pool-names';
import type { OllamaGpuClusterAttributes } from './ollama-gpu-cluster-props';
import { checkServing } from './serving';
import { checkSessionHeader } from '../workload/check-workload';
import type { Scraper } from '../workload/scraper';

/** Why the name must be known at synth. */
const USED_IN = 'settings in the cluster contain it';

/** An existing cluster. */
export class ImportedCluster extends Construct implements IOllamaGpuCluster {
  public readonly clusterName: string;
  public readonly region: string;
  public readonly kubernetesVersion: string;
  public readonly network: INetwork;
  public readonly serviceCidr: string;
  public readonly clusterSecurityGroupId: string;
  public readonly pools: readonly ServedPool[];
  public readonly requestTimeoutSeconds: number;
  public readonly maxWaiting: number;
  public readonly sessionHeader?: string;
  public readonly scraper?: Scraper;
  public readonly ready: readonly ITerraformDependable[] = [];
  public readonly tags: Readonly<Record<string, string>>;

  public constructor(scope: Construct, id: string, attributes: OllamaGpuClusterAttributes) {
    super(scope, id);
    const { clusterName, network, pools } = attributes;
    checkPools(pools);
    const serving = checkServing(attributes);
    requireKnownName('clusterName', clusterName, USED_IN);
    this.clusterName = checkClusterName('clusterName', clusterName);
    this.region = regionOf(this, attributes.region);
    this.kubernetesVersion = (attributes.kubernetesVersion ?? KubernetesVersion.DEFAULT).version;
    checkZonesOf(this.region, network);
    this.network = network;
    this.serviceCidr = serviceCidr(attributes.serviceCidr, network.vpcCidr);
    this.clusterSecurityGroupId = attributes.clusterSecurityGroupId;
    this.pools = pools;
    this.requestTimeoutSeconds = serving.requestTimeoutSeconds;
    this.maxWaiting = serving.maxWaiting;
    this.sessionHeader = checkSessionHeader(attributes.sessionHeader);
    this.scraper = attributes.scraper;
    this.tags = clusterTags(clusterName, stackDefaults(this)?.tags, attributes.tags);
  }
}

function checkPools(pools: readonly ServedPool[]): void {
  if (pools.length === 0) {
    throw new ValidationError({
      property: 'pools',
      value: pools,
      problem: 'is empty: nothing would be served',
      allowed: 'at least one pool',
      remedy: 'describe the pools that the cluster serves',
    });
  }
  checkPoolsDiffer('pools', pools);
  pools.forEach((pool, index) => {
    checkPoolName(`pools[${index}].name`, pool.name);
    checkInteger(`pools[${index}].replicas`, pool.replicas, { min: 0, max: 1000, unit: 'servers' });
    checkInteger(`pools[${index}].parallel`, pool.parallel, { min: 1, max: 1000, unit: 'requests' });
  });
}
