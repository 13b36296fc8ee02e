import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Answer, EmulatedRequest, Json } from './answers';
import { loadDocument } from './contract-documents';

/** Which document speaks of which paths, and the version prefix of its servers. The first that matches counts. */
const DOCUMENTS: readonly { readonly name: string; readonly version: string; readonly paths: RegExp }[] = [
  { name: 'cloud-gateways-v2', version: '/v2', paths: /^\/v2\/cloud-gateways\// },
  { name: 'control-planes-config-v2', version: '/v2', paths: /^\/v2\/control-planes\/[^/]+\/core-entities\// },
  { name: 'control-planes-v2', version: '/v2', paths: /^\/v2\/control-planes(\/[^/]+)?$/ },
  { name: 'identity-v3', version: '/v3', paths: /^\/v3\/(system-accounts|organizations\/me)/ },
];

/** Calls of decK that Kong's public specifications leave out. */
const UNSPECIFIED =
  /^\/(konnect-api\/api\/runtime_groups|v2\/organizations\/me|v2\/control-planes\/[^/]+\/core-entities\/(v1\/schemas\/json\/|schemas\/(?!plugins\/|[^/]+\/validate)|filter-chains))/;

/** Where the service is known to take what its specification does not: all objects of a type, github.com/Kong/terraform-provider-konnect tests/e2e. */
const KNOWN_DEVIATIONS = ['/entity_id must match format "uuid"'];

interface Document {
  readonly id: string;
  readonly root: Json;
  readonly routes: readonly { readonly pattern: RegExp; readonly template: string; readonly item: Json }[];
}

/** Shared by all emulators of a process: compiled validators are dear. */
const documents = new Map<string, Document | undefined>();
const validators = new Map<string, ValidateFunction>();
const ajv = addFormats(
  new Ajv({ strict: false, validateSchema: false, allErrors: true, logger: false, unicodeRegExp: false }),
);

/** Holds every request and answer against Kong's specifications. */
export class Contract {
  /** What did not hold. */
  public readonly misses: string[] = [];
  /** Requests and answers that were held against a specification. */
  public checked = 0;
  /** Those that could not be: decK's own calls, or no contracts here. */
  public unchecked = 0;

  /** One line on what was checked. */
  public get summary(): string {
    return `${String(this.checked)} requests and answers held against OpenAPI, ${String(this.unchecked)} not specified or without contract, ${String(this.misses.length)} misses`;
  }

  public request({ method, url, body }: EmulatedRequest): void {
    const operation = this.#operation(method, url.pathname);
    if (operation === undefined) return;
    const { document, template, item, definition } = operation;
    const at = `${method} ${template}`;
    this.#checkQuery(
      document,
      `${at} query`,
      [...list(item['parameters']), ...list(definition['parameters'])],
      url.searchParams,
    );
    const [requestBody, pointer] = follow(document, definition['requestBody'], [...operation.pointer, 'requestBody']);
    if (requestBody === undefined) {
      if (body !== undefined) this.misses.push(`${at} request: takes no body`);
      return;
    }
    this.#check(document, `${at} request`, [...pointer, 'content', 'application/json', 'schema'], body);
  }

  public answer({ method, url }: EmulatedRequest, { status, body }: Answer): void {
    const operation = this.#operation(method, url.pathname);
    if (operation === undefined) return;
    const { document, template, definition } = operation;
    const at = `${method} ${template} answer ${String(status)}`;
    const responses = definition['responses'] as Json;
    const [response, pointer] = follow(document, responses[String(status)], [
      ...operation.pointer,
      'responses',
      String(status),
    ]);
    if (response === undefined) {
      this.misses.push(`${at}: not declared`);
      return;
    }
    const content = response['content'] as Json | undefined;
    const type = Object.keys(content ?? {}).find((name) => name.includes('json'));
    if (type === undefined) {
      if (body !== undefined && body !== '') this.misses.push(`${at}: has no body`);
      return;
    }
    this.#check(document, at, [...pointer, 'content', type, 'schema'], body);
  }

  /** What is wrong with a value, by a named schema of the gateway's entities; undefined where there is no contract. */
  public entityErrors(schema: string, value: unknown): string[] | undefined {
    const document = load('control-planes-config-v2');
    if (document === undefined) return undefined;
    const validate = validatorOf(document, ['components', 'schemas', schema]);
    return validate(value) ? [] : errorsOf(validate);
  }

  #operation(method: string, pathname: string) {
    const found = UNSPECIFIED.test(pathname) ? undefined : DOCUMENTS.find(({ paths }) => paths.test(pathname));
    const document = found === undefined ? undefined : load(found.name);
    if (found === undefined || document === undefined) {
      this.unchecked += 1;
      return undefined;
    }
    this.checked += 1;
    const path = pathname.slice(found.version.length);
    for (const { pattern, template, item } of document.routes) {
      const definition = item[method.toLowerCase()] as Json | undefined;
      if (definition === undefined || !pattern.test(path)) continue;
      return { document, template, item, definition, pointer: ['paths', template, method.toLowerCase()] };
    }
    this.misses.push(`${method} ${pathname}: not in ${found.name}`);
    return undefined;
  }

  #check(document: Document, at: string, pointer: readonly string[], value: unknown): void {
    const validate = validatorOf(document, pointer);
    if (validate(value)) return;
    const errors = errorsOf(validate).filter((error) => !KNOWN_DEVIATIONS.some((known) => error.endsWith(known)));
    if (errors.length > 0) this.misses.push(`${at}: ${errors.join('; ')}`);
  }

  #checkQuery(document: Document, at: string, declared: readonly unknown[], query: URLSearchParams): void {
    const parameters = declared.map((parameter) => follow(document, parameter, [])[0] ?? {});
    for (const [key, value] of query) {
      const parameter = parameters.find(
        (candidate) => candidate['in'] === 'query' && (candidate['name'] === key || isDeep(candidate, key)),
      );
      if (parameter === undefined) {
        this.misses.push(`${at}: ${key} is not declared`);
        continue;
      }
      const schema = (parameter['schema'] ?? {}) as Json;
      const validate = compile(`${document.id} ${at} ${String(parameter['name'])}`, absolute(schema, document.id));
      const wanted = isDeep(parameter, key) ? deep(key, value) : schema['type'] === 'integer' ? Number(value) : value;
      if (!validate(wanted)) this.misses.push(`${at}: ${key}=${value}: ${errorsOf(validate).join('; ')}`);
    }
  }
}

function isDeep(parameter: Json, key: string): boolean {
  return parameter['style'] === 'deepObject' && key.startsWith(`${String(parameter['name'])}[`);
}

/** `filter[name][eq]` with its value as `{name: {eq: value}}`; numbers and booleans stay text, as they came. */
function deep(key: string, value: string): unknown {
  const path = [...key.matchAll(/\[([^\]]+)\]/g)].map(([, name]) => name ?? '');
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}

function load(name: string): Document | undefined {
  if (!documents.has(name)) {
    const root = loadDocument(name);
    if (root !== undefined) ajv.addSchema(root, name);
    documents.set(
      name,
      root && {
        id: name,
        root,
        routes: Object.entries(root['paths'] as Record<string, Json>).map(([template, item]) => ({
          template,
          item,
          pattern: new RegExp(`^${template.replace(/\./g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`),
        })),
      },
    );
  }
  return documents.get(name);
}

/** The object behind a `$ref`, if it is one, and where it stands. */
function follow(document: Document, value: unknown, pointer: readonly string[]): [Json | undefined, readonly string[]] {
  const reference = (value as Json | undefined)?.['$ref'];
  if (typeof reference !== 'string') return [value as Json | undefined, pointer];
  const path = reference.slice(2).split('/');
  return [path.reduce<unknown>((inner, part) => (inner as Json)[part], document.root) as Json, path];
}

function validatorOf(document: Document, pointer: readonly string[]): ValidateFunction {
  const fragment = pointer.map((part) => encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/');
  const reference = `${document.id}#/${fragment}`;
  return compile(reference, { $ref: reference });
}

function compile(key: string, schema: Json): ValidateFunction {
  const known = validators.get(key);
  if (known !== undefined) return known;
  const validate = ajv.compile(schema);
  validators.set(key, validate);
  return validate;
}

/** A piece of a document, taken out of it: its references must say where they lead. */
function absolute(schema: Json, id: string): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#', `"$ref":"${id}#`)) as Json;
}

function errorsOf(validate: ValidateFunction): string[] {
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath} ${message ?? ''}${'additionalProperty' in params ? ` (${String(params['additionalProperty'])})` : ''}`.trim(),
  );
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
