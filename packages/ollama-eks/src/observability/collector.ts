import { MONITORING } from '../workload/names';
import type { Scraper } from '../workload/scraper';
import { checkObservability } from './check-observability';
import type { ObservabilityProps } from './observability-props';

/** The Prometheus of the chart, as policies recognize it. */
export const INSTALLED_PROMETHEUS: Scraper = {
  namespace: MONITORING,
  serviceAccount: `${MONITORING}-prometheus`,
  installed: true,
};

/** Checks the props, and returns the Prometheus that policies admit. */
export function scraperOf(props: ObservabilityProps): Scraper {
  checkObservability(props);
  if (props.metrics === 'prometheus') return INSTALLED_PROMETHEUS;
  const { namespace, serviceAccount } = props.prometheus;
  return { namespace, serviceAccount };
}
