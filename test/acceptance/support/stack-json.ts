import { readFileSync } from 'node:fs';
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
