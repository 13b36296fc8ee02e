import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { text, type Answer, type EmulatedRequest, type Json } from './answers';
import { sharedByTestFiles } from '../../support/shared-by-test-files';
import { loadDocument } from './contract-documents';

/** Documents by path, with the version prefix of their servers. The first match counts. */
const DOCUMENTS: readonly { readonly name: string; readonly version: string; readonly paths: RegExp }[] = [
  { name: 'cloud-gateways-v2', version: '/v2', paths: /^\/v2\/cloud-gateways\// },
  { name: 'control-planes-config-v2', version: '/v2', paths: /^\/v2\/control-planes\/[^/]+\/core-entities\// },
  { name: 'control-planes-v2', version: '/v2', paths: /^\/v2\/control-planes(\/[^/]+)?$/ },
  { name: 'identity-v3', version: '/v3', paths: /^\/v3\/(system-accounts|organizations\/me)/ },
];

/** Calls of decK that are not in Kong's public specifications. */
const UNSPECIFIED =
  /^\/(konnect-api\/api\/runtime_groups|v2\/organizations\/me|v2\/control-planes\/[^/]+\/core-entities\/(v1\/schemas\/json\/|schemas\/(?!plugins\/|[^/]+\/validate)|filter-chains|ai-models))/;

/** Errors that decK reads, although the specification of the gateway's entities lists 401 only. */
const SILENT_ON_ERRORS = 'control-planes-config-v2';

/** Input that the service accepts although its specification does not: all objects of a type (github.com/Kong/terraform-provider-konnect
 * tests/e2e). */
const KNOWN_DEVIATIONS = ['/entity_id must match format "uuid"'];

interface Document {
  readonly id: string;
  readonly root: Json;
  readonly operations: readonly Operation[];
}

/** One method of one path, with its references resolved. */
interface Operation {
  readonly document: Pick<Document, 'id' | 'root'>;
  /** `GET /cloud-gateways/networks` */
  readonly name: string;
  readonly method: string;
  readonly pattern: RegExp;
  /** Parameters of the query. */
  readonly parameters: readonly Json[];
  /** Location of the schema of its body; undefined if it has none. */
  readonly requestPointer: readonly string[] | undefined;
  readonly responses: ReadonlyMap<string, { readonly pointer: readonly string[] | undefined }>;
}

/** Documents and their validators. */
interface Compiled {
  readonly documents: Map<string, Document | undefined>;
  readonly validators: Map<string, ValidateFunction>;
  readonly ajv: ReturnType<typeof addFormats>;
}

// Compiling validators is slow, so that all test files of a worker share them.
const { documents, validators, ajv } = sharedByTestFiles('konnect contracts', (): Compiled => ({
  documents: new Map(),
  validators: new Map(),
  ajv: addFormats(
    new Ajv({
      strict: false,
      validateSchema: false,
      allErrors: true,
      logger: false,
      unicodeRegExp: false,
      inlineRefs: false,
    }),
  ),
}));

/** Checks every request and answer against Kong's specifications. */
export class Contract {
  /** Deviations from the specifications. */
  public readonly misses: string[] = [];
  /** Number of requests and answers that were checked. */
  public checked = 0;
  /** Number of those that could not be checked: calls of decK, or no contracts on this machine. */
  public unchecked = 0;

  /** Summarizes the checks in one line. */
  public get summary(): string {
    return `${String(this.checked)} requests and answers held against OpenAPI, ${String(this.unchecked)} not specified or without contract, ${String(this.misses.length)} misses`;
  }

  public request({ method, url, body }: EmulatedRequest): void {
    const operation = this.#operation(method, url.pathname);
    if (operation === undefined) return;
    this.#checkQuery(operation, url.searchParams);
    const { requestPointer, document, name } = operation;
    if (requestPointer !== undefined) this.#check(document, `${name} request`, requestPointer, body);
    else if (body !== undefined) this.misses.push(`${name} request: takes no body`);
  }

  public answer({ method, url }: EmulatedRequest, { status, body }: Answer): void {
    const operation = this.#operation(method, url.pathname);
    if (operation === undefined) return;
    const at = `${operation.name} answer ${String(status)}`;
    const response = operation.responses.get(String(status));
    if (response === undefined && status >= 400 && operation.document.id === SILENT_ON_ERRORS) this.unchecked += 1;
    else if (response === undefined) this.misses.push(`${at}: not declared`);
    else if (response.pointer !== undefined) this.#check(operation.document, at, response.pointer, body);
    else if (body !== undefined && body !== '') this.misses.push(`${at}: has no body`);
  }

  /** Returns the problems of a value, by a named schema of the gateway's entities; undefined without a contract. */
  public entityErrors(schema: string, value: unknown): string[] | undefined {
    const document = load('control-planes-config-v2');
    if (document === undefined) return undefined;
    const validate = validatorOf(document, ['components', 'schemas', schema]);
    return validate(value) ? [] : errorsOf(validate);
  }

  #operation(method: string, pathname: string): Operation | undefined {
    const found = UNSPECIFIED.test(pathname) ? undefined : DOCUMENTS.find(({ paths }) => paths.test(pathname));
    const document = found === undefined ? undefined : load(found.name);
    if (found === undefined || document === undefined) {
      this.unchecked += 1;
      return undefined;
    }
    this.checked += 1;
    const path = pathname.slice(found.version.length);
    const operation = document.operations.find(
      (candidate) => candidate.method === method && candidate.pattern.test(path),
    );
    if (operation === undefined) this.misses.push(`${method} ${pathname}: not in ${found.name}`);
    return operation;
  }

  #check(document: Pick<Document, 'id' | 'root'>, at: string, pointer: readonly string[], value: unknown): void {
    const validate = validatorOf(document, pointer);
    if (validate(value)) return;
    const errors = errorsOf(validate).filter((error) => !KNOWN_DEVIATIONS.some((known) => error.endsWith(known)));
    if (errors.length > 0) this.misses.push(`${at}: ${errors.join('; ')}`);
  }

  #checkQuery({ document, name, parameters }: Operation, query: URLSearchParams): void {
    for (const [key, value] of query) {
      const parameter = parameters.find((candidate) => candidate['name'] === key || isDeep(candidate, key));
      if (parameter === undefined) {
        this.misses.push(`${name} query: ${key} is not declared`);
        continue;
      }
      const schema = (parameter['schema'] ?? {}) as Json;
      const validate = compile(`${document.id} ${name} ${text(parameter['name'])}`, () =>
        absolute(schema, document.id),
      );
      const wanted = isDeep(parameter, key) ? deep(key, value) : schema['type'] === 'integer' ? Number(value) : value;
      if (!validate(wanted)) this.misses.push(`${name} query: ${key}=${value}: ${errorsOf(validate).join('; ')}`);
    }
  }
}

function isDeep(parameter: Json, key: string): boolean {
  return parameter['style'] === 'deepObject' && key.startsWith(`${String(parameter['name'])}[`);
}

/** Returns `filter[name][eq]` and its value as `{name: {eq: value}}`; numbers and booleans stay text. */
function deep(key: string, value: string): unknown {
  const path = [...key.matchAll(/\[([^\]]+)\]/g)].map(([, name]) => name ?? '');
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}

function load(name: string): Document | undefined {
  if (!documents.has(name)) {
    const root = loadDocument(name);
    if (root !== undefined) ajv.addSchema(root, name);
    documents.set(name, root && { id: name, root, operations: operationsOf({ id: name, root }) });
  }
  return documents.get(name);
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function operationsOf(document: Pick<Document, 'id' | 'root'>): Operation[] {
  return Object.entries(document.root['paths'] as Record<string, Json>).flatMap(([template, item]) => {
    const pattern = new RegExp(`^${template.replace(/\./g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`);
    return METHODS.filter((method) => method in item).map((method) =>
      operationOf(document, ['paths', template, method], item, pattern),
    );
  });
}

function operationOf(
  document: Pick<Document, 'id' | 'root'>,
  pointer: readonly string[],
  item: Json,
  pattern: RegExp,
): Operation {
  const [, template = '', method = ''] = pointer;
  const definition = item[method] as Json;
  const parameters = [...list(item['parameters']), ...list(definition['parameters'])].map(
    (parameter) => follow(document, parameter, [])[0] ?? {},
  );
  const [body, bodyPointer] = follow(document, definition['requestBody'], [...pointer, 'requestBody']);
  const responses = Object.entries(definition['responses'] as Json).map(([status, value]) => {
    const [response, at] = follow(document, value, [...pointer, 'responses', status]);
    const type = Object.keys((response?.['content'] as Json | undefined) ?? {}).find((name) => name.includes('json'));
    return [status, { pointer: type === undefined ? undefined : [...at, 'content', type, 'schema'] }] as const;
  });
  return {
    document,
    pattern,
    method: method.toUpperCase(),
    name: `${method.toUpperCase()} ${template}`,
    parameters: parameters.filter((parameter) => parameter['in'] === 'query'),
    requestPointer: body && [...bodyPointer, 'content', 'application/json', 'schema'],
    responses: new Map(responses),
  };
}

/** Resolves an object that may be a `$ref`, and returns its location, too. */
function follow(
  document: Pick<Document, 'id' | 'root'>,
  value: unknown,
  pointer: readonly string[],
): [Json | undefined, readonly string[]] {
  const reference = (value as Json | undefined)?.['$ref'];
  if (typeof reference !== 'string') return [value as Json | undefined, pointer];
  const path = reference.slice(2).split('/');
  return [path.reduce<unknown>((inner, part) => (inner as Json)[part], document.root) as Json, path];
}

function validatorOf({ id }: Pick<Document, 'id'>, pointer: readonly string[]): ValidateFunction {
  return compile(`${id} ${pointer.join(' ')}`, () => {
    const fragment = pointer.map((part) => encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))).join('/');
    return { $ref: `${id}#/${fragment}` };
  });
}

function compile(key: string, schema: () => Json): ValidateFunction {
  const known = validators.get(key);
  if (known !== undefined) return known;
  const validate = ajv.compile(schema());
  validators.set(key, validate);
  return validate;
}

/** Extracts a part of a document and makes its references absolute. */
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
