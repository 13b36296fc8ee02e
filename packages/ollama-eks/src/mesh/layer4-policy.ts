// What ztunnel can enforce: https://istio.io/latest/docs/ambient/usage/l4-policy/
import { Netmask } from 'netmask';

import { DNS_LABEL, DNS_SUBDOMAIN } from '../catalogue/kubernetes-names';
import { ValidationError } from '../errors';
import type { Manifest } from '../gitops/application';
import { principal, type ServiceAccountIdentity } from './service-account';

/**
 * A namespace, or all that begin or end with something.
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source
 */
const NAMESPACES = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?|[a-z0-9][a-z0-9-]*\*|\*[a-z0-9-]*[a-z0-9])$/;

/** Label values by key that a pod has to carry. */
type MatchLabels = Readonly<Record<string, string>>;

/**
 * Where a connection comes from. What is named must all hold; of each list one entry.
 * There is nothing of layer 7 here: ztunnel reads a policy with methods, paths or hosts as "refuse everything".
 */
export interface Layer4Source {
  /** @default - any identity */
  readonly serviceAccounts?: readonly ServiceAccountIdentity[];
  /** @default - any namespace */
  readonly namespaces?: readonly string[];
  /**
   * IPv4 ranges.
   * @default - any address
   */
  readonly ipBlocks?: readonly string[];
}

/** One of `from` may connect to one of `ports`. */
export interface Layer4Rule {
  /** At least one. */
  readonly from: readonly Layer4Source[];
  /**
   * Ports of the pod itself, 1 to 65535; not those of a Service.
   * @default - every port
   */
  readonly ports?: readonly number[];
}

/** Props of an authorization policy that ztunnel enforces. */
export interface Layer4PolicyProps {
  readonly name: string;
  readonly namespace: string;
  /** Trust domain of the mesh. */
  readonly trustDomain: string;
  /**
   * `ALLOW`: who matches no rule is refused. `DENY`: who matches a rule is refused, whatever another policy allows.
   * @default 'ALLOW'
   */
  readonly action?: 'ALLOW' | 'DENY';
  /**
   * Pods that the policy is for.
   * @default - every pod of the namespace
   */
  readonly selector?: MatchLabels;
  /** An `ALLOW` without rules refuses everybody. */
  readonly rules: readonly Layer4Rule[];
}

/** The part of an AuthorizationPolicy that ztunnel enforces. */
export interface AuthorizationPolicy extends Manifest {
  readonly apiVersion: 'security.istio.io/v1';
  readonly kind: 'AuthorizationPolicy';
  readonly spec: {
    readonly action: 'ALLOW' | 'DENY';
    readonly selector?: { readonly matchLabels: MatchLabels };
    readonly rules?: readonly AuthorizationRule[];
  };
}

interface AuthorizationRule {
  readonly from: readonly { readonly source: AuthorizationSource }[];
  readonly to?: readonly [{ readonly operation: { readonly ports: readonly string[] } }];
}

interface AuthorizationSource {
  readonly principals?: readonly string[];
  readonly namespaces?: readonly string[];
  readonly ipBlocks?: readonly string[];
}

/**
 * An authorization policy for ztunnel. Throws a `ValidationError` for a rule or source that names nobody, a port or an
 * IPv4 range that is none, and a `DENY` without rules.
 */
export function layer4Policy(props: Layer4PolicyProps): AuthorizationPolicy {
  const { name, namespace, trustDomain, action = 'ALLOW', selector, rules } = props;
  if (action === 'DENY' && rules.length === 0) {
    throw new ValidationError({
      property: 'rules',
      value: rules,
      problem: 'a DENY policy without rules refuses nobody',
      allowed: 'at least one rule',
      remedy: 'name who is refused, or use an ALLOW policy without rules to refuse everybody',
    });
  }
  const translated = rules.map((rule, index) => translateRule(rule, trustDomain, `rules[${index}]`));
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name, namespace },
    spec: {
      action,
      ...(selector === undefined ? {} : { selector: { matchLabels: selector } }),
      ...(translated.length === 0 ? {} : { rules: translated }),
    },
  };
}

function translateRule(rule: Layer4Rule, trustDomain: string, path: string): AuthorizationRule {
  if (rule.from.length === 0) {
    throw new ValidationError({
      property: `${path}.from`,
      value: rule.from,
      problem: 'the rule names nobody, which Istio reads as everybody',
      allowed: 'at least one source',
      remedy: 'name the sources, or leave the rule out',
    });
  }
  const from = rule.from.map((source, index) => ({
    source: translateSource(source, trustDomain, `${path}.from[${index}]`),
  }));
  if (rule.ports === undefined) {
    return { from };
  }
  return { from, to: [{ operation: { ports: checkPorts(rule.ports, `${path}.ports`) } }] };
}

function translateSource(source: Layer4Source, trustDomain: string, path: string): AuthorizationSource {
  const lists = [source.serviceAccounts, source.namespaces, source.ipBlocks].filter((list) => list !== undefined);
  if (lists.length === 0 || lists.some((list) => list.length === 0)) {
    throw new ValidationError({
      property: path,
      value: source,
      problem: 'the source names nobody, which Istio reads as everybody',
      allowed: 'serviceAccounts, namespaces or ipBlocks, none of them empty',
      remedy: 'name the sources, or leave the source out',
    });
  }
  source.serviceAccounts?.forEach((account, index) => {
    checkName(account.namespace, DNS_LABEL, `${path}.serviceAccounts[${index}].namespace`, 'no "*"');
    checkName(account.name, DNS_SUBDOMAIN, `${path}.serviceAccounts[${index}].name`, 'no "*"');
  });
  source.namespaces?.forEach((name, index) =>
    checkName(name, NAMESPACES, `${path}.namespaces[${index}]`, '"*" only before or after a part of a name'),
  );
  source.ipBlocks?.forEach((block, index) => checkIpBlock(block, `${path}.ipBlocks[${index}]`));
  return {
    ...(source.serviceAccounts && {
      principals: source.serviceAccounts.map((account) => principal(trustDomain, account)),
    }),
    ...(source.namespaces && { namespaces: source.namespaces }),
    ...(source.ipBlocks && { ipBlocks: source.ipBlocks }),
  };
}

function checkPorts(ports: readonly number[], property: string): readonly string[] {
  const wrong = ports.find((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
  if (ports.length === 0 || wrong !== undefined) {
    throw new ValidationError({
      property,
      value: wrong ?? ports,
      problem: wrong === undefined ? 'no port is named, which Istio reads as every port' : 'this is no TCP port',
      allowed: 'at least one whole number from 1 to 65535',
      remedy: 'name the ports that the pod itself listens on, or leave `ports` out for all of them',
    });
  }
  return ports.map(String);
}

function checkName(name: string, pattern: RegExp, property: string, wildcard: string): void {
  if (pattern.test(name)) return;
  throw new ValidationError({
    property,
    value: name,
    problem: 'this names nobody, or everybody',
    allowed: `a name of Kubernetes: a-z, 0-9, "-" and "."; ${wildcard}`,
    remedy: 'name who is meant, or leave the list out',
  });
}

function checkIpBlock(block: string, property: string): void {
  try {
    if (new Netmask(block).toString() === block) {
      return;
    }
  } catch {
    // Netmask says no more than "invalid": what is wrong and allowed is told below.
  }
  throw new ValidationError({
    property,
    value: block,
    problem: 'this is no IPv4 range, or bits are set beyond its prefix',
    allowed: 'CIDR notation such as "10.0.0.0/16"',
    remedy: 'write the first address of the range and the length of its prefix',
  });
}
