import { type IConstruct, TerraformStack } from './framework';

/**
 * Provider versions that our stacks support. Bindings pin the exact version that they were generated from, which
 * would tie users to it forever.
 * @see https://developer.hashicorp.com/terraform/language/expressions/version-constraints
 */
export const PROVIDER_VERSIONS = {
  /** Our output is valid from 5.100 on; version 7 will have breaking changes. */
  aws: '>= 5.100, < 7.0',
  /** From 3.0 on `kubernetes` is an attribute, not a block. @see https://github.com/hashicorp/terraform-provider-helm/releases/tag/v3.0.0 */
  helm: '>= 3.0, < 4.0',
  kubernetes: '>= 2.36, < 3.0',
  tls: '>= 4.0, < 5.0',
} as const;

/** Providers that our stacks use. */
export type ProviderName = keyof typeof PROVIDER_VERSIONS;

/**
 * Terraform 1.5 introduced `check` blocks and `plantimestamp`, which the check of the Kubernetes version uses.
 * @see https://developer.hashicorp.com/terraform/language/v1.5.x/upgrade-guides
 */
const TERRAFORM_VERSION = '>= 1.5';

/** Stacks that contain what older versions of the AWS provider do not know, with the versions that they support. */
const AWS_VERSIONS = new WeakMap<TerraformStack, string>();

/**
 * Replaces the exact provider versions that CDKTF's bindings require with the ranges that this library supports, and sets the required
 * Terraform version. Our stacks do it themselves; call it at the end of the constructor of your own `TerraformStack`.
 */
export function loosenProviderVersions(stack: TerraformStack, providers: readonly ProviderName[]): void {
  stack.addOverride('terraform.required_version', TERRAFORM_VERSION);
  for (const provider of providers) {
    const newer = provider === 'aws' ? AWS_VERSIONS.get(stack) : undefined;
    setVersions(stack, provider, newer ?? PROVIDER_VERSIONS[provider]);
  }
}

/**
 * Requires a newer AWS provider in the stack of a construct, before and after `loosenProviderVersions`, and without it.
 * @param versions a range within `PROVIDER_VERSIONS.aws`
 */
export function requireAwsProvider(scope: IConstruct, versions: string): void {
  const stack = TerraformStack.of(scope);
  AWS_VERSIONS.set(stack, versions);
  setVersions(stack, 'aws', versions);
}

function setVersions(stack: TerraformStack, provider: ProviderName, versions: string): void {
  stack.addOverride(`terraform.required_providers.${provider}.version`, versions);
}
