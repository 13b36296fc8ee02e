// https://developer.konghq.com/konnect-api/
import { baseUrl } from '../http/base-url';
import { NoAnswerError, OversizedAnswerError, request, type HttpResponse } from '../http/request';
import { DEFAULT_RETRY_POLICY, parseRetryAfter, retrying, type RetryPolicy } from '../http/retry';
import type { Clock, Fetch } from '../program/context';
import { UsageError } from '../program/errors';
import { CommandError, ExitCode } from '../program/exit-codes';
import { SETTINGS } from '../program/settings';
import { isTransient, KonnectError, parseProblem, WrongAnswerError, type Problem } from './konnect-error';
import type { Geo } from './types';

/** Timeout of a request in milliseconds. Lists of a large organization take seconds. */
const REQUEST_TIMEOUT = 30_000;

/** Objects per page. The specification does not define a maximum. */
const PAGE_SIZE = 100;

/** Limit of pages, above that of any organization: more pages mean an endless loop. */
const MAX_PAGES = 1000;

export interface KonnectClientOptions {
  /** Personal access token or system account token. Sent in a header, never shown. */
  readonly token: string;
  readonly geo: Geo;
  readonly clock: Clock;
  readonly fetch: Fetch;
  /** @default 'https://global.api.konghq.com' */
  readonly globalUrl?: string | undefined;
  /** @default 'https://GEO.api.konghq.com' */
  readonly regionUrl?: string | undefined;
  /** Aborted by Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for one request and its complete answer. @default 30 000 */
  readonly timeout?: number;
  /** @default 8 attempts within 5 minutes */
  readonly retry?: RetryPolicy;
  /** A number from 0 to 1, 1 excluded. @default Math.random */
  readonly random?: () => number;
  /** Called before a retry with a message that contains no secrets. */
  readonly onRetry?: (message: string) => void;
}

/** One request. */
export interface KonnectRequest {
  /** Describes the request in error messages: `create network "ollama-eks"`. */
  readonly doing: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `region` for control planes, `global` for everything else. */
  readonly host: 'global' | 'region';
  /** Path with version: `/v2/cloud-gateways/networks`. Identifiers must be encoded with `path`. */
  readonly path: string;
  /** Query parameters, not yet encoded. */
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  /** Fields that the answer must have. @default - `id` for a write; none for a GET or a DELETE */
  readonly expects?: readonly string[];
}

interface Page<Item> {
  readonly meta?: { readonly page?: { readonly total?: number; readonly size?: number } };
  readonly data: readonly Item[];
}

/** Client through which all requests to Konnect are sent. */
export class KonnectClient {
  public readonly geo: Geo;
  public readonly clock: Clock;
  public readonly signal: AbortSignal | undefined;
  readonly #options: KonnectClientOptions;
  readonly #hosts: Readonly<Record<'global' | 'region', string>>;

  /** Throws UsageError for an empty token, and for an address to which secrets must not be sent. */
  public constructor(options: KonnectClientOptions) {
    if (options.token.trim() === '') {
      throw new UsageError('the Konnect token is empty', { remedy: 'set KONNECT_TOKEN' });
    }
    this.geo = options.geo;
    this.clock = options.clock;
    this.signal = options.signal;
    this.#options = options;
    this.#hosts = {
      global: baseUrl('KONNECT_GLOBAL_URL', options.globalUrl ?? SETTINGS.konnectGlobalUrl.default),
      region: baseUrl('KONNECT_REGION_URL', options.regionUrl ?? `https://${options.geo}.api.konghq.com`),
    };
  }

  /** Regional address, for decK's `--konnect-addr`. */
  public get regionUrl(): string {
    return this.#hosts.region;
  }

  /**
   * Sends a request and returns the JSON object of the answer, or undefined for a DELETE.
   * Retries after rate limits, server errors, and dropped connections. Retries a POST only if it certainly had no effect, so that nothing is
   * created twice. Throws KonnectError, and WrongAnswerError for an answer of another form.
   */
  public async send<Answer>(call: KonnectRequest): Promise<Answer> {
    const { retry = DEFAULT_RETRY_POLICY, random = Math.random, onRetry } = this.#options;
    return retrying(
      () => this.attempt<Answer>(call),
      (error) => ({
        transient:
          error instanceof KonnectError && error.transient && (call.method !== 'POST' || !error.outcomeUnknown),
        retryAfter: error instanceof KonnectError ? error.retryAfter : undefined,
      }),
      retry,
      {
        clock: this.clock,
        random,
        signal: this.signal,
        onRetry: (error, delay) => {
          if (error instanceof KonnectError) onRetry?.(`${error.problem}; retrying in ${(delay / 1000).toFixed(1)} s`);
        },
      },
    );
  }

  /**
   * Returns every item of a paginated list. Without a total, the list ends with the first page that is not full.
   * Throws CommandError if the pages never end, or end before the total.
   */
  public async list<Item extends { readonly id: string }>(
    call: Omit<KonnectRequest, 'method' | 'body'>,
  ): Promise<Item[]> {
    const items = new Map<string, Item>();
    let total: number | undefined;
    let repeatedPages = 0;
    for (let number = 1; number <= MAX_PAGES && repeatedPages < 2; number += 1) {
      const query = { ...call.query, 'page[size]': PAGE_SIZE, 'page[number]': number };
      const { data, meta } = await this.send<Page<Item>>({ ...call, method: 'GET', query, expects: ['data'] });
      requireList(call.doing, data);
      const known = items.size;
      for (const item of data) items.set(item.id, item);
      total = meta?.page?.total;
      const isLast = total === undefined ? data.length !== (meta?.page?.size ?? PAGE_SIZE) : items.size >= total;
      if (isLast) return [...items.values()];
      repeatedPages = items.size === known ? repeatedPages + 1 : 0;
    }
    const gap = total === undefined ? 'does not end' : `ends after ${String(items.size)} of ${String(total)} items`;
    throw new CommandError(ExitCode.failedState, `${call.doing}: the list ${gap}`, {
      remedy: 'run the command again, or report this to Kong',
    });
  }

  private async attempt<Answer>(call: KonnectRequest): Promise<Answer> {
    this.signal?.throwIfAborted();
    const { fetch, clock, timeout = REQUEST_TIMEOUT, token } = this.#options;
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(call.query ?? {})) query.set(key, String(value));
    const url = `${this.#hosts[call.host]}${call.path}${query.size === 0 ? '' : `?${query.toString()}`}`;
    const init = {
      method: call.method,
      headers: {
        Accept: 'application/json, application/problem+json',
        Authorization: `Bearer ${token}`,
        ...(call.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    };
    const response = await request(url, init, { fetch, clock, timeout, signal: this.signal }).catch(
      (error: unknown) => {
        if (error instanceof OversizedAnswerError)
          throw new WrongAnswerError(call.doing, error.problem, { cause: error });
        if (!(error instanceof NoAnswerError)) throw error;
        throw new KonnectError(call.doing, noAnswer(error.message), { cause: error });
      },
    );
    return this.read<Answer>(call, response);
  }

  private read<Answer>(
    { doing, method, expects = method === 'GET' ? [] : ['id'] }: KonnectRequest,
    response: HttpResponse,
  ): Answer {
    const { status, headers, body } = response;
    if (status < 200 || status > 299) {
      const retryAfter = isTransient(status)
        ? parseRetryAfter(headers.get('retry-after'), this.clock.now())
        : undefined;
      throw new KonnectError(doing, { ...parseProblem(status, body), retryAfter });
    }
    if (method === 'DELETE') {
      if (body !== '') parse(doing, body);
      return undefined as Answer;
    }
    const answer = parse(doing, body);
    if (typeof answer !== 'object' || answer === null) throw new WrongAnswerError(doing, 'it is not a JSON object');
    const missing = expects.filter((field) => (answer as Readonly<Record<string, unknown>>)[field] === undefined);
    if (missing.length > 0) throw new WrongAnswerError(doing, `it does not have ${missing.join(', ')}`);
    return answer as Answer;
  }
}

/** Builds a path and encodes its identifiers: path`/v2/control-planes/${id}`. */
export function path(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  return parts.map((part, index) => part + (index < ids.length ? encodeURIComponent(ids[index] ?? '') : '')).join('');
}

/** Throws WrongAnswerError unless the data of an answer is a list of objects, each with an ID. */
export function requireList(doing: string, data: unknown): void {
  if (!Array.isArray(data)) throw new WrongAnswerError(doing, 'its data is not a list');
  if (!data.every(hasId)) throw new WrongAnswerError(doing, 'its data is not a list of objects with an id');
}

function hasId(item: unknown): boolean {
  return typeof item === 'object' && item !== null && typeof (item as { readonly id?: unknown }).id === 'string';
}

function parse(doing: string, body: string): unknown {
  if (body === '') throw new WrongAnswerError(doing, 'it is empty');
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new WrongAnswerError(doing, 'it is not JSON', { cause });
  }
}

function noAnswer(detail: string): Problem {
  return { status: 0, title: 'No answer', detail, invalidParameters: [] };
}
