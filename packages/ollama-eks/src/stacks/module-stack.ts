// https://developer.hashicorp.com/terraform/language/modules/develop/providers
import { checkRegion, provideStackDefaults } from '../cluster/aws/stack-defaults';
import { ValidationError } from '../errors';
import { type Construct, TerraformStack } from '../framework';
import { aws } from '../providers/aws';
import { helm } from '../providers/helm';
import { kubernetes } from '../providers/kubernetes';
import { tls } from '../providers/tls';
import { loosenProviderVersions, PROVIDER_VERSIONS, type ProviderName } from './provider-versions';

/** Properties of a ModuleStack. */
export interface ModuleStackProps {
  /** AWS region of the provider that the caller passes, known at synth; a plan in another one stops. */
  readonly region: string;
  /**
   * Providers that the module needs of its caller.
   * @default ['aws', 'tls']
   */
  readonly providers?: readonly ProviderName[];
}

/**
 * A stack that is no root module but one to be called from HCL: `module "ollama" { source = "./cdktf.out/stacks/ollama" }`.
 * It configures no provider and has no backend, so it may have `count`, `for_each`, `depends_on` and `providers`; what it
 * takes are `TerraformVariable`s of the stack, what it gives are the outputs of its constructs.
 */
export class ModuleStack extends TerraformStack {
  /** AWS region of the caller's provider. */
  public readonly region: string;

  public constructor(scope: Construct, id: string, props: ModuleStackProps) {
    super(scope, id);
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

  /** The module: everything but what its caller configures. */
  public override toTerraform(): object {
    const json = super.toTerraform() as TerraformJson;
    delete json.provider;
    delete json.terraform.backend;
    return json;
  }

  private checkRegionOfProvider(): void {
    new aws.DataAwsRegion(this, 'provider-region', {
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.id == "${this.region}"}`,
            errorMessage: `This module is made for ${this.region}, but its AWS provider is of another region: \${self.id}.`,
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

/** They say that the module needs a provider, and which; how it is configured is left out of the module. */
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
    const allowed = `each of ${known.join(', ')} once at most`;
    const problem = `names ${unknown.join(', ')}, unknown or again`;
    throw new ValidationError(
      { property: 'providers', value: providers, problem, allowed, remedy: 'leave it out' },
      scope,
    );
  }
}
