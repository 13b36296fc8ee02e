import type { AddOnName, KubernetesVersion } from '../../catalogue/kubernetes-version';
import { Construct, type ITerraformDependable, type TerraformProvider } from '../../framework';
import type { Json } from '../../gitops/application';
import { aws } from '../../providers/aws';
import type { EksAddon } from '../../providers/aws-types';
import { addOnConfiguration } from './add-on-configuration';
import { checkForm } from '../../check-text';
import type { ServiceRole } from '../aws/service-role';

/** Version and configuration of one EKS add-on. */
export interface AddOnOptions {
  /** Exact version: `v1.22.4-eksbuild.3`. @default - pinned for the Kubernetes version, or EKS's default for it */
  readonly version?: string;
  /**
   * Configuration values; each top-level key replaces ours. `aws eks describe-addon-configuration` prints the schema.
   * @default - the configuration of this library
   */
  readonly configuration?: Readonly<Record<string, Json>>;
}

/** Properties of an AddOn. */
export interface AddOnConstructProps {
  readonly addOnName: AddOnName;
  readonly clusterName: string;
  readonly kubernetesVersion: KubernetesVersion;
  /** Options that the user set. */
  readonly options?: AddOnOptions;
  /** Property that errors name: `addOns.vpcCni`. */
  readonly property: string;
  /** Service account of the add-on and its role, granted by EKS Pod Identity. */
  readonly identity?: { readonly serviceAccount: string; readonly role: ServiceRole };
  readonly tags: Readonly<Record<string, string>>;
  /** Tags of the volumes that the add-on creates. */
  readonly volumeTags: Readonly<Record<string, string>>;
  readonly dependsOn?: readonly ITerraformDependable[];
  readonly provider?: TerraformProvider;
}

const VERSION = {
  pattern: /^v\d+\.\d+\.\d+-eksbuild\.\d+$/,
  allowed: 'an exact version such as v1.22.4-eksbuild.3',
  remedy: 'copy it from `aws eks describe-addon-versions`',
  tokens: true,
};

/** An EKS add-on, at an exact version. */
export class AddOn extends Construct {
  public readonly resource: EksAddon;

  public constructor(scope: Construct, id: string, props: AddOnConstructProps) {
    super(scope, id);
    const { addOnName, options = {}, identity, tags, provider } = props;
    const configuration = addOnConfiguration(addOnName, props.volumeTags, options.configuration);
    this.resource = new aws.EksAddon(this, 'Resource', {
      clusterName: props.clusterName,
      addonName: addOnName,
      addonVersion: this.version(props),
      // Without a value, the provider keeps the configuration that the add-on has.
      configurationValues: JSON.stringify(configuration),
      podIdentityAssociation:
        identity === undefined
          ? undefined
          : [{ roleArn: identity.role.roleArn, serviceAccount: identity.serviceAccount }],
      // Nothing can conflict at creation: the cluster is created without self-managed add-ons.
      resolveConflictsOnCreate: 'NONE',
      resolveConflictsOnUpdate: 'OVERWRITE',
      tags: { ...tags },
      dependsOn: [...(identity?.role.grants ?? []), ...(props.dependsOn ?? [])],
      provider,
    });
  }

  /** Returns the user's version, the pinned one, or a reference to EKS's default, which is read at plan. */
  private version({ addOnName, options, property, kubernetesVersion, provider }: AddOnConstructProps): string {
    if (options?.version !== undefined) return checkForm(`${property}.version`, options.version, VERSION);
    return (
      kubernetesVersion.addOns[addOnName] ??
      new aws.DataAwsEksAddonVersion(this, 'default-version', {
        addonName: addOnName,
        kubernetesVersion: kubernetesVersion.version,
        mostRecent: false,
        provider,
      }).version
    );
  }
}
