import { CommandError, ExitCode, type FailureCode } from '../program/exit-codes';
// https://developer.konghq.com/api/konnect/cloud-gateways/v2/ (error responses, RFC 9457)

/** One refused field of a request. */
export interface InvalidParameter {
  readonly field: string;
  readonly reason: string;
}

/** What Konnect said when it did not do what was asked. */
export interface Problem {
  /** HTTP status; 0 where there was no answer at all. */
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly invalidParameters: readonly InvalidParameter[];
  /** What Kong's support wants to know, `kong:trace:…`. */
  readonly trace?: string;
  /** Milliseconds that Konnect asked to be left alone. */
  readonly retryAfter?: number | undefined;
}

/** Longest piece of an answer that is not JSON and still worth showing. */
const EXCERPT = 200;

/** Quotas: 403 for networks, 400 for control planes. */
const QUOTA = /quota|maximum number of|usage limits? ha(s|ve) been reached/i;

/** A request that Konnect refused or did not answer. */
export class KonnectError extends CommandError implements Problem {
  public readonly status: number;
  public readonly title: string;
  public readonly detail: string;
  public readonly invalidParameters: readonly InvalidParameter[];
  public readonly trace?: string;
  public readonly retryAfter?: number | undefined;
  /**
   * @param doing what was being done, with the object's name: `create network "ollama-eks"`
   * @param problem what Konnect said
   */
  public constructor(doing: string, problem: Problem, options?: ErrorOptions) {
    const exitCode = classify(problem);
    super(exitCode, `${doing}: ${describe(problem)}`, { ...options, remedy: remedyOf(exitCode, problem) });
    this.name = 'KonnectError';
    this.status = problem.status;
    this.title = problem.title;
    this.detail = problem.detail;
    this.invalidParameters = problem.invalidParameters;
    this.retryAfter = problem.retryAfter;
    if (problem.trace !== undefined) this.trace = problem.trace;
  }

  /** Not processed, or not to the end: rate limits, server errors, no answer. */
  public get transient(): boolean {
    return isTransient(this.status);
  }

  /** Whether it may have been carried out all the same: no answer, or an error after it was accepted. */
  public get outcomeUnknown(): boolean {
    return this.transient && this.status !== 429 && this.status !== 503;
  }

  /** Whether a pattern occurs in what was said. */
  public says(pattern: RegExp): boolean {
    return [this.title, this.detail, ...this.invalidParameters.map(({ reason }) => reason)].some((text) =>
      pattern.test(text),
    );
  }
}

/** Statuses after which the same request may succeed; 0 is no answer. */
export function isTransient(status: number): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}

/**
 * Reads an error body. Konnect sends problem details; what stands before it (rate limiting, authentication) sends `{"message": …}`, and
 * what stands before that sends HTML.
 */
export function parseProblem(status: number, body: string): Problem {
  const json = parseObject(body);
  const text = (key: string): string | undefined => (typeof json?.[key] === 'string' ? json[key] : undefined);
  const excerpt = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, EXCERPT);
  const title = text('title') ?? `HTTP ${String(status)}`;
  const trace = text('instance');
  return {
    status,
    title,
    detail: text('detail') ?? text('message') ?? (json === undefined && excerpt !== '' ? excerpt : title),
    invalidParameters: parseInvalidParameters(json?.['invalid_parameters']),
    ...(trace === undefined ? {} : { trace }),
  };
}

function parseObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // HTML or plain text: the caller shows an excerpt
  }
}

function parseInvalidParameters(value: unknown): InvalidParameter[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const { field, reason } = item as Readonly<Record<string, unknown>>;
    return [{ field: typeof field === 'string' ? field : '?', reason: typeof reason === 'string' ? reason : '?' }];
  });
}

function classify(problem: Problem): FailureCode {
  const { status, title, detail, invalidParameters } = problem;
  const said = [title, detail, ...invalidParameters.map(({ reason }) => reason)].join(' ');
  if ((status === 403 || status === 400) && QUOTA.test(said)) return ExitCode.quota;
  if (status === 401 || status === 403) return ExitCode.notAllowed;
  if (isTransient(status)) return ExitCode.timeout;
  if (status === 404 || status === 409) return ExitCode.failedState;
  return ExitCode.usage;
}

function describe({ status, title, detail, invalidParameters, trace }: Problem): string {
  const fields = invalidParameters.map(({ field, reason }) => `${field}: ${reason}`).join(', ');
  const said = title === detail || title.startsWith('HTTP') ? detail : `${title}: ${detail}`;
  const answer = status === 0 ? `Konnect did not answer (${detail})` : `Konnect answered ${String(status)}, ${said}`;
  return answer + (fields === '' ? '' : ` (${fields})`) + (trace === undefined ? '' : ` [${trace}]`);
}

function remedyOf(exitCode: ExitCode, { status, retryAfter }: Problem): string {
  switch (exitCode) {
    case ExitCode.quota:
      return 'delete what is no longer needed, or ask Kong to raise the quota, then run the command again';
    case ExitCode.notAllowed:
      return status === 401
        ? 'the token is wrong, expired or revoked: set KONNECT_TOKEN to a valid one and run the command again'
        : 'the token lacks a role: see `ollama-eks konnect accounts` for the roles that are needed';
    case ExitCode.timeout:
      return retryAfter === undefined
        ? 'run the command again, it goes on from here'
        : `run the command again in ${String(Math.ceil(retryAfter / 1000))} s, it goes on from here`;
    case ExitCode.failedState:
      return 'see what `ollama-eks konnect status` shows, mend that, and run the command again';
    default:
      return 'correct the value and run the command again';
  }
}
