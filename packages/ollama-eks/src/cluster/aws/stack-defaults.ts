import { checkForm } from '../../check-text';
import { ValidationError } from '../../errors';
import { type Construct, TerraformStack } from '../../framework';

/** What a stack knows at synth and constructs in it take as their defaults. */
export interface StackDefaults {
  /** AWS region of the stack's provider. */
  readonly region: string;
  /** `default_tags` of the stack's provider. */
  readonly tags: Readonly<Record<string, string>>;
  /** Whether constructs write their outputs unless told not to. */
  readonly outputs: boolean;
}

/** Global, so that a stack is known even to another copy of this library. */
const DEFAULTS = Symbol.for('@org/ollama-eks/stack-defaults');

/** `us-west-2`, `us-gov-east-1`, `ap-southeast-3`. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** Tells constructs in the stack what they may take as defaults. */
export function provideStackDefaults(stack: TerraformStack, defaults: StackDefaults): void {
  Object.defineProperty(stack, DEFAULTS, { value: defaults });
}

/** What the stack around a construct knows; undefined in a stack that says nothing. */
export function stackDefaults(scope: Construct): StackDefaults | undefined {
  const stack: TerraformStack & { readonly [DEFAULTS]?: StackDefaults } = TerraformStack.of(scope);
  return stack[DEFAULTS];
}

/** The region given, or that of the stack. */
export function regionOf(scope: Construct, region: string | undefined): string {
  const known = region ?? stackDefaults(scope)?.region;
  if (known === undefined) {
    throw new ValidationError(
      {
        property: 'region',
        problem: 'is missing, and the stack does not tell it',
        allowed: 'an AWS region such as us-west-2',
        remedy: 'give it here, or use an InfrastructureStack',
      },
      scope,
    );
  }
  return checkRegion(known);
}

/** Refuses what is no AWS region. */
export function checkRegion(region: string): string {
  return checkForm('region', region, {
    pattern: REGION,
    allowed: 'an AWS region such as us-west-2, known at synth',
    remedy: 'write it as `aws ec2 describe-regions` does',
  });
}
