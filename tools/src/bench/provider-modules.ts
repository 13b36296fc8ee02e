import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Synthesis } from '../examples';

/** A stack's `cdk.tf.json`: elements by type, then by id. */
export interface TerraformJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly data?: TerraformJson['resource'];
  readonly provider?: Readonly<Record<string, unknown>>;
}

/**
 * Returns the provider modules that an example needs: one for each type of resource or data source in its Terraform JSON,
 * and the provider itself; as `aws/eks-cluster`, sorted.
 */
export function neededModules({ stacks }: Synthesis): string[] {
  const needed = stacks.flatMap(({ dir }) => {
    const json = JSON.parse(readFileSync(join(dir, 'cdk.tf.json'), 'utf8')) as TerraformJson;
    return [
      ...Object.keys(json.provider ?? {}).map((name) => `${name}/provider`),
      ...Object.keys(json.resource ?? {}).map((type) => moduleOf(type)),
      ...Object.keys(json.data ?? {}).map((type) => moduleOf(type, 'data-')),
    ];
  });
  return [...new Set(needed)].filter((module) => !module.startsWith('terraform/')).sort();
}

/** Converts `aws_eks_cluster` to `aws/eks-cluster`, and data `aws_vpc` to `aws/data-aws-vpc`; `terraform_data` is built in. */
export function moduleOf(type: string, prefix = ''): string {
  const [provider = '', ...rest] = type.split('_');
  return `${provider}/${prefix === '' ? '' : `${prefix}${provider}-`}${rest.join('-')}`;
}
