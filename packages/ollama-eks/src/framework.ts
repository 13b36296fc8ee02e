/**
 * The seam to the framework: the only file that imports cdktf or constructs.
 * CDKTF is archived; its successor CDK Terrain (cdktn) is the same code under another name, so a move is an edit here.
 */
export {
  Annotations,
  App,
  Aspects,
  AssetType,
  Fn,
  Lazy,
  LocalBackend,
  S3Backend,
  TerraformAsset,
  TerraformOutput,
  TerraformStack,
  Testing,
  Token,
} from 'cdktf';
export type {
  AppConfig,
  IResolvable,
  ITerraformDependable,
  S3BackendConfig,
  TerraformBackend,
  TerraformElement,
  TerraformProvider,
  TerraformResource,
  TerraformResourceLifecycle,
} from 'cdktf';
export { Construct } from 'constructs';
export type { IConstruct } from 'constructs';
