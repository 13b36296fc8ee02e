import { isLabelKey, isLabelValue, LABEL_KEY_FORM, LABEL_VALUE_FORM } from '../catalogue/kubernetes-labels';
import { DNS_LABEL, DNS_SUBDOMAIN } from '../catalogue/kubernetes-names';
import { checkInteger } from '../check-integer';
import { cidrsOverlap, parseCidr } from '../cidr';
import {
  checkProps,
  FLAG,
  listOf,
  NUMBER,
  OBJECT,
  recordOf,
  required,
  type Rule,
  type Shape,
  shapeOf,
  TEXT,
} from '../check-props';
import { refuser, ValidationError } from '../errors';
import { installedPrometheus } from './installed-prometheus';
import {
  type CollectorSubnet,
  type ExistingPrometheusProps,
  type InstalledPrometheusProps,
  type ManagedPrometheusProps,
  METRICS_COLLECTORS,
  type ObservabilityProps,
  type PrometheusReference,
} from './observability-props';

const INSTALLED: Shape<InstalledPrometheusProps> = {
  metrics: required(TEXT),
  storageGiB: NUMBER,
  retentionDays: NUMBER,
  grafana: FLAG,
};
const EXISTING: Shape<ExistingPrometheusProps> = {
  metrics: required(TEXT),
  prometheus: required(
    shapeOf<PrometheusReference>({
      namespace: required(TEXT),
      serviceAccount: required(TEXT),
      labels: recordOf(TEXT),
    }),
  ),
};

const MANAGED: Shape<ManagedPrometheusProps> = {
  metrics: required(TEXT),
  subnets: listOf(shapeOf<CollectorSubnet>({ subnetId: required(TEXT), cidr: required(TEXT) })),
  alertTopicArn: TEXT,
};

/** What the metrics must be, for callers without types: it depends on the collector. */
export const OBSERVABILITY: Rule = {
  ...OBJECT,
  checkParts: (property, value) => {
    const props = value as ObservabilityProps;
    checkCollector(property, props.metrics);
    if (props.metrics === 'prometheus') checkProps(props, INSTALLED, property);
    else if (props.metrics === 'amp') checkProps(props, MANAGED, property);
    else checkProps(props, EXISTING, property);
  },
};

/** Checks the values of props that have their types. */
export function checkObservability(props: ObservabilityProps): void {
  if (props.metrics === 'prometheus') {
    const { storageGiB, retentionDays } = installedPrometheus(props);
    checkInteger('observability.storageGiB', storageGiB, { min: 10, max: 1000, unit: 'GiB' });
    checkInteger('observability.retentionDays', retentionDays, { min: 1, max: 400, unit: 'days' });
    return;
  }
  if (props.metrics === 'amp') {
    if (props.subnets !== undefined) checkSubnets(props.subnets);
    return;
  }
  const { namespace, serviceAccount, labels = {} } = props.prometheus;
  checkName('namespace', namespace, DNS_LABEL, 'a DNS label: a-z, 0-9 and "-"');
  checkName('serviceAccount', serviceAccount, DNS_SUBDOMAIN, 'a DNS subdomain: a-z, 0-9, "-" and "."');
  checkLabels(labels);
}

function checkCollector(property: string, metrics: unknown): void {
  if (METRICS_COLLECTORS.some((collector) => collector === metrics)) return;
  throw new ValidationError({
    property: `${property}.metrics`,
    value: metrics,
    problem: metrics === undefined ? 'is required' : 'is not supported',
    allowed: METRICS_COLLECTORS.join(', '),
    remedy:
      'use prometheus to install one, existing for one that the Prometheus operator runs in the cluster, or amp for one that AWS runs',
  });
}

/** Prefix lengths of subnets. @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const SUBNET_PREFIX = { min: 16, max: 28 };

/** @see https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-collector-how-to.html */
function checkSubnets(subnets: readonly CollectorSubnet[]): void {
  const property = 'observability.subnets';
  const ids = new Set(subnets.map(({ subnetId }) => subnetId));
  if (ids.size < 2 || ids.size < subnets.length) {
    throw new ValidationError({
      property,
      value: subnets.map(({ subnetId }) => subnetId),
      problem: ids.size < 2 ? 'must have at least two subnets: AWS requires two zones' : 'has a subnet twice',
      allowed: 'one subnet in each of at least two zones of the VPC',
      remedy: 'list one subnet for each zone, or omit it for the private subnets of the network',
    });
  }
  subnets.forEach(({ cidr }, index) => {
    const others = subnets.slice(0, index).map((other) => other.cidr);
    checkSubnetCidr(`${property}[${index}].cidr`, cidr, others);
  });
}

/** Policies admit whatever is in the range, so it must be that of one subnet. */
function checkSubnetCidr(property: string, cidr: string, others: readonly string[]): void {
  const { bitmask } = parseCidr(property, cidr);
  const refuse = refuser({ property, value: cidr, remedy: 'copy it from `aws ec2 describe-subnets`' });
  if (bitmask < SUBNET_PREFIX.min || bitmask > SUBNET_PREFIX.max) {
    refuse({
      problem: 'is not the range of a subnet, and everything in it can read the metrics',
      allowed: `a range from /${SUBNET_PREFIX.min} to /${SUBNET_PREFIX.max}`,
    });
  }
  const overlapped = others.find((other) => cidrsOverlap(other, cidr));
  if (overlapped !== undefined) {
    refuse({
      problem: `overlaps ${overlapped}, the range of another of the subnets`,
      allowed: 'the own range of each subnet',
    });
  }
}

function checkName(property: string, value: string, pattern: RegExp, form: string): void {
  if (pattern.test(value)) return;
  throw new ValidationError({
    property: `observability.prometheus.${property}`,
    value,
    problem: 'must be a Kubernetes name',
    allowed: `${form}, known at synth`,
    remedy: 'copy it from `kubectl get pods --all-namespaces -l app.kubernetes.io/name=prometheus`',
  });
}

/** Values known only at apply do not have the form either; monitors are rendered to Git. */
function checkLabels(labels: Readonly<Record<string, string>>): void {
  const property = 'observability.prometheus.labels';
  const refuse = refuser({
    problem: 'is not valid in Kubernetes',
    remedy: 'copy podMonitorSelector.matchLabels of `kubectl get prometheuses --all-namespaces --output yaml`',
  });
  for (const [key, value] of Object.entries(labels)) {
    if (!isLabelKey(key)) refuse({ property, value: key, allowed: `${LABEL_KEY_FORM}, known at synth` });
    if (!isLabelValue(value)) {
      refuse({ property: `${property}["${key}"]`, value, allowed: `${LABEL_VALUE_FORM}, known at synth` });
    }
  }
}
