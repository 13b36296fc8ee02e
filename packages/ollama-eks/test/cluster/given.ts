import { OllamaGpuCluster } from '../../src/cluster/ollama-gpu-cluster';
import type { OllamaGpuClusterProps } from '../../src/cluster/ollama-gpu-cluster-props';
import { Testing } from '../../src/framework';
import { InfrastructureStack } from '../../src/stacks/infrastructure-stack';
import { Template } from '../../src/testing';

/** What a cluster needs at least. */
export const MINIMAL: OllamaGpuClusterProps = {
  clusterName: 'ollama',
  gpu: { instanceType: 'g5.xlarge' },
  models: [{ name: 'llama3.1:8b', contextLength: 8192 }],
};

/** A stack in us-west-2. */
export function infrastructure(tags?: Readonly<Record<string, string>>): InfrastructureStack {
  return new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2', tags });
}

/** A cluster made from the minimum and the props given, in a stack of its own. */
export function clusterWith(props: Partial<OllamaGpuClusterProps> = {}): {
  stack: InfrastructureStack;
  cluster: OllamaGpuCluster;
} {
  const stack = infrastructure({ Team: 'ml' });
  return { stack, cluster: new OllamaGpuCluster(stack, 'cluster', { ...MINIMAL, ...props }) };
}

/** What such a cluster synthesizes to. */
export function templateWith(props: Partial<OllamaGpuClusterProps> = {}): Template {
  return Template.fromStack(clusterWith(props).stack);
}

/** The one block whose logical id contains the text. */
export function idHas<T>(blocks: Readonly<Record<string, T>>, text: string): T {
  const ids = Object.keys(blocks).filter((id) => id.includes(text));
  if (ids.length !== 1)
    throw new Error(`expected one of ${Object.keys(blocks).join(', ')} with ${text}, found ${ids.length}`);
  return blocks[ids[0] as string] as T;
}
