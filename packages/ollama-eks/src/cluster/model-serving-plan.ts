import { checkOneOf } from '../check-text';
import type { Construct } from '../framework';
import { listOf } from '../sizing/units';
import { CLUSTER_TAG } from '../workload/names';
import { MODEL_PULLS } from '../workload/workload-spec';
import { checkKeyArn } from './aws/kms-key';
import { stackDefaults } from './aws/stack-defaults';
import { checkVolumeTags, clusterTags } from './aws/tags';
import type { IEksCluster } from './cluster-ref';
import { checkScheduledPools } from './guardrails/night-schedule';
import type { ModelServingProps } from './model-serving-props';
import { poolProperty } from './nodes/pool-names';
import { checkServing, type Serving } from './serving';

/** Requested pools and servers: validated, with every default filled in that does not depend on the network. */
export interface ModelServingPlan extends Serving {
  /** Tags that resources set themselves; the stack's provider adds the stack's tags. */
  readonly ownTags: Readonly<Record<string, string>>;
  /** All tags, for objects that no provider tags. */
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: boolean;
}

/** Validates the props and fills in the defaults. */
export function planModelServing(
  scope: Construct,
  props: ModelServingProps,
  { clusterName, region }: Pick<IEksCluster, 'clusterName' | 'region'>,
): ModelServingPlan {
  checkOneOf('modelPull', props.modelPull ?? 'online', MODEL_PULLS);
  checkKeys(props, region);
  if (props.nightSchedule !== undefined) checkScheduledPools(props.gpu);
  const defaults = stackDefaults(scope);
  const clusterTag = { [CLUSTER_TAG]: clusterName };
  const tags = { ...clusterTags(clusterName, defaults?.tags, props.tags), ...clusterTag };
  checkVolumeTags('tags', tags);
  return {
    ...checkServing(props),
    ownTags: { ...props.tags, ...clusterTag },
    tags,
    outputs: props.outputs ?? defaults?.outputs ?? false,
  };
}

function checkKeys({ gpu }: ModelServingProps, region: string): void {
  listOf(gpu).forEach(({ cache, rootVolume }, index) => {
    const property = poolProperty(gpu, index);
    if (rootVolume?.kmsKeyArn !== undefined) {
      checkKeyArn(`${property}.rootVolume.kmsKeyArn`, rootVolume.kmsKeyArn, region, { tokens: true });
    }
    // It is rendered to Git, where tokens do not resolve.
    if (cache?.kmsKeyArn !== undefined) {
      checkKeyArn(`${property}.cache.kmsKeyArn`, cache.kmsKeyArn, region, { tokens: false });
    }
  });
}
