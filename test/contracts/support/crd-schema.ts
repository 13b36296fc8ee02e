/**
 * Checks objects against their custom resource definitions, structurally and strictly: an unknown field is an error, as for
 * `kubectl apply --validate=strict`. CEL rules need a real API server.
 */
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { sharedByTestFiles } from '../../support/shared-by-test-files';
import { readContract } from './contract-files';

/** Definitions that are not part of Istio. */
const FIXED = [
  'kubernetes/argocd-v3.5.1-application-crd.yaml',
  'kubernetes/argocd-v3.5.1-appproject-crd.yaml',
  'kubernetes/aws-load-balancer-controller-v3.5.0-targetgroupbinding-crd.yaml',
  'kubernetes/prometheus-operator-v0.93.1-crds.yaml',
];
/** Definitions of Istio and of its version of the Gateway API. */
const MESH = {
  '1.30': ['kubernetes/gateway-api-v1.5.1-standard-install.yaml', 'kubernetes/istio-1.30.3-crd-all.gen.yaml'],
  '1.31': ['kubernetes/gateway-api-v1.6.1-standard-install.yaml', 'kubernetes/istio-1.31.0-rc.0-crd-all.gen.yaml'],
} as const;
export type IstioMinor = keyof typeof MESH;

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly [key: string]: unknown;
}

interface CustomResourceDefinition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Patterns are those of Go, which may contain `(?i)`. */
const GO_PATTERN = Object.assign(
  (pattern: string, flags: string) =>
    new RegExp(pattern.replace('(?i)', ''), pattern.includes('(?i)') ? `${flags}i` : flags),
  { code: 'new RegExp' },
);

/** Schemas of custom resources. A definition is read when the first object of its kind is checked. */
export class CrdSchemas {
  /** Returns the newest definition of each. */
  public static newest(): CrdSchemas {
    return CrdSchemas.withIstio('1.31');
  }

  /** Returns all definitions, with those of a version of Istio. They are large, so they are read once for all test files. */
  public static withIstio(minor: IstioMinor): CrdSchemas {
    const title = `definitions of custom resources with Istio ${minor}`;
    return sharedByTestFiles(title, () => new CrdSchemas([...FIXED, ...MESH[minor]]));
  }

  private readonly ajv = addFormats(
    new Ajv({ strict: false, allErrors: true, logger: false, code: { regExp: GO_PATTERN } }),
  );
  private readonly validators = new Map<string, ValidateFunction | undefined>();
  private readonly documents: readonly string[];

  /** @param files paths below `contracts/` */
  public constructor(files: readonly string[]) {
    this.documents = files.flatMap((file) => readContract(file)?.split(/^---$/m) ?? []);
  }

  /** Returns the problems of an object; none if it is valid. Throws if its kind is unknown. */
  public check(object: KubernetesObject): string[] {
    const validate = this.validator(object);
    if (validate === undefined) {
      throw new Error(`no definition of ${object.apiVersion} ${object.kind}`);
    }
    return validate(object) ? [] : (validate.errors ?? []).map(describe);
  }

  private validator({ apiVersion, kind }: KubernetesObject): ValidateFunction | undefined {
    const key = `${apiVersion} ${kind}`;
    if (!this.validators.has(key)) {
      const schema = this.schema(apiVersion, kind);
      this.validators.set(key, schema && this.ajv.compile(strict(schema, true)));
    }
    return this.validators.get(key);
  }

  private schema(apiVersion: string, kind: string): Schema | undefined {
    const [group, version] = apiVersion.split('/');
    for (const document of this.documents) {
      if (document.includes(`kind: ${kind}\n`) && document.includes(`group: ${group}\n`)) {
        const { spec } = parse(document) as CustomResourceDefinition;
        const found = spec.versions.find(({ name }) => name === version);
        if (spec.names.kind === kind && spec.group === group && found) {
          return found.schema.openAPIV3Schema;
        }
      }
    }
    return undefined;
  }
}

function describe({ instancePath, message, params }: NonNullable<ValidateFunction['errors']>[number]): string {
  const unknown = (params as { additionalProperty?: string }).additionalProperty;
  return `${instancePath || '/'} ${message ?? ''}${unknown === undefined ? '' : `: ${unknown}`}`;
}

/** Converts a schema to JSON Schema that refuses unknown fields that Kubernetes would drop. */
function strict(schema: Schema, root = false): Schema {
  if (schema['x-kubernetes-int-or-string'] === true) {
    return { anyOf: [{ type: 'integer' }, { type: 'string' }] };
  }
  const { format, ...rest } = schema;
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.properties === undefined;
  return {
    ...rest,
    ...(format === 'date-time' && { format }),
    ...(schema.properties && { properties: mapValues(schema.properties, root) }),
    ...(typeof schema.additionalProperties === 'object'
      ? { additionalProperties: strict(schema.additionalProperties) }
      : !open && { additionalProperties: false }),
    ...(schema.items && { items: strict(schema.items) }),
  };
}

function mapValues(properties: Readonly<Record<string, Schema>>, root: boolean): Record<string, Schema> {
  const entries = Object.entries(properties).map(([name, schema]) => [name, strict(schema)] as const);
  // not every definition lists the common fields of objects; the API server checks those itself
  return { ...Object.fromEntries(entries), ...(root && { apiVersion: {}, kind: {}, metadata: {} }) };
}
