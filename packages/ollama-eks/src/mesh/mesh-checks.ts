import { AMBIENT_NODE_REQUESTS } from '../catalogue/ambient';
import { CHART_REPOSITORY } from '../catalogue/artifact-locations';
import type { GatewayApiChart } from '../catalogue/istio-versions';
import { DNS_SUBDOMAIN } from '../catalogue/kubernetes-names';
import { ValidationError } from '../errors';
import { type IConstruct, Token } from '../framework';
import type { MeshRequests } from './mesh-settings';

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const CPU = /^([1-9]\d*m|[1-9]\d*(\.\d+)?|0\.\d*[1-9]\d*)$/;
const MEMORY = /^[1-9]\d*(Mi|Gi|M|G)$/;

/**
 * Checks that the trust domain is a lowercase DNS name known at synth.
 * @see https://spiffe.io/docs/latest/spiffe-specs/spiffe-id/#21-trust-domain
 */
export function checkTrustDomain(trustDomain: string, scope: IConstruct): void {
  check('trustDomain', trustDomain, DNS_SUBDOMAIN, 'a lowercase DNS name such as "cluster.local"', scope);
}

/** Checks that the chart of the Gateway API's definitions is in a valid repository. */
export function checkDefinitions({ repository }: GatewayApiChart, scope: IConstruct): void {
  const allowed = '"https://…" or "oci://…", without credentials or query';
  check('gatewayApi.repository', repository, CHART_REPOSITORY, allowed, scope);
}

/** Bytes per unit of memory. */
const MEMORY_UNITS: Readonly<Record<string, number>> = { Mi: 2 ** 20, Gi: 2 ** 30, M: 1e6, G: 1e9 };

/**
 * Checks that each component requests valid quantities of CPU and memory, and that the components that run on every node
 * request no more than sizing reserves for them. Otherwise a server that uses the rest of its node would not fit.
 */
export function checkRequests(requests: MeshRequests, scope: IConstruct): void {
  for (const [component, { cpu, memory }] of Object.entries(requests)) {
    const property = `resources.${component}`;
    check(`${property}.cpu`, cpu, CPU, 'cores or millicores, such as "1" or "200m"', scope);
    check(`${property}.memory`, memory, MEMORY, 'a whole number of Mi, Gi, M or G, such as "256Mi"', scope);
  }
  for (const component of ['cni', 'ztunnel'] as const) {
    const { cpuMillis, memoryMiB } = AMBIENT_NODE_REQUESTS[component];
    const { cpu, memory } = requests[component];
    if (millis(cpu) > cpuMillis) refuseAbove(`resources.${component}.cpu`, cpu, `${cpuMillis}m`, scope);
    if (mebibytes(memory) > memoryMiB) refuseAbove(`resources.${component}.memory`, memory, `${memoryMiB}Mi`, scope);
  }
}

function millis(cpu: string): number {
  return cpu.endsWith('m') ? Number.parseInt(cpu, 10) : Number(cpu) * 1000;
}

function mebibytes(memory: string): number {
  const [, amount, unit = 'Mi'] = /^(\d+)(\D+)$/.exec(memory) ?? [];
  return (Number(amount) * (MEMORY_UNITS[unit] ?? 1)) / 2 ** 20;
}

function refuseAbove(property: string, value: string, maximum: string, scope: IConstruct): never {
  throw new ValidationError(
    {
      property,
      value,
      problem: 'is more than sizing reserves for this pod on every GPU node, so a server might not fit next to it',
      allowed: `at most ${maximum}`,
      remedy: 'lower it or leave it out: it is a request, not a limit, so the pod can still use more',
    },
    scope,
  );
}

function check(property: string, value: string, pattern: RegExp, allowed: string, scope: IConstruct): void {
  if (Token.isUnresolved(value)) {
    const remedy = 'use a literal value: it is rendered to Git, where Terraform values do not exist';
    throw new ValidationError({ property, problem: 'must be known at synth', allowed, remedy }, scope);
  }
  if (!pattern.test(value)) {
    const remedy = 'correct it, or leave it out for the default';
    const received = /[@?#]/.test(value) ? undefined : value; // may contain a password or a token
    throw new ValidationError({ property, value: received, problem: 'is not valid', allowed, remedy }, scope);
  }
}
