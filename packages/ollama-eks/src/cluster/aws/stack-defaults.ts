import { checkForm } from '../../check-text';
import { ValidationError } from '../../errors';
import { type Construct, TerraformStack } from '../../framework';

/** What a stack knows at synth and its constructs use as defaults. */
export interface StackDefaults {
  /** AWS region of the stack's provider. */
  readonly region: string;
  /** `default_tags` of the stack's provider. */
  readonly tags: Readonly<Record<string, string>>;
  /** Whether constructs add their outputs by default. */
  readonly outputs: boolean;
}

/** A global symbol, so that another copy of this library recognizes the stack. */
const DEFAULTS = Symbol.for('@org/ollama-eks/stack-defaults');

/** `us-west-2`, `us-gov-east-1`, `ap-southeast-3`. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** Sets the defaults of the constructs in a stack. */
export function provideStackDefaults(stack: TerraformStack, defaults: StackDefaults): void {
  Object.defineProperty(stack, DEFAULTS, { value: defaults });
}

/** Returns the defaults of the enclosing stack; undefined if the stack has none. */
export function stackDefaults(scope: Construct): StackDefaults | undefined {
  const stack: TerraformStack & { readonly [DEFAULTS]?: StackDefaults } = TerraformStack.of(scope);
  return stack[DEFAULTS];
}

/** Returns the given region, or the region of the stack. */
export function regionOf(scope: Construct, region: string | undefined): string {
  const known = region ?? stackDefaults(scope)?.region;
  if (known === undefined) {
    throw new ValidationError(
      {
        property: 'region',
        problem: 'is required: the enclosing stack does not provide one',
        allowed: 'an AWS region such as us-west-2',
        remedy: 'set region, or use an InfrastructureStack',
      },
      scope,
    );
  }
  return checkRegion(known);
}

/** Refuses an invalid AWS region. */
export function checkRegion(region: string): string {
  return checkForm('region', region, {
    pattern: REGION,
    allowed: 'an AWS region such as us-west-2, known at synth',
    remedy: 'use a name that `aws ec2 describe-regions` prints',
  });
}
