import { Testing, type TerraformStack } from '../framework';

/** Terraform JSON as CDKTF writes it, as far as tests look into it. */
interface TerraformJson {
  readonly resource?: Record<string, Record<string, Properties>>;
  readonly data?: Record<string, Record<string, Properties>>;
  readonly output?: Record<string, Properties>;
  readonly check?: Record<string, Properties>;
  readonly provider?: Record<string, readonly Properties[]>;
  readonly terraform?: Properties;
}

/** The properties of one block, in Terraform's snake case. */
export type Properties = Readonly<Record<string, unknown>>;

/**
 * What a stack synthesizes to, for assertions: prepared (so cross-stack references are what they will be in
 * production) and validated (so a missing provider fails here, not at the user's).
 */
export class Template {
  /** Synthesizes the stack. Throws what synth would throw. */
  public static fromStack(stack: TerraformStack): Template {
    stack.prepareStack();
    return new Template(JSON.parse(Testing.synth(stack, true)) as TerraformJson);
  }

  private constructor(
    /** The whole Terraform JSON. */
    public readonly json: TerraformJson,
  ) {}

  /** All resources of a type, by logical id: `resources('aws_vpc')`. */
  public resources(type: string): Readonly<Record<string, Properties>> {
    return this.json.resource?.[type] ?? {};
  }

  /** The one resource of a type; throws unless there is exactly one. */
  public resource(type: string): Properties {
    return only(type, this.resources(type));
  }

  /** All data sources of a type, by logical id. */
  public dataSources(type: string): Readonly<Record<string, Properties>> {
    return this.json.data?.[type] ?? {};
  }

  /** The one data source of a type; throws unless there is exactly one. */
  public dataSource(type: string): Properties {
    return only(type, this.dataSources(type));
  }

  /** All outputs, by name. */
  public outputs(): Readonly<Record<string, Properties>> {
    return this.json.output ?? {};
  }

  /** All `check` blocks, by name: what a plan warns of. */
  public checks(): Readonly<Record<string, Properties>> {
    return this.json.check ?? {};
  }

  /** Sorted addresses of all resources and data sources. A change of one replaces what users run: treat it as breaking. */
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
