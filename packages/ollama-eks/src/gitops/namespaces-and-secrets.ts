import { Construct, type ITerraformDependable, type TerraformProvider } from '../framework';
import { kubernetes, type NamespaceV1, type SecretV1 } from '../providers/kubernetes';
import type { Application } from './application';
import type { Contributions } from './contributions';
import { namespaceLabels } from './names';
import { namespaceOwners } from './namespace-owners';
import { compare } from './order';

/** Servers finish their requests before they stop, and a namespace is deleted after its last object. */
const NAMESPACE_DELETE_TIMEOUT = '60m';

/** Props of `NamespacesAndSecrets`. */
export interface NamespacesAndSecretsProps {
  readonly contributions: Contributions;
  /**
   * Namespaces to create: `all` that Applications own, or only those `of-secrets`, which Argo CD then adopts and labels as
   * their owner specifies.
   */
  readonly namespaces: 'all' | 'of-secrets';
  readonly provider?: TerraformProvider;
}

/** Prerequisites of the first wave: namespaces with their Pod Security level, and Secrets. */
export class NamespacesAndSecrets extends Construct {
  /** By name. */
  public readonly namespaces: ReadonlyMap<string, NamespaceV1>;
  public readonly secrets: readonly SecretV1[];
  /** Dependencies of the first wave. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, { contributions, namespaces, provider }: NamespacesAndSecretsProps) {
    super(scope, id);
    const needed = new Set(contributions.secrets.map(({ namespace }) => namespace));
    const owners = [...namespaceOwners(contributions.applications)].sort(([a], [b]) => compare(a, b));
    this.namespaces = new Map(
      owners
        .filter(([name]) => namespaces === 'all' || needed.has(name))
        .map(([name, owner]) => [name, this.addNamespace(owner, namespaces === 'of-secrets', provider)]),
    );
    this.secrets = contributions.secrets.map(({ name, namespace, type, data }) => {
      const owner = this.namespaces.get(namespace);
      return new kubernetes.SecretV1(this, `secret-${namespace}-${name}`, {
        metadata: { name, namespace },
        type,
        data,
        dependsOn: owner === undefined ? [] : [owner],
        provider,
      });
    });
    this.ready = [...this.namespaces.values(), ...this.secrets];
  }

  private addNamespace({ namespace }: Application, shared: boolean, provider?: TerraformProvider) {
    return new kubernetes.NamespaceV1(this, `namespace-${namespace.name}`, {
      metadata: {
        name: namespace.name,
        labels: namespace.podSecurity && namespaceLabels(namespace.podSecurity, namespace.labels),
      },
      timeouts: { delete: NAMESPACE_DELETE_TIMEOUT },
      // Argo CD keeps them as Git says, and marks the namespace as its own.
      lifecycle: shared ? { ignoreChanges: ['metadata[0].labels', 'metadata[0].annotations'] } : undefined,
      provider,
    });
  }
}
