/**
 * The seam to the framework: the only file that imports cdktf or constructs, but for the one that loads CDKTF before it.
 * CDKTF is archived; its successor CDK Terrain (cdktn) is the same code under another name, so a move is an edit here.
 */
import './cdktf-without-archiver';
import * as stackTrace from 'cdktf/lib/tokens/private/stack-trace';

// CDKTF captures an unlimited stack trace for each token and shows it only in its own errors. This takes up to a third of a
// large synth, and half of a test, whose runner maps each frame to its source.
if (!process.env.OLLAMA_EKS_TOKEN_TRACES) {
  const none = (): string[] => [];
  Object.assign(stackTrace, { captureStackTrace: none, captureCreationStack: none }); // of CDKTF, and of its successor
}

export {
  Annotations,
  App,
  Aspects,
  DefaultTokenResolver,
  Fn,
  Lazy,
  LocalBackend,
  Op,
  S3Backend,
  StringConcat,
  TerraformOutput,
  TerraformResource,
  TerraformSelf,
  TerraformStack,
  Testing,
  Token,
  Tokenization,
  dependable,
} from 'cdktf';
export type {
  AppConfig,
  IResolvable,
  ISynthesisSession,
  ITerraformDependable,
  Postcondition,
  S3BackendConfig,
  TerraformBackend,
  TerraformElement,
  TerraformProvider,
  TerraformResourceLifecycle,
} from 'cdktf';
// cdktf does not export this from its index, although its own constructs, such as assets, use it.
export { addCustomSynthesis } from 'cdktf/lib/synthesize/synthesizer';
export { Construct } from 'constructs';
export type { IConstruct } from 'constructs';
