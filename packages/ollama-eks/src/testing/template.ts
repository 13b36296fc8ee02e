import { Testing, type TerraformStack } from '../framework';

/** Parts of CDKTF's Terraform JSON that tests inspect. */
interface TerraformJson {
  readonly resource?: Record<string, Record<string, Properties>>;
  readonly data?: Record<string, Record<string, Properties>>;
  readonly output?: Record<string, Properties>;
  readonly check?: Record<string, Properties>;
  readonly provider?: Record<string, readonly Properties[]>;
  readonly terraform?: Properties;
}

/** Properties of one block, in Terraform's snake case. */
export type Properties = Readonly<Record<string, unknown>>;

/**
 * The synthesized form of a stack, for assertions. The stack is prepared, so that cross-stack references are as in
 * production, and validated, so that a missing provider fails the test.
 */
export class Template {
  /** Synthesizes the stack. Throws the errors that synth throws. */
  public static fromStack(stack: TerraformStack): Template {
    stack.prepareStack();
    return new Template(JSON.parse(Testing.synth(stack, true)) as TerraformJson);
  }

  private constructor(
    /** The complete Terraform JSON. */
    public readonly json: TerraformJson,
  ) {}

  /** Returns all resources of a type, by logical id: `resources('aws_vpc')`. */
  public resources(type: string): Readonly<Record<string, Properties>> {
    return this.json.resource?.[type] ?? {};
  }

  /** Returns the only resource of a type; throws unless there is exactly one. */
  public resource(type: string): Properties {
    return only(type, this.resources(type));
  }

  /** Returns all data sources of a type, by logical id. */
  public dataSources(type: string): Readonly<Record<string, Properties>> {
    return this.json.data?.[type] ?? {};
  }

  /** Returns the only data source of a type; throws unless there is exactly one. */
  public dataSource(type: string): Properties {
    return only(type, this.dataSources(type));
  }

  /** Returns all outputs, by name. */
  public outputs(): Readonly<Record<string, Properties>> {
    return this.json.output ?? {};
  }

  /** Returns all `check` blocks, by name: the warnings of a plan. */
  public checks(): Readonly<Record<string, Properties>> {
    return this.json.check ?? {};
  }

  /** Returns the sorted addresses of all resources and data sources. A changed address replaces what users run: treat it as a
   * breaking change. */
  public addresses(): string[] {
    const of = (blocks: TerraformJson['resource'], prefix = '') =>
      Object.entries(blocks ?? {}).flatMap(([type, ids]) => Object.keys(ids).map((id) => `${prefix}${type}.${id}`));
    return [...of(this.json.resource), ...of(this.json.data, 'data.')].sort();
  }
}

function only(type: string, found: Readonly<Record<string, Properties>>): Properties {
  const ids = Object.keys(found);
  const [id] = ids;
  if (id === undefined || ids.length > 1) {
    throw new Error(`expected exactly one ${type}, found ${ids.length === 0 ? 'none' : ids.join(', ')}`);
  }
  return found[id] as Properties;
}
