// https://developer.hashicorp.com/terraform/language/modules/develop/providers
import { checkProps, listOf, required, type Shape, TEXT } from '../check-props';
import { checkRegion, provideStackDefaults } from '../cluster/aws/stack-defaults';
import { ValidationError } from '../errors';
import { type Construct, TerraformStack } from '../framework';
import { loosenProviderVersions, PROVIDER_VERSIONS, type ProviderName } from '../provider-versions';
import { aws } from '../providers/aws';
import { helm } from '../providers/helm';
import { kubernetes } from '../providers/kubernetes';
import { tls } from '../providers/tls';

/** Properties of a ModuleStack. */
export interface ModuleStackProps {
  /** AWS region of the provider that the caller passes, known at synth; a plan in another region fails. */
  readonly region: string;
  /**
   * Providers that the caller passes to the module.
   * @default ['aws', 'tls']
   */
  readonly providers?: readonly ProviderName[];
}

/** What each prop must be, for callers without types. */
const SHAPE: Shape<ModuleStackProps> = { region: required(TEXT), providers: listOf(TEXT) };

/**
 * A stack that is not a root module but is called from HCL: `module "ollama" { source = "./cdktf.out/stacks/ollama" }`.
 * It configures no provider and has no backend, so it may have `count`, `for_each`, `depends_on` and `providers`; its
 * inputs are `TerraformVariable`s of the stack, its outputs are those of its constructs.
 */
export class ModuleStack extends TerraformStack {
  /** AWS region of the caller's provider. */
  public readonly region: string;

  public constructor(scope: Construct, id: string, props: ModuleStackProps) {
    super(scope, id);
    checkProps(props, SHAPE);
    const { providers = ['aws', 'tls'] } = props;
    this.region = checkRegion(props.region);
    checkProviders(providers, this);
    provideStackDefaults(this, { region: this.region, tags: {}, outputs: true });
    for (const provider of providers) {
      REQUIREMENTS[provider](this, this.region);
    }
    loosenProviderVersions(this, providers);
    if (providers.includes('aws')) this.checkRegionOfProvider();
  }

  /** Returns the module: everything except what its caller configures. */
  public override toTerraform(): object {
    const json = super.toTerraform() as TerraformJson;
    delete json.provider;
    delete json.terraform.backend;
    return json;
  }

  private checkRegionOfProvider(): void {
    // `ec2.us-west-2.amazonaws.com`. Version 6 of the provider deprecates `name` and `id`, and version 5 has no `region`.
    const region = 'element(split(".", self.endpoint), 1)';
    new aws.DataAwsRegion(this, 'provider-region', {
      lifecycle: {
        postcondition: [
          {
            condition: `\${${region} == "${this.region}"}`,
            errorMessage: `This module requires an AWS provider in ${this.region}, but the provider’s region is \${${region}}.`,
          },
        ],
      },
    });
  }
}

interface TerraformJson {
  provider?: object;
  readonly terraform: { backend?: object };
}

/** Declare which providers the module needs; their configuration is removed from the module. */
const REQUIREMENTS: Readonly<Record<ProviderName, (stack: TerraformStack, region: string) => unknown>> = {
  aws: (stack, region) => new aws.AwsProvider(stack, 'aws-provider', { region }),
  helm: (stack) => new helm.HelmProvider(stack, 'helm-provider', {}),
  kubernetes: (stack) => new kubernetes.KubernetesProvider(stack, 'kubernetes-provider', {}),
  tls: (stack) => new tls.TlsProvider(stack, 'tls-provider'),
};

function checkProviders(providers: readonly string[], scope: Construct): void {
  const known = Object.keys(PROVIDER_VERSIONS);
  const unknown = providers.filter((name, index) => !known.includes(name) || providers.indexOf(name) < index);
  if (unknown.length > 0) {
    const allowed = `each of ${known.join(', ')} at most once`;
    const problem = `contains ${unknown.join(', ')}, which is unknown or a duplicate`;
    throw new ValidationError(
      { property: 'providers', value: providers, problem, allowed, remedy: 'remove it' },
      scope,
    );
  }
}
