import { checkProps, FUNCTION, recordOf, required, type Shape, TEXT } from '../check-props';
import { checkRegion, provideStackDefaults } from '../cluster/aws/stack-defaults';
import { checkTags } from '../cluster/aws/tags';
import { type Construct, TerraformStack } from '../framework';
import { loosenProviderVersions } from '../provider-versions';
import { aws } from '../providers/aws';
import type { AwsProvider } from '../providers/aws-types';
import { tls, type TlsProvider } from '../providers/tls';
import { addBackend, type BackendFactory } from './backend';

/** Properties of an InfrastructureStack. */
export interface InfrastructureStackProps {
  /** AWS region, known at synth: `us-west-2`. Every plan refuses a change while the stack has a cluster. */
  readonly region: string;
  /** Tags of everything that the stack creates. A change replaces the nodes one by one. @default - none */
  readonly tags?: Readonly<Record<string, string>>;
  /** Creates the backend of the stack. @default - the file terraform.<id>.tfstate next to cdktf.out */
  readonly backend?: BackendFactory;
}

/** What each prop must be, for callers without types. */
const SHAPE: Shape<InfrastructureStackProps> = { region: required(TEXT), tags: recordOf(TEXT), backend: FUNCTION };

/**
 * A stack for AWS resources: the cluster and its exposure. It has the providers aws and tls. Its constructs use its region and
 * tags, and add the outputs that people need.
 */
export class InfrastructureStack extends TerraformStack {
  /** AWS region of the provider. */
  public readonly region: string;
  public readonly awsProvider: AwsProvider;
  public readonly tlsProvider: TlsProvider;

  public constructor(scope: Construct, id: string, props: InfrastructureStackProps) {
    super(scope, id);
    checkProps(props, SHAPE);
    this.region = checkRegion(props.region);
    const tags = checkTags('tags', props.tags ?? {});
    provideStackDefaults(this, { region: this.region, tags, outputs: true });
    addBackend(this, props.backend);
    this.awsProvider = new aws.AwsProvider(this, 'aws-provider', {
      region: this.region,
      defaultTags: Object.keys(tags).length === 0 ? undefined : [{ tags: { ...tags } }],
    });
    this.tlsProvider = new tls.TlsProvider(this, 'tls-provider');
    loosenProviderVersions(this, ['aws', 'tls']);
  }
}
