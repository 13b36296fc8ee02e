// What ztunnel can enforce: https://istio.io/latest/docs/ambient/usage/l4-policy/
import { Netmask } from 'netmask';

import { DNS_LABEL, DNS_SUBDOMAIN } from '../catalogue/kubernetes-names';
import { ValidationError } from '../errors';
import type { Manifest } from '../gitops/application';
import { principal, type ServiceAccountIdentity } from './service-account';

/**
 * A namespace, or all namespaces with a prefix or suffix.
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source
 */
const NAMESPACES = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?|[a-z0-9][a-z0-9-]*\*|\*[a-z0-9-]*[a-z0-9])$/;

/** Labels that a pod must have. */
type MatchLabels = Readonly<Record<string, string>>;

/**
 * Source of a connection. Each list that is set must have an entry that matches.
 * Methods, paths and hosts are not supported: ztunnel would treat a policy that has them as "refuse everything".
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

/** Sources in `from` may connect to `ports`. */
export interface Layer4Rule {
  /** At least one source. */
  readonly from: readonly Layer4Source[];
  /**
   * Ports of the pod itself, 1 to 65535, not those of a Service.
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
   * `ALLOW` refuses connections that match no rule. `DENY` refuses those that match a rule, even if another policy allows
   * them.
   * @default 'ALLOW'
   */
  readonly action?: 'ALLOW' | 'DENY';
  /**
   * Pods that the policy applies to.
   * @default - every pod of the namespace
   */
  readonly selector?: MatchLabels;
  /** Rules of the policy. An `ALLOW` policy without rules refuses everybody. */
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
 * Returns an authorization policy for ztunnel.
 * @throws ValidationError for a rule without sources, an empty source, an invalid port or IPv4 range, and a `DENY` policy
 * without rules
 */
export function layer4Policy(props: Layer4PolicyProps): AuthorizationPolicy {
  const { name, namespace, trustDomain, action = 'ALLOW', selector, rules } = props;
  if (action === 'DENY' && rules.length === 0) {
    throw new ValidationError({
      property: 'rules',
      value: rules,
      problem: 'must not be empty, because a DENY policy without rules refuses nobody',
      allowed: 'at least one rule',
      remedy: 'add a rule, or use an ALLOW policy without rules to refuse everybody',
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
      problem: 'must not be empty, because Istio treats an empty list as everybody',
      allowed: 'at least one source',
      remedy: 'add a source, or remove the rule',
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
      problem: 'must not be empty, because Istio treats an empty source as everybody',
      allowed: 'serviceAccounts, namespaces or ipBlocks, none of them empty',
      remedy: 'fill the list, or remove the source',
    });
  }
  source.serviceAccounts?.forEach((account, index) => {
    checkName(account.namespace, DNS_LABEL, `${path}.serviceAccounts[${index}].namespace`, 'without "*"');
    checkName(account.name, DNS_SUBDOMAIN, `${path}.serviceAccounts[${index}].name`, 'without "*"');
  });
  source.namespaces?.forEach((name, index) =>
    checkName(
      name,
      NAMESPACES,
      `${path}.namespaces[${index}]`,
      '"*" only as the first or last character of a longer name',
    ),
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
      problem:
        wrong === undefined
          ? 'must not be empty, because Istio treats an empty list as every port'
          : 'is not a valid TCP port',
      allowed: 'at least one whole number from 1 to 65535',
      remedy: 'list the ports that the pod itself listens on, or leave `ports` out for all of them',
    });
  }
  return ports.map(String);
}

function checkName(name: string, pattern: RegExp, property: string, wildcard: string): void {
  if (pattern.test(name)) return;
  throw new ValidationError({
    property,
    value: name,
    problem: 'is not a valid name',
    allowed: `a Kubernetes name (a-z, 0-9, "-" and "."), ${wildcard}`,
    remedy: 'correct the name, or leave the list out to match all',
  });
}

function checkIpBlock(block: string, property: string): void {
  try {
    if (new Netmask(block).toString() === block) {
      return;
    }
  } catch {
    // Netmask only says "invalid"; the error below says more.
  }
  throw new ValidationError({
    property,
    value: block,
    problem: 'is not a valid IPv4 range, or has bits set after its prefix',
    allowed: 'CIDR notation such as "10.0.0.0/16"',
    remedy: 'write the first address of the range and the length of its prefix',
  });
}
