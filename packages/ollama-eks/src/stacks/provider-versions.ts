import type { TerraformStack } from '../framework';

/**
 * Provider versions that our stacks work with. Bindings pin the exact version that they were generated from, which
 * would hold an estate there for ever.
 * @see https://developer.hashicorp.com/terraform/language/expressions/version-constraints
 */
export const PROVIDER_VERSIONS = {
  /** What we emit is valid from 5.100 on; 7 will have breaking changes. */
  aws: '>= 5.100, < 7.0',
  /** From 3.0 on `kubernetes` is an attribute, not a block. @see https://github.com/hashicorp/terraform-provider-helm/releases/tag/v3.0.0 */
  helm: '>= 3.0, < 4.0',
  kubernetes: '>= 2.36, < 3.0',
  tls: '>= 4.0, < 5.0',
} as const;

/** Providers that our stacks use. */
export type ProviderName = keyof typeof PROVIDER_VERSIONS;

/**
 * Checks (of the Kubernetes version) came with 1.5, as did the time of the plan.
 * @see https://developer.hashicorp.com/terraform/language/v1.5.x/upgrade-guides
 */
const TERRAFORM_VERSION = '>= 1.5';

/** Replaces the exact pins of the bindings by the ranges that we work with, and says which Terraform they need. */
export function loosenProviderVersions(stack: TerraformStack, providers: readonly ProviderName[]): void {
  stack.addOverride('terraform.required_version', TERRAFORM_VERSION);
  for (const provider of providers) {
    stack.addOverride(`terraform.required_providers.${provider}.version`, PROVIDER_VERSIONS[provider]);
  }
}
