/** https://developer.hashicorp.com/terraform/language/resources/terraform-data */
import { type Construct, Fn, Op, TerraformResource, TerraformSelf, Token } from '../../framework';

/** What the state holds where nothing was chosen. */
const NOTHING = 'nothing';

/** Properties of a KeptChoice. */
export interface KeptChoiceProps {
  /** Property that the user chose with: `secretsKeyArn`. */
  readonly property: string;
  /** The value chosen; may be a token. @default - nothing was chosen */
  readonly value?: string;
  /** Name of the cluster that the choice was made for, known at synth. Another cluster may be created with another choice. */
  readonly clusterName: string;
  /** What is wrong with a change, as the rest of a sentence that begins with the property. */
  readonly problem: string;
}

/**
 * A choice that cannot be changed after creation. The state keeps what was chosen then, and every plan in which the choice
 * is another one fails, before anything is applied. Where the choice is known only at apply, the apply stops here: whatever
 * must not follow a change depends on this.
 *
 * The check reads nothing but the state. An installation that is older than this check keeps what is chosen at its first
 * plan with it.
 */
export class KeptChoice extends TerraformResource {
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: KeptChoiceProps,
  ) {
    super(scope, id, {
      // not CDKTF's own class of this type: it runs `terraform version` at synth, and fails where there is no Terraform
      terraformResourceType: 'terraform_data',
      lifecycle: { ignoreChanges: ['input'], postcondition: [unchanged(props)] },
    });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { value = NOTHING, clusterName } = this.props;
    return { input: { chosen: value }, triggers_replace: { clusterName } };
  }
}

/** Whether anything was chosen is known at every plan, even where the value is not: so it is compared first. */
function unchanged({ property, value, clusterName, problem }: KeptChoiceProps) {
  const kept = TerraformSelf.getString('output.chosen');
  const nothing = Op.eq(kept, NOTHING);
  return {
    condition: value === undefined ? nothing : Token.asAny(Fn.conditional(nothing, false, Op.eq(kept, value))),
    errorMessage:
      `${property}: ${problem}; allowed: ${Fn.conditional(nothing, 'no value', kept)}, as at the creation of ` +
      `${clusterName}; restore it, or create another cluster under another clusterName`,
  };
}
