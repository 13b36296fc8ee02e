/**
 * The seam to the framework: the only file that imports cdktf or constructs.
 * CDKTF is archived; its successor CDK Terrain (cdktn) is the same code under another name, so a move is an edit here.
 */
import stackTrace = require('cdktf/lib/tokens/private/stack-trace');

// For each token CDKTF captures a stack trace without a limit, which it shows in its own errors of resolution only.
// That is a third of the time of a large synth, and more under a test runner that maps each frame to its source.
if (!process.env.OLLAMA_EKS_TOKEN_TRACES) stackTrace.captureStackTrace = () => [];

export {
  Annotations,
  App,
  Aspects,
  Fn,
  Lazy,
  LocalBackend,
  Op,
  S3Backend,
  TerraformOutput,
  TerraformResource,
  TerraformSelf,
  TerraformStack,
  Testing,
  Token,
  dependable,
} from 'cdktf';
export type {
  AppConfig,
  IResolvable,
  ISynthesisSession,
  ITerraformDependable,
  S3BackendConfig,
  TerraformBackend,
  TerraformElement,
  TerraformProvider,
  TerraformResourceLifecycle,
} from 'cdktf';
// cdktf keeps this out of its index, though its own constructs (assets, for one) are written with it
export { addCustomSynthesis } from 'cdktf/lib/synthesize/synthesizer';
export { Construct } from 'constructs';
export type { IConstruct } from 'constructs';
