/**
 * The seam to @cdktf/provider-aws: the only file that imports it, by deep path, one getter a resource type.
 * Getters load a module at first use, so an app pays for the resource types that it creates and no others
 * (a barrel import costs 5 s and 575 MB, a deep one 1.5 ms).
 */
export const aws = {
  get AwsProvider() {
    return (require('@cdktf/provider-aws/lib/provider') as typeof import('@cdktf/provider-aws/lib/provider'))
      .AwsProvider;
  },
  get Vpc() {
    return (require('@cdktf/provider-aws/lib/vpc') as typeof import('@cdktf/provider-aws/lib/vpc')).Vpc;
  },
};

export type { AwsProvider, AwsProviderConfig } from '@cdktf/provider-aws/lib/provider';
export type { Vpc } from '@cdktf/provider-aws/lib/vpc';
