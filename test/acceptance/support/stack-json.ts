import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Arguments of a resource in Terraform JSON. */
export type Arguments = Readonly<Record<string, unknown>>;

/** Resources of a synthesized stack, by address. */
export class StackJson {
  private readonly resource: Record<string, Record<string, Arguments>>;

  public constructor(dir: string) {
    const json = JSON.parse(readFileSync(join(dir, 'cdk.tf.json'), 'utf8')) as { resource?: StackJson['resource'] };
    this.resource = json.resource ?? {};
  }

  /** Types of all resources, one for each resource. */
  public get types(): string[] {
    return Object.entries(this.resource).flatMap(([type, blocks]) => Object.keys(blocks).map(() => type));
  }

  /** Returns the addresses of all resources of a type, or of those whose arguments match. */
  public addresses(type: string, passes: (block: Arguments) => boolean = () => true): string[] {
    return Object.entries(this.resource[type] ?? {})
      .filter(([, block]) => passes(block))
      .map(([id]) => `${type}.${id}`);
  }

  /** Returns every value of an argument of the resources of a type. */
  public values(type: string, argument: string): unknown[] {
    return Object.values(this.resource[type] ?? {}).map((block) => block[argument]);
  }
}

/** Data sources that check whether an account offers what is needed. */
const ACCOUNT_FACTS = /data\.(aws_servicequotas_service_quota|aws_ec2_instance_type_offerings)\./;

/**
 * Removes the checks of quotas and offerings from a synthesized stack: the values that a stand-in invents (1, `stub-…`)
 * never pass them.
 * @returns How many were removed
 */
export function dropAccountChecks(dir: string): number {
  let dropped = 0;
  const file = join(dir, 'cdk.tf.json');
  const json = JSON.parse(readFileSync(file, 'utf8'), (key, value: unknown) => {
    if (key !== 'precondition' || !Array.isArray(value)) {
      return value;
    }
    const kept = value.filter((check: unknown) => !ACCOUNT_FACTS.test(JSON.stringify(check)));
    dropped += value.length - kept.length;
    return kept as unknown[];
  }) as object;
  writeFileSync(file, JSON.stringify(json));
  return dropped;
}

/** Data sources that read what others own: their checks never pass with the values that a stand-in invents. */
const OF_OTHERS = ['aws_region', 'aws_eks_cluster', 'aws_eks_addon', 'kubernetes_config_map_v1'];

/**
 * Removes the checks of what is looked up from a synthesized stack. The suites of existing clusters and load balancers test them.
 * @returns How many were removed
 */
export function dropLookupChecks(dir: string): number {
  let dropped = 0;
  const file = join(dir, 'cdk.tf.json');
  const json = JSON.parse(readFileSync(file, 'utf8')) as { data?: Record<string, Record<string, LookedUp>> };
  for (const found of OF_OTHERS.flatMap((type) => Object.values(json.data?.[type] ?? {}))) {
    dropped += found.lifecycle?.postcondition?.length ?? 0;
    delete found.lifecycle;
  }
  writeFileSync(file, JSON.stringify(json));
  return dropped;
}

interface LookedUp {
  lifecycle?: { readonly postcondition?: readonly unknown[] };
}

/** The oldest AWS provider that the library supports, so that a new one does not fail a test. */
export const AWS_PROVIDER = '5.100.0';

/** Makes a synthesized stack use the oldest AWS provider, and keep its state in its folder. */
export function useOldestAwsProvider(dir: string): void {
  const file = join(dir, 'cdk.tf.json');
  const json = JSON.parse(readFileSync(file, 'utf8')) as {
    terraform: { backend?: object; required_providers: { aws: object } };
  };
  delete json.terraform.backend;
  json.terraform.required_providers.aws = { source: 'aws', version: AWS_PROVIDER };
  writeFileSync(file, JSON.stringify(json, null, 2)); // errors quote the line
}
