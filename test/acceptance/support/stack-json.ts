import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Arguments of a resource, as Terraform JSON has them. */
export type Arguments = Readonly<Record<string, unknown>>;

/** The resources of a synthesized stack, for questions about addresses. */
export class StackJson {
  private readonly resource: Record<string, Record<string, Arguments>>;

  public constructor(dir: string) {
    const json = JSON.parse(readFileSync(join(dir, 'cdk.tf.json'), 'utf8')) as { resource?: StackJson['resource'] };
    this.resource = json.resource ?? {};
  }

  /** Addresses of all resources of a type, or of those whose arguments pass. */
  public addresses(type: string, passes: (block: Arguments) => boolean = () => true): string[] {
    return Object.entries(this.resource[type] ?? {})
      .filter(([, block]) => passes(block))
      .map(([id]) => `${type}.${id}`);
  }

  /** Every value of an argument among the resources of a type. */
  public values(type: string, argument: string): unknown[] {
    return Object.values(this.resource[type] ?? {}).map((block) => block[argument]);
  }
}

/** Data sources that ask whether an account has what is wanted. */
const ACCOUNT_FACTS = /data\.(aws_servicequotas_service_quota|aws_ec2_instance_type_offerings)\./;

/**
 * Takes the checks of quotas and offerings out of a synthesized stack: what a stand-in makes up for them (1, `stub-…`) is
 * never enough.
 * @returns How many were taken out
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
