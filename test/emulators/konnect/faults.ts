import { problem, type Answer, type EmulatedRequest } from './answers';

/** What goes wrong. */
export type FaultEffect =
  /** Answers this, without carrying the request out. */
  | { readonly kind: 'answer'; readonly answer: (now: number) => Answer }
  /** Closes the connection; before or after the request was carried out. */
  | { readonly kind: 'drop'; readonly carriedOut: boolean }
  /** Carries it out, but answers late. */
  | { readonly kind: 'slow'; readonly seconds: number };

/** When it goes wrong. */
export interface Fault {
  readonly method?: string;
  /** A route as it is declared: `/v2/cloud-gateways/networks/:networkId`. */
  readonly route?: string;
  /** So many matching requests go well before. @default 0 */
  readonly after?: number;
  /** So many go wrong then. @default 1 */
  readonly times?: number;
  readonly effect: FaultEffect;
}

const answering = (answer: (now: number) => Answer): FaultEffect => ({ kind: 'answer', answer });

/** Seconds that a rate limit asks for. */
const RATE_LIMIT = 20;

/** Every fault that Konnect, or what stands before it, is known for. */
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
  notJson: answering(() => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' })),
} as const satisfies Record<string, FaultEffect>;

export type FaultName = keyof typeof FAULT_EFFECTS;

function rateLimited(retryAfter: string | undefined): Answer {
  return {
    status: 429,
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
    body: { message: 'API rate limit exceeded' },
  };
}

/** The faults that are still to happen. */
export class Faults {
  readonly #pending: { fault: Fault; skip: number; left: number }[] = [];

  public add(fault: Fault): void {
    this.#pending.push({ fault, skip: fault.after ?? 0, left: fault.times ?? 1 });
  }

  public clear(): void {
    this.#pending.length = 0;
  }

  /** How many were asked for and did not happen yet. */
  public get left(): number {
    return this.#pending.filter(({ left }) => left > 0 && Number.isFinite(left)).length;
  }

  /** The effect for this request, if any; counts it. */
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
