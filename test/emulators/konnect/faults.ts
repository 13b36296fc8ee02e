import { problem, type Answer, type EmulatedRequest } from './answers';

/** Effect of a fault. */
export type FaultEffect =
  /** Sends this answer without performing the request. */
  | { readonly kind: 'answer'; readonly answer: (now: number) => Answer }
  /** Closes the connection; before or after the request was carried out. */
  | { readonly kind: 'drop'; readonly carriedOut: boolean }
  /** Carries it out, but answers late. */
  | { readonly kind: 'slow'; readonly seconds: number };

/** When a fault occurs. */
export interface Fault {
  readonly method?: string;
  /** A declared route: `/v2/cloud-gateways/networks/:networkId`. */
  readonly route?: string;
  /** Number of matching requests that succeed first. @default 0 */
  readonly after?: number;
  /** Number of requests that fail then. @default 1 */
  readonly times?: number;
  readonly effect: FaultEffect;
}

const answering = (answer: (now: number) => Answer): FaultEffect => ({ kind: 'answer', answer });

/** Seconds of Retry-After for a rate limit. */
const RATE_LIMIT = 20;

/** Every known fault of Konnect and of proxies in front of it. */
export const FAULT_EFFECTS = {
  rateLimitedSeconds: answering(() => rateLimited(String(RATE_LIMIT))),
  rateLimitedDate: answering((now) => rateLimited(new Date(now + RATE_LIMIT * 1000).toUTCString())),
  rateLimitedBare: answering(() => rateLimited(undefined)),
  serverError: answering(() => problem(500, 'Internal Server Error', 'An unexpected error occurred')),
  badGateway: answering(() => ({
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: '<html><head><title>502 Bad Gateway</title></head></html>',
  })),
  unavailable: answering(() => ({
    ...problem(503, 'Service Unavailable', 'try again'),
    headers: { 'retry-after': '5' },
  })),
  gatewayTimeout: answering(() => ({ status: 504, body: '' })),
  droppedBefore: { kind: 'drop', carriedOut: false },
  droppedAfter: { kind: 'drop', carriedOut: true },
  slow: { kind: 'slow', seconds: 90 },
  unauthorized: answering(() => problem(401, 'Unauthorized', 'Unauthorized')),
  forbidden: answering(() => problem(403, 'Forbidden', 'You do not have permission to perform this action')),
  quotaExceeded: answering(() =>
    problem(403, 'Quota Exceeded', 'Maximum number of Active Networks exceeded. Max allowed: 3'),
  ),
  invalid: answering(() =>
    problem(400, 'Invalid Request', 'Invalid Parameters', {
      invalid_parameters: [{ field: 'name', reason: 'name is odd' }],
    }),
  ),
  identical: answering(() =>
    problem(409, 'Conflict', 'Proposed configuration and current configuration are identical'),
  ),
  notFinished: answering(() =>
    problem(400, 'Bad Request', 'Invalid Parameters', {
      invalid_parameters: [
        {
          field: 'dataplane_groups',
          reason: 'Data-plane groups in the previous configuration have not finished provisioning',
        },
      ],
    }),
  ),
  nullAnswer: answering(() => ({ status: 200, body: 'null' })),
  emptyAnswer: answering(() => ({ status: 200, body: '' })),
  otherObject: answering(() => ({ status: 200, body: { message: 'ok' } })),
  notJson: answering(() => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' })),
  tooLarge: answering(() => ({ status: 200, headers: { 'content-length': String(2 ** 30) }, body: '{}' })),
} as const satisfies Record<string, FaultEffect>;

export type FaultName = keyof typeof FAULT_EFFECTS;

function rateLimited(retryAfter: string | undefined): Answer {
  return {
    status: 429,
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
    body: { message: 'API rate limit exceeded' },
  };
}

/** Faults that have yet to occur. */
export class Faults {
  readonly #pending: { fault: Fault; skip: number; left: number }[] = [];

  public add(fault: Fault): void {
    this.#pending.push({ fault, skip: fault.after ?? 0, left: fault.times ?? 1 });
  }

  public clear(): void {
    this.#pending.length = 0;
  }

  /** Returns how many requested faults have not occurred yet. */
  public get left(): number {
    return this.#pending.filter(({ left }) => left > 0 && Number.isFinite(left)).length;
  }

  /** Returns the effect for this request, if any, and counts it. */
  public take({ method }: EmulatedRequest, route: string): FaultEffect | undefined {
    for (const entry of this.#pending) {
      const { fault } = entry;
      if (entry.left <= 0 || (fault.method ?? method) !== method || (fault.route ?? route) !== route) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      return fault.effect;
    }
    return undefined;
  }
}
