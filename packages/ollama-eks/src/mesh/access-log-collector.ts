import { DNS_LABEL } from '../catalogue/kubernetes-names';
import { checkInteger } from '../check-integer';
import { NUMBER, required, type Shape, TEXT } from '../check-props';
import { checkForm } from '../check-text';

/**
 * An OpenTelemetry collector in the cluster, which receives logs by OTLP over gRPC. Gateways connect to it through the mesh if its
 * namespace is part of it, otherwise in cleartext. It must admit them: its NetworkPolicies and AuthorizationPolicies are yours.
 */
export interface AccessLogCollector {
  /** Name of its Service. */
  readonly service: string;
  /** Namespace of its Service and pods. */
  readonly namespace: string;
  /** Port of its Service, and of its pods. @default 4317 */
  readonly port?: number;
}

/** What each property must be, for callers without types. */
export const ACCESS_LOG_COLLECTOR: Shape<AccessLogCollector> = {
  service: required(TEXT),
  namespace: required(TEXT),
  port: NUMBER,
};

/** Port of OTLP over gRPC. @see https://opentelemetry.io/docs/specs/otlp/#otlpgrpc-default-port */
const OTLP_PORT = 4317;

/** Returns the port of a collector. */
export function collectorPort({ port = OTLP_PORT }: AccessLogCollector): number {
  return port;
}

/** A name that a Service has. It is written to Git, so it must be known at synth. */
const NAME = {
  pattern: DNS_LABEL,
  problem: 'must be a Kubernetes name',
  allowed: 'a DNS label: a-z, 0-9 and "-", known at synth',
  remedy: 'copy it from `kubectl get services --all-namespaces`',
};

/** Refuses names that no Service has, and ports out of range. */
export function checkCollector(collector: AccessLogCollector, property: string): void {
  checkForm(`${property}.service`, collector.service, NAME);
  checkForm(`${property}.namespace`, collector.namespace, NAME);
  checkInteger(`${property}.port`, collectorPort(collector), { min: 1, max: 65_535 });
}
