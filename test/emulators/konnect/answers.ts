/** A parsed request. */
export interface EmulatedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  /** Parsed JSON, or undefined without a body. */
  readonly body: unknown;
}

/** An answer, before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string is sent unchanged. */
  readonly body?: unknown;
}

export type Json = Record<string, unknown>;

/** Returns text unchanged, and any other value as JSON; '' for undefined. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
}

/** Returns a copy without some fields. */
export function omit(object: Json, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Size of Konnect's default page, from the example in its specification. */
const DEFAULT_PAGE_SIZE = 10;
const MAX_PAGE_SIZE = 100;

/** Thrown by a handler to refuse a request. */
export class Refusal extends Error {
  public constructor(public readonly answer: Answer) {
    super(JSON.stringify(answer.body));
  }
}

let traces = 0;

/** Returns problem details in Konnect's words. */
export function problem(status: number, title: string, detail: string, extra: Json = {}): Answer {
  traces += 1;
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: { status, title, instance: `kong:trace:${String(traces)}`, detail, ...extra },
  };
}

/** Refuses a field. */
export function badRequest(field: string, reason: string): Refusal {
  return new Refusal(
    problem(400, 'Invalid Request', 'Invalid Parameters', { invalid_parameters: [{ field, reason, source: 'body' }] }),
  );
}

export function notFound(what: string): Refusal {
  return new Refusal(problem(404, 'Not Found', `${what} not found`));
}

export function conflict(detail: string): Refusal {
  return new Refusal(problem(409, 'Conflict', detail));
}

export function forbidden(title: string, detail: string): Refusal {
  return new Refusal(problem(403, title, detail));
}

/** Returns one page of the items that match the filters of the query. */
export function page(items: readonly Json[], query: URLSearchParams, largest = MAX_PAGE_SIZE): Answer {
  const matching = items.filter((item) => matches(item, query));
  const size = Math.min(largest, MAX_PAGE_SIZE, Number(query.get('page[size]') ?? DEFAULT_PAGE_SIZE));
  const number = Number(query.get('page[number]') ?? 1);
  const data = matching.slice((number - 1) * size, number * size);
  return { status: 200, body: { data, meta: { page: { number, size, total: matching.length } } } };
}

/** Returns whether an item matches `filter[name][eq]=…` and similar filters; a dotted name refers to nested objects. */
function matches(item: Json, query: URLSearchParams): boolean {
  return [...query].every(([key, value]) => {
    const [, name, operator] = /^filter\[([^\]]+)\]\[(\w+)\]$/.exec(key) ?? [];
    if (name === undefined) return true;
    const have = String(name.split('.').reduce<unknown>((inner, part) => (inner as Json | undefined)?.[part], item));
    switch (operator) {
      case 'eq':
        return have === value;
      case 'neq':
        return have !== value;
      case 'contains':
        return have.includes(value);
      case 'oeq':
        return value.split(',').includes(have);
      default:
        throw badRequest(key, 'unknown operator');
    }
  });
}
