import { AMBIENT_NODE_REQUESTS } from '../catalogue/ambient';
import { DNS_SUBDOMAIN } from '../catalogue/kubernetes-names';
import { retiredLocationIn } from '../catalogue/retired-locations';
import { ValidationError } from '../errors';
import { type IConstruct, Token } from '../framework';
import type { MeshRequests } from './mesh-settings';

/** `registry/path`, as in an image reference without name and tag. */
const IMAGE_HUB = /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+$/;
const CHART_REPOSITORY = /^(https|oci):\/\/[^\s/?#]+(\/[^\s?#]*)?$/;
/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const CPU = /^([1-9]\d*m|[1-9]\d*(\.\d+)?|0\.\d*[1-9]\d*)$/;
const MEMORY = /^[1-9]\d*(Mi|Gi|M|G)$/;

/**
 * Throws unless the trust domain is a DNS name in lower case, known at synth.
 * @see https://spiffe.io/docs/latest/spiffe-specs/spiffe-id/#21-trust-domain
 */
export function checkTrustDomain(trustDomain: string, scope: IConstruct): void {
  check('trustDomain', trustDomain, DNS_SUBDOMAIN, 'a DNS name in lower case such as "cluster.local"', scope);
}

/** Throws unless the hub can hold images, and will in a year. */
export function checkImageHub(hub: string, scope: IConstruct): void {
  const allowed = 'registry and path without scheme, image name and tag, such as "docker.io/istio"';
  check('imageHub', hub, IMAGE_HUB, allowed, scope);
  checkNotRetired('imageHub', hub, scope);
}

/** Throws unless the repository can hold charts, and will in a year. */
export function checkChartRepository(property: string, repository: string, scope: IConstruct): void {
  check(property, repository, CHART_REPOSITORY, '"https://…" or "oci://…", without credentials or query', scope);
  checkNotRetired(property, repository, scope);
}

/** Bytes of a unit of memory. */
const MEMORY_UNITS: Readonly<Record<string, number>> = { Mi: 2 ** 20, Gi: 2 ** 30, M: 1e6, G: 1e9 };

/**
 * Throws unless each component asks for a quantity of CPU and memory, and those on every node for no more than sizing
 * counts there: a server that takes the rest of its node would find no room.
 */
export function checkRequests(requests: MeshRequests, scope: IConstruct): void {
  for (const [component, { cpu, memory }] of Object.entries(requests)) {
    const property = `resources.${component}`;
    check(`${property}.cpu`, cpu, CPU, 'cores or thousandths of one, such as "200m" or "1"', scope);
    check(`${property}.memory`, memory, MEMORY, 'a whole number of Mi, Gi, M or G, such as "256Mi"', scope);
  }
  for (const component of ['cni', 'ztunnel'] as const) {
    const { cpuMillis, memoryMiB } = AMBIENT_NODE_REQUESTS[component];
    const { cpu, memory } = requests[component];
    if (millis(cpu) > cpuMillis) refuseMore(`resources.${component}.cpu`, cpu, `${cpuMillis}m`, scope);
    if (mebibytes(memory) > memoryMiB) refuseMore(`resources.${component}.memory`, memory, `${memoryMiB}Mi`, scope);
  }
}

function millis(cpu: string): number {
  return cpu.endsWith('m') ? Number.parseInt(cpu, 10) : Number(cpu) * 1000;
}

function mebibytes(memory: string): number {
  const [, amount, unit = 'Mi'] = /^(\d+)(\D+)$/.exec(memory) ?? [];
  return (Number(amount) * (MEMORY_UNITS[unit] ?? 1)) / 2 ** 20;
}

function refuseMore(property: string, value: string, most: string, scope: IConstruct): never {
  throw new ValidationError(
    {
      property,
      value,
      problem:
        'is more than servers leave of a GPU node to this pod, which runs on each, so that they might find no room',
      allowed: `at most ${most}`,
      remedy: 'lower it or leave it out: it is a request and no limit, the pod may take more where there is some',
    },
    scope,
  );
}

function check(property: string, value: string, pattern: RegExp, allowed: string, scope: IConstruct): void {
  if (Token.isUnresolved(value)) {
    const remedy = 'write the value itself: it is rendered to Git, where no Terraform value exists';
    throw new ValidationError({ property, problem: 'the value is known only at apply', allowed, remedy }, scope);
  }
  if (!pattern.test(value)) {
    const remedy = 'write it in that form';
    throw new ValidationError({ property, value, problem: 'the value has no such form', allowed, remedy }, scope);
  }
}

function checkNotRetired(property: string, value: string, scope: IConstruct): void {
  const retired = retiredLocationIn(value);
  if (retired === undefined) return;
  throw new ValidationError(
    {
      property,
      value,
      problem: `${retired.location} goes away in December 2026 (https://istio.io/latest/blog/2026/retirement-of-gcp/)`,
      allowed: 'any location that stays',
      remedy: `use ${retired.replacement}`,
    },
    scope,
  );
}
