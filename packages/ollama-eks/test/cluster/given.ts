import { OllamaGpuCluster } from '../../src/cluster/ollama-gpu-cluster';
import type { OllamaGpuClusterProps } from '../../src/cluster/ollama-gpu-cluster-props';
import { Lazy, Testing, Token } from '../../src/framework';
import { InfrastructureStack } from '../../src/stacks/infrastructure-stack';
import { type Properties, Template } from '../../src/testing';

/** Required properties of a cluster. */
export const MINIMAL: OllamaGpuClusterProps = {
  clusterName: 'ollama',
  gpu: { instanceType: 'g5.xlarge' },
  models: [{ name: 'llama3.1:8b', contextLength: 8192 }],
};

/** Creates a stack in us-west-2. */
export function infrastructure(tags?: Readonly<Record<string, string>>): InfrastructureStack {
  return new InfrastructureStack(Testing.app(), 'infra', { region: 'us-west-2', tags });
}

/** Creates a cluster with the required and the given props, in its own stack. */
export function clusterWith(props: Partial<OllamaGpuClusterProps> = {}): {
  stack: InfrastructureStack;
  cluster: OllamaGpuCluster;
} {
  const stack = infrastructure({ Team: 'ml' });
  return { stack, cluster: new OllamaGpuCluster(stack, 'cluster', { ...MINIMAL, ...props }) };
}

/** Returns what such a cluster synthesizes to. */
export function templateWith(props: Partial<OllamaGpuClusterProps> = {}): Template {
  return Template.fromStack(clusterWith(props).stack);
}

/** Returns the only block whose logical id contains the text. */
export function idHas<T>(blocks: Readonly<Record<string, T>>, text: string): T {
  const ids = Object.keys(blocks).filter((id) => id.includes(text));
  if (ids.length !== 1)
    throw new Error(`expected one of ${Object.keys(blocks).join(', ')} with ${text}, found ${ids.length}`);
  return blocks[ids[0] as string] as T;
}

/** Returns a value known only at apply: the local with that name. */
export function token(name: string): string {
  return Token.asString(Lazy.stringValue({ produce: () => `\${local.${name}}` }));
}

/** Returns the node group of the pool `gpu`. */
export function gpuGroup(template: Template): Properties {
  return idHas(template.resources('aws_eks_node_group'), 'gpu-nodes-gpu_');
}

/** Returns the launch template of the pool `gpu`. */
export function gpuTemplate(template: Template): Properties {
  return idHas(template.resources('aws_launch_template'), 'gpu-nodes-gpu_');
}

/** Returns the types of resources and data sources that do not use a provider, except `terraform_data`, which has none. */
export function withoutProvider({ json }: Template, provider: string): string[] {
  const provided = Object.entries({ ...json.resource, ...json.data }).filter(([type]) => type !== 'terraform_data');
  return provided.flatMap(([type, blocks]) =>
    Object.values(blocks).flatMap((block) => (block.provider === provider ? [] : [type])),
  );
}
