/**
 * Who passes ztunnel. It knows identities, addresses and ports; a rule with other conditions matches nobody.
 * @see https://istio.io/latest/docs/ambient/usage/l4-policy/
 */
import type { Manifest } from '@org/ollama-eks';
import { inRange } from './ranges';
import { type Endpoint, isPod, type Pod } from './pods';

const ROOT_NAMESPACE = 'istio-system';

/** A connection to a captured pod, as its ztunnel sees it. */
export interface Connection {
  readonly from: Endpoint;
  readonly to: Pod;
  /** Port inside of the tunnel. */
  readonly port: number;
  /** Proven identity of the caller; undefined for cleartext. */
  readonly principal?: string | undefined;
}

interface PeerAuthentication extends Manifest {
  readonly spec: {
    readonly selector?: Selector;
    readonly mtls?: { readonly mode: string };
    readonly portLevelMtls?: Readonly<Record<string, { readonly mode: string }>>;
  };
}

interface AuthorizationPolicy extends Manifest {
  readonly spec: {
    readonly selector?: Selector;
    readonly targetRefs?: readonly unknown[];
    readonly action?: string;
    readonly rules?: readonly Rule[];
  };
}

interface Selector {
  readonly matchLabels: Readonly<Record<string, string>>;
}

interface Rule {
  readonly from?: readonly { readonly source: Readonly<Record<string, readonly string[]>> }[];
  readonly to?: readonly { readonly operation: Readonly<Record<string, readonly string[]>> }[];
  readonly when?: readonly unknown[];
}

/** Policies of a mesh. */
export class MeshPolicies {
  private readonly authentication: readonly PeerAuthentication[];
  private readonly authorization: readonly AuthorizationPolicy[];

  public constructor(manifests: readonly Manifest[]) {
    const security = manifests.filter(({ apiVersion }) => apiVersion.startsWith('security.istio.io/'));
    this.authentication = security.filter(({ kind }) => kind === 'PeerAuthentication') as PeerAuthentication[];
    this.authorization = security.filter(({ kind }) => kind === 'AuthorizationPolicy') as AuthorizationPolicy[];
  }

  /** Returns the policies that refuse a connection; none if it passes. */
  public refusing(connection: Connection): readonly string[] {
    return [...this.refusingPlainText(connection), ...this.refusingCaller(connection)];
  }

  /** A port has a mode of its own only in a policy of pods whose mode is strict, which is how istiod translates it. */
  private refusingPlainText({ to, port, principal }: Connection): readonly string[] {
    if (principal !== undefined) return [];
    const [closest] = [
      this.authentication.filter(({ metadata, spec }) => metadata.namespace === to.namespace && spec.selector),
      this.authentication.filter(({ metadata, spec }) => metadata.namespace === to.namespace && !spec.selector),
      this.authentication.filter(({ metadata, spec }) => metadata.namespace === ROOT_NAMESPACE && !spec.selector),
    ]
      .map((policies) => policies.filter(({ spec }) => selects(spec.selector, to)))
      .flat();
    if (closest?.spec.mtls?.mode !== 'STRICT') return [];
    const isExempt = closest.spec.selector && closest.spec.portLevelMtls?.[String(port)]?.mode === 'PERMISSIVE';
    return isExempt === true ? [] : [nameOf(closest)];
  }

  private refusingCaller(connection: Connection): readonly string[] {
    const { to } = connection;
    const selecting = this.authorization.filter(
      ({ metadata, spec }) =>
        [to.namespace, ROOT_NAMESPACE].includes(metadata.namespace ?? '') &&
        spec.targetRefs === undefined &&
        selects(spec.selector, to),
    );
    const denying = selecting.filter(({ spec }) => spec.action === 'DENY');
    const refused = denying.filter(({ spec }) => spec.rules?.some((rule) => matches(rule, connection, true)));
    if (refused.length > 0) return refused.map(nameOf);
    const allowing = selecting.filter(({ spec }) => (spec.action ?? 'ALLOW') === 'ALLOW');
    const allowed = allowing.some(({ spec }) => spec.rules?.some((rule) => matches(rule, connection, false)));
    return allowed ? [] : allowing.map(nameOf);
  }
}

function nameOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

function selects(selector: Selector | undefined, pod: Pod): boolean {
  return Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => pod.labels[key] === value);
}

/** @param beyond result of a layer 7 field: ztunnel refuses what it cannot evaluate */
function matches({ from, to, when }: Rule, connection: Connection, beyond: boolean): boolean {
  if (when !== undefined) return beyond;
  return (
    (from === undefined || from.some(({ source }) => holds(source, (key) => sourceOf(key, connection), beyond))) &&
    (to === undefined || to.some(({ operation }) => holds(operation, (key) => operationOf(key, connection), beyond)))
  );
}

type Matcher = ((pattern: string) => boolean) | undefined;

function holds(
  fields: Readonly<Record<string, readonly string[]>>,
  matcherOf: (key: string) => Matcher,
  beyond: boolean,
): boolean {
  return Object.entries(fields).every(([key, patterns]) => {
    const matcher = matcherOf(key);
    return matcher === undefined ? beyond : patterns.some(matcher);
  });
}

function sourceOf(key: string, { from, principal }: Connection): Matcher {
  switch (key) {
    case 'principals':
      return (pattern) => principal !== undefined && like(pattern, principal);
    case 'namespaces':
      return (pattern) => principal !== undefined && isPod(from) && like(pattern, from.namespace);
    case 'ipBlocks':
      return (range) => inRange(from.ip, range);
    default:
      return undefined;
  }
}

function operationOf(key: string, { port }: Connection): Matcher {
  return key === 'ports' ? (pattern) => pattern === String(port) : undefined;
}

/** Returns whether a value matches a pattern with `*` at the start, at the end, or alone. */
function like(pattern: string, text: string): boolean {
  if (pattern === '*') return text !== '';
  if (pattern.startsWith('*')) return text.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return text.startsWith(pattern.slice(0, -1));
  return pattern === text;
}
