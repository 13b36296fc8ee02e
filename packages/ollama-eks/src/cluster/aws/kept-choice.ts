/** https://developer.hashicorp.com/terraform/language/resources/terraform-data */
import { type Construct, Fn, Op, TerraformResource, TerraformSelf, Token } from '../../framework';

/** Value in the state if nothing was chosen. */
const NOTHING = 'nothing';

/** Remedy for a choice that lasts as long as its cluster. */
export const REPLACE_CLUSTER =
  'replace the cluster, which loses everything that runs in it: set another clusterName, and allowReplacement: true';

/** Properties of a KeptChoice. */
export interface KeptChoiceProps {
  /** Property of the choice: `secretsKeyArn`. */
  readonly property: string;
  /** The value chosen; may be a token. @default - nothing was chosen */
  readonly value?: string;
  /**
   * Name of the cluster that the choice belongs to, known at synth. A cluster with another name may have another choice.
   * @default - the choice outlasts a change of the name
   */
  readonly clusterName?: string;
  /** Why a change is refused, as the rest of a sentence that begins with the property. */
  readonly problem: string;
  /** What to do instead of restoring the value. */
  readonly remedy: string;
  /** Whether the plan may change the choice; the state then keeps the new one. @default false */
  readonly allowChange?: boolean;
}

/**
 * A choice that cannot be changed after creation, or only with a loss. The state keeps what was chosen then, and every plan that
 * changes the choice fails before anything is applied. If the choice is known only at apply, the apply stops here, because
 * everything that a change would affect depends on this.
 *
 * The check reads only the state. An installation that is older than the check keeps the choice of its first
 * plan with it.
 */
export class KeptChoice extends TerraformResource {
  public constructor(
    scope: Construct,
    id: string,
    private readonly props: KeptChoiceProps,
  ) {
    super(scope, id, {
      // CDKTF's own class of this type runs `terraform version` at synth, and fails without Terraform.
      terraformResourceType: 'terraform_data',
      lifecycle:
        props.allowChange === true ? undefined : { ignoreChanges: ['input'], postcondition: [unchanged(props)] },
    });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { value = NOTHING, clusterName } = this.props;
    return {
      input: { chosen: value },
      ...(clusterName !== undefined && { triggers_replace: { clusterName } }),
    };
  }
}

/** Compares the choice with the kept one. Whether anything was chosen is known at every plan, even if the value is not, so that
 * is compared first. */
function unchanged({ property, value, clusterName, problem, remedy }: KeptChoiceProps) {
  const kept = TerraformSelf.getString('output.chosen');
  const nothing = Op.eq(kept, NOTHING);
  const creation = clusterName === undefined ? 'creation' : `the creation of ${clusterName}`;
  return {
    condition: value === undefined ? nothing : Token.asAny(Fn.conditional(nothing, false, Op.eq(kept, value))),
    errorMessage:
      `${property}: ${problem}; allowed: ${Fn.conditional(nothing, 'no value', kept)}, as at ${creation}; ` +
      `restore it, or ${remedy}`,
  };
}
