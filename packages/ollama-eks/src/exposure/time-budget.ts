import { checkInteger } from '../check-integer';

/**
 * How long a Network Load Balancer keeps serving a target that is leaving; its longest is the longest request that a
 * rollout of the gateway does not cut.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html (deregistration delay)
 */
const LONGEST_DEREGISTRATION_DELAY_SECONDS = 3600;

/**
 * Longest silence on a connection through the load balancer. AWS allows 60–6000 s and starts at 350 s, which cuts a
 * long prompt evaluation; an hour is longer than every request that we allow.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html
 */
const LISTENER_IDLE_SECONDS = 3600;

/** How often the load balancer asks a gateway pod whether it is ready, and how many refusals take it out. */
export const HEALTH_CHECK_INTERVAL_SECONDS = 10;
export const HEALTH_CHECK_FAILURES = 3;

/**
 * A pod that was told to go still gets new connections until the load balancer has noticed: a failed readiness takes
 * interval × failures, and as long again is the margin for registering the change.
 */
const NOTICE_SECONDS = 2 * HEALTH_CHECK_INTERVAL_SECONDS * HEALTH_CHECK_FAILURES;

/**
 * A pull of a model, and the upload of a file for `create`, outlast a request; the progress of a pull is streamed, so
 * only the whole is limited. A push is refused: it would send models out.
 */
export const ADMIN_TIMEOUT_SECONDS = 3600;

/** Health is answered at once or not at all. */
export const HEALTH_TIMEOUT_SECONDS = 5;

/** The budget of one request on every hop between the caller and Ollama, in seconds. */
export interface TimeBudget {
  /** The promise itself: route timeout of the gateway, read and write timeout of Kong. */
  readonly requestTimeoutSeconds: number;
  /** Silence that the load balancer's listener bears. */
  readonly listenerIdleSeconds: number;
  /** How long the load balancer serves a target that is leaving. */
  readonly deregistrationDelaySeconds: number;
  /** How long a gateway pod that was told to go waits before it looks whether connections are left. */
  readonly minimumDrainSeconds: number;
  /** How long a gateway pod may take to go. */
  readonly terminationGraceSeconds: number;
}

/** Derives every hop from the one number. Throws when a hop could not keep it. */
export function timeBudget(requestTimeoutSeconds: number): TimeBudget {
  checkInteger('cluster.requestTimeoutSeconds', requestTimeoutSeconds, {
    min: 1,
    max: LONGEST_DEREGISTRATION_DELAY_SECONDS,
    problem: 'is a time that the load balancer can not keep for a request while its target is leaving',
    allowed: `whole seconds from 1 to ${LONGEST_DEREGISTRATION_DELAY_SECONDS}`,
    remedy: 'shorten it; streamed answers send their first token long before',
  });
  return {
    requestTimeoutSeconds,
    listenerIdleSeconds: LISTENER_IDLE_SECONDS,
    deregistrationDelaySeconds: requestTimeoutSeconds,
    minimumDrainSeconds: NOTICE_SECONDS,
    terminationGraceSeconds: NOTICE_SECONDS + requestTimeoutSeconds,
  };
}
