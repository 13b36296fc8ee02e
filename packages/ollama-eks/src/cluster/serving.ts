import { checkInteger } from '../check-integer';
import { DEFAULT_REQUEST_TIMEOUT_SECONDS } from '../workload/timing';

/** Limits on serving requests that every hop applies. */
export interface Serving {
  readonly requestTimeoutSeconds: number;
  readonly maxWaiting: number;
}

const DEFAULT_MAX_WAITING = 8;
/** The idle timeout of a Network Load Balancer. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html */
const IDLE_TIMEOUT = { min: 60, max: 6000, unit: 'seconds' };

/** Fills in the defaults; refuses values that the load balancer does not support. */
export function checkServing(props: Partial<Serving>): Serving {
  const { requestTimeoutSeconds = DEFAULT_REQUEST_TIMEOUT_SECONDS, maxWaiting = DEFAULT_MAX_WAITING } = props;
  return {
    requestTimeoutSeconds: checkInteger('requestTimeoutSeconds', requestTimeoutSeconds, IDLE_TIMEOUT),
    maxWaiting: checkInteger('maxWaiting', maxWaiting, { min: 0, max: 10_000, unit: 'requests' }),
  };
}
