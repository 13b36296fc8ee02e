import { baseUrl } from '../http/base-url';
import { request, type HttpResponse } from '../http/request';
import { streaming, type StreamedResponse } from '../http/stream';
import type { Context } from '../program/context';
import { parse } from '../program/json';
import { isObject } from '../program/value-path';

/** Longest wait for an answer that needs no model, in milliseconds. */
const READ_TIMEOUT = 30_000;

/** What is sent in addition to path and method. */
export interface Message {
  readonly body?: unknown;
  /** Send no key. @default false */
  readonly anonymous?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Access to Ollama: through Kong with a key, or through a forwarded port without one. */
export class Endpoint {
  public readonly url: string;

  public constructor(
    private readonly context: Pick<Context, 'fetch' | 'clock' | 'signal'>,
    url: string,
    private readonly apiKey: string | undefined,
    /** Longest request, in milliseconds. */
    private readonly requestTimeout: number,
  ) {
    this.url = baseUrl('--proxy-url', url);
  }

  /** Sends a request that needs no model. */
  public send(method: string, path: string, message: Message = {}): Promise<HttpResponse> {
    return request(`${this.url}${path}`, this.init(method, message), { ...this.options, timeout: READ_TIMEOUT });
  }

  /** Returns the parsed JSON of a GET; undefined if the status is not 200 or the body is not JSON. */
  public async json<Type>(path: string): Promise<Type | undefined> {
    const { status, body } = await this.send('GET', path);
    return status === 200 ? parse<Type>(body) : undefined;
  }

  /** Returns the models that the endpoint stores or has loaded; undefined if the answer does not list models. */
  public async models<Model>(path: '/api/tags' | '/api/ps'): Promise<readonly Model[] | undefined> {
    const answer = await this.json<unknown>(path);
    if (!isObject(answer)) return undefined;
    const models = answer['models'] ?? [];
    return Array.isArray(models) && models.every(isObject) ? (models as unknown as readonly Model[]) : undefined;
  }

  /** Streams an answer of a model. */
  public stream<Result>(
    path: string,
    message: Message,
    read: (response: StreamedResponse) => Promise<Result>,
  ): Promise<Result> {
    const options = { ...this.options, timeout: this.requestTimeout };
    return streaming(`${this.url}${path}`, this.init('POST', message), options, read);
  }

  private get options() {
    const { fetch, clock, signal } = this.context;
    return { fetch, clock, signal };
  }

  /** Builds a request with `Authorization: Bearer`, as OpenAI's and Anthropic's clients send it. */
  private init(method: string, { body, anonymous = false, headers = {} }: Message): RequestInit {
    const sent = new Headers(headers);
    if (!anonymous && this.apiKey !== undefined) sent.set('authorization', `Bearer ${this.apiKey}`);
    if (body === undefined) return { method, headers: sent };
    sent.set('content-type', 'application/json');
    return { method, headers: sent, body: JSON.stringify(body) };
  }
}

/** Returns the first words of an answer, for messages. */
export function excerpt(body: string): string {
  const text = body.replace(/\s+/g, ' ').trim();
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}
