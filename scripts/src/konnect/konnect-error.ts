// https://developer.konghq.com/api/konnect/cloud-gateways/v2/ (error responses, RFC 9457)
import { OversizedAnswerError } from '../http/request';
import { CommandError, ExitCode, type FailureCode } from '../program/exit-codes';
import { parse } from '../program/json';
import { isObject } from '../program/value-path';

/** An invalid field of a request. */
export interface InvalidParameter {
  readonly field: string;
  readonly reason: string;
}

/** Answer of Konnect to a failed request. */
export interface Problem {
  /** HTTP status, 0 for no answer, or negative for an answer that is not that of Konnect. */
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly invalidParameters: readonly InvalidParameter[];
  /** Trace ID for Kong support, `kong:trace:…`. */
  readonly trace?: string;
  /** Milliseconds that Konnect asked to wait. */
  readonly retryAfter?: number | undefined;
}

/** In place of a status: the status was a success, but the answer was not that of Konnect. */
const WRONG_ANSWER = -1;

/** Maximum length of an excerpt of an answer that is not JSON. */
const EXCERPT = 200;

/** Errors for exhausted quotas: 403 for networks, 400 for control planes. */
const QUOTA = /quota|maximum number of|usage limits? ha(s|ve) been reached/i;

/** Failure of a request that Konnect refused or did not answer. */
export class KonnectError extends CommandError implements Problem {
  public readonly status: number;
  public readonly title: string;
  public readonly detail: string;
  public readonly invalidParameters: readonly InvalidParameter[];
  public readonly trace?: string;
  public readonly retryAfter?: number | undefined;
  /**
   * @param doing what the request does, with the object's name: `create network "ollama-eks"`
   * @param problem answer of Konnect
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

  /** Whether a retry may succeed: rate limits, server errors, no answer. */
  public get transient(): boolean {
    return isTransient(this.status);
  }

  /** Whether the request may have had its effect anyway: no answer, or an error after it was accepted. */
  public get outcomeUnknown(): boolean {
    return this.transient && this.status !== 429 && this.status !== 503;
  }

  /** Whether the answer matches a pattern. */
  public says(pattern: RegExp): boolean {
    return [this.title, this.detail, ...this.invalidParameters.map(({ reason }) => reason)].some((text) =>
      pattern.test(text),
    );
  }
}

/**
 * A successful status with an answer that is not of the expected form: not JSON, `null`, without a required field, or too large. Repeating
 * the request may help, since a proxy may have answered, but waiting does not.
 */
export class WrongAnswerError extends KonnectError {
  /** @param reason what is wrong with the answer */
  public constructor(doing: string, reason: string, options?: ErrorOptions) {
    super(doing, { status: WRONG_ANSWER, title: 'Wrong answer', detail: reason, invalidParameters: [] }, options);
    this.name = 'WrongAnswerError';
  }

  /** Not if the answer is too large: the next one would be, too. */
  public override get transient(): boolean {
    return !(this.cause instanceof OversizedAnswerError);
  }

  /** Always: the status was a success. */
  public override get outcomeUnknown(): boolean {
    return true;
  }
}

/** Whether the same request may succeed after this status. 0 means no answer, and a negative one a wrong answer. */
export function isTransient(status: number): boolean {
  return status <= 0 || status === 408 || status === 429 || status >= 500;
}

/**
 * Parses an error body. Konnect sends problem details, its rate limiter and authentication send `{"message": …}`, and proxies in front of
 * them send HTML.
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

/** Returns undefined for HTML and plain text, of which the caller shows an excerpt. */
function parseObject(body: string): Readonly<Record<string, unknown>> | undefined {
  const value = parse<unknown>(body);
  return isObject(value) ? value : undefined;
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
  if (status === WRONG_ANSWER) return ExitCode.failedState;
  if (isTransient(status)) return ExitCode.timeout;
  if (status === 404 || status === 409) return ExitCode.failedState;
  return ExitCode.usage;
}

function describe({ status, title, detail, invalidParameters, trace }: Problem): string {
  const fields = invalidParameters.map(({ field, reason }) => `${field}: ${reason}`).join(', ');
  const said = title === detail || title.startsWith('HTTP') ? detail : `${title}: ${detail}`;
  const answers: Readonly<Record<number, string>> = {
    0: `Konnect did not answer (${detail})`,
    [WRONG_ANSWER]: `the answer is not that of Konnect (${detail})`,
  };
  const answer = answers[status] ?? `Konnect answered ${String(status)}, ${said}`;
  return answer + (fields === '' ? '' : ` (${fields})`) + (trace === undefined ? '' : ` [${trace}]`);
}

function remedyOf(exitCode: ExitCode, { status, retryAfter }: Problem): string {
  switch (exitCode) {
    case ExitCode.quota:
      return 'delete objects that are no longer needed, or ask Kong to raise the quota, then run the command again';
    case ExitCode.notAllowed:
      return status === 401
        ? 'the token is invalid, expired, or revoked: set KONNECT_TOKEN to a valid one and run the command again'
        : 'the token does not have the required role: `ollama-eks konnect accounts` shows the required roles';
    case ExitCode.timeout:
      return retryAfter === undefined
        ? 'run the command again to resume'
        : `run the command again in ${String(Math.ceil(retryAfter / 1000))} s to resume`;
    case ExitCode.failedState:
      if (status === WRONG_ANSWER)
        return 'check KONNECT_GLOBAL_URL, KONNECT_REGION_URL, and proxies, then run the command again';
      return 'check `ollama-eks konnect status`, fix the problem, and run the command again';
    default:
      return 'correct the value and run the command again';
  }
}
