import { checkInteger } from '../check-integer';
import { GATEWAY_NOTICE_SECONDS } from '../workload/timing';

/**
 * Longest time for which a Network Load Balancer can keep the connections of a deregistered target. A rollout of the gateway
 * would cut off longer requests.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html (deregistration delay)
 */
const LONGEST_DEREGISTRATION_DELAY_SECONDS = 3600;

/**
 * Idle timeout of connections through the load balancer. AWS allows 60–6000 s. The default of 350 s would cut off a long
 * prompt evaluation; no request can take longer than an hour.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html
 */
const LISTENER_IDLE_SECONDS = 3600;

/**
 * A pull of a model, and an upload for `create`, take longer than other requests. The progress of a pull is streamed, so only
 * its total time is limited. A push is refused: it would send models out of the account.
 */
export const ADMIN_TIMEOUT_SECONDS = 3600;

/** A healthy server answers immediately. */
export const HEALTH_TIMEOUT_SECONDS = 5;

/** Time-outs of a request on every hop between the caller and Ollama, in seconds. */
export interface TimeBudget {
  /** The request timeout itself, used for the routes of the gateway, and for reads and writes of Kong. */
  readonly requestTimeoutSeconds: number;
  /** Idle timeout of the load balancer's listener. */
  readonly listenerIdleSeconds: number;
  /** How long the load balancer keeps the connections of a deregistered target. */
  readonly deregistrationDelaySeconds: number;
  /** How long a terminating gateway pod waits before it checks whether it still has connections. */
  readonly minimumDrainSeconds: number;
  /** How long a gateway pod may take to terminate. */
  readonly terminationGraceSeconds: number;
}

/**
 * Derives the time-outs of all hops from the request timeout.
 * @throws ValidationError if a hop does not support it
 */
export function timeBudget(requestTimeoutSeconds: number): TimeBudget {
  checkInteger('cluster.requestTimeoutSeconds', requestTimeoutSeconds, {
    min: 1,
    max: LONGEST_DEREGISTRATION_DELAY_SECONDS,
    problem:
      requestTimeoutSeconds > LONGEST_DEREGISTRATION_DELAY_SECONDS
        ? 'is longer than the load balancer keeps the connections of a deregistered target'
        : undefined,
    allowed: `a whole number of seconds from 1 to ${LONGEST_DEREGISTRATION_DELAY_SECONDS}`,
    remedy: 'choose a shorter one; the first token of a streamed answer arrives much earlier',
  });
  return {
    requestTimeoutSeconds,
    listenerIdleSeconds: LISTENER_IDLE_SECONDS,
    deregistrationDelaySeconds: requestTimeoutSeconds,
    minimumDrainSeconds: GATEWAY_NOTICE_SECONDS,
    terminationGraceSeconds: GATEWAY_NOTICE_SECONDS + requestTimeoutSeconds,
  };
}
