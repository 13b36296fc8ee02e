import { MONITORING } from '../workload/names';
import type { PrometheusPods, Scraper } from '../workload/scraper';
import { checkObservability } from './check-observability';
import type { ObservabilityProps } from './observability-props';

/** The Prometheus of the chart, as policies recognize it. */
export const INSTALLED_PROMETHEUS: PrometheusPods = {
  namespace: MONITORING,
  serviceAccount: `${MONITORING}-prometheus`,
  installed: true,
};

/** Checks the props, and returns what policies admit. A collector without subnets of its own can be anywhere in the VPC. */
export function scraperOf(props: ObservabilityProps, vpcCidr: string): Scraper {
  checkObservability(props);
  if (props.metrics === 'amp') return { cidrs: props.subnets?.map(({ cidr }) => cidr) ?? [vpcCidr] };
  if (props.metrics === 'prometheus') return INSTALLED_PROMETHEUS;
  const { namespace, serviceAccount } = props.prometheus;
  return { namespace, serviceAccount };
}
