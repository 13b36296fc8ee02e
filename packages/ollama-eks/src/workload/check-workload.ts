import { checkInteger, type IntegerRule } from '../check-integer';
import { parseCidr } from '../cidr';
import { refuser, ValidationError } from '../errors';
import { aliasesOf } from './model-table';
import { POOL_NAME } from './names';
import type { WorkloadPool, WorkloadSpec } from './workload-spec';

/** @see https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** Throws a `ValidationError` for a workload that would fail, or serve incorrectly, in the cluster. */
export function checkWorkload(spec: WorkloadSpec): void {
  checkInteger('requestTimeoutSeconds', spec.requestTimeoutSeconds, atLeast(1));
  checkInteger('maxWaiting', spec.maxWaiting, atLeast(0));
  if (spec.gatewayReplicas !== undefined) checkInteger('gatewayReplicas', spec.gatewayReplicas, atLeast(1));
  parseCidr('vpcCidr', spec.vpcCidr);
  parseCidr('serviceCidr', spec.serviceCidr);
  checkPull(spec);
  checkSessionHeader(spec.sessionHeader);
  checkPoolNames(spec.pools);
  spec.pools.forEach((pool, index) => checkPool(pool, `pools[${index}]`));
  checkSameModels(spec.pools);
}

function checkPool(pool: WorkloadPool, property: string): void {
  checkInteger(`${property}.replicas`, pool.replicas, atLeast(0));
  if (pool.cache.kind === 'instance-store') checkInteger(`${property}.cache.sizeGiB`, pool.cache.sizeGiB, atLeast(1));
  if (Object.keys(pool.nodeLabels).length === 0) {
    throw new ValidationError({
      property: `${property}.nodeLabels`,
      value: pool.nodeLabels,
      problem: 'must not be empty: labels distinguish the nodes of the pool from other nodes',
      allowed: 'at least one label',
      remedy: 'set the labels of the node group',
    });
  }
  if (!pool.fit.fits && pool.allowCpu !== true) {
    throw new ValidationError({
      property: `${property}.fit`,
      value: pool.fit.reason,
      problem: 'the models do not fit the GPUs, so the servers would never be ready',
      allowed: 'models that fit, or allowCpu: true',
      remedy: 'use a larger instance type, a shorter context or fewer parallel requests',
    });
  }
}

function checkPull({ modelPull = 'online', registryCidrs, pools }: WorkloadSpec): void {
  registryCidrs?.forEach((cidr, index) => parseCidr(`registryCidrs[${index}]`, cidr));
  if (registryCidrs !== undefined && (registryCidrs.length === 0 || modelPull === 'offline')) {
    throw new ValidationError({
      property: 'registryCidrs',
      value: registryCidrs,
      problem:
        modelPull === 'offline'
          ? 'must not be combined with modelPull: "offline"'
          : 'must not be empty: no registry could be reached',
      allowed: 'at least one IPv4 range, if models are pulled',
      remedy: 'leave it out, or set the ranges of the registry',
    });
  }
  const local = pools.findIndex(({ cache }) => cache.kind === 'instance-store');
  if (modelPull === 'job' && local >= 0) {
    throw new ValidationError({
      property: `pools[${local}].cache.kind`,
      value: 'instance-store',
      problem:
        'must not be combined with modelPull: "job", because another pod cannot write to a disk that belongs to one pod',
      allowed: '"ebs", or modelPull: "online"',
      remedy: 'change one of them',
    });
  }
}

/** The gateway has one Service, and cannot see which model a request is for. */
function checkSameModels(pools: readonly WorkloadPool[]): void {
  const key = (pool: WorkloadPool) => [...aliasesOf(pool)].sort().join(', ');
  const [first, ...others] = pools;
  const odd = first && others.find((pool) => key(pool) !== key(first));
  if (first === undefined || odd === undefined) return;
  throw new ValidationError({
    property: `pools[${pools.indexOf(odd)}].fit.models`,
    value: aliasesOf(odd),
    problem: `pool "${odd.name}" must serve the same models as pool "${first.name}", because a request may go to either`,
    allowed: `the same models and contexts in every pool: ${key(first)}`,
    remedy: 'serve all models from each pool, or create another cluster for the others',
  });
}

function checkPoolNames(pools: readonly WorkloadPool[]): void {
  const names = pools.map(({ name }) => name);
  const refuse = refuser({
    property: 'pools',
    allowed: 'at least one pool, each with a unique name: a DNS label of at most 30 characters',
    remedy: 'correct the name',
  });
  if (names.length === 0) refuse({ value: names, problem: 'must not be empty' });
  for (const [index, name] of names.entries()) {
    if (!POOL_NAME.test(name)) refuse({ value: name, problem: 'is not a valid name for a pool' });
    if (names.indexOf(name) !== index) refuse({ value: name, problem: 'is the name of two pools' });
  }
}

/** Checks the name of the header of sessions, and returns it. */
export function checkSessionHeader(header: string | undefined): string | undefined {
  if (header === undefined || HEADER_NAME.test(header)) return header;
  throw new ValidationError({
    property: 'sessionHeader',
    value: header,
    problem: 'must be the name of an HTTP header',
    allowed: 'letters, digits and hyphens',
    remedy: 'set the header in which clients send their session',
  });
}

function atLeast(min: number): IntegerRule {
  return {
    min,
    problem: 'is not supported',
    allowed: `a whole number of at least ${min}`,
    remedy: 'correct it',
  };
}
