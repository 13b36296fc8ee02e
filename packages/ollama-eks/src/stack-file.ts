import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  addCustomSynthesis,
  Construct,
  DefaultTokenResolver,
  type ISynthesisSession,
  StringConcat,
  TerraformStack,
  Tokenization,
} from './framework';

/** A file that lists what a stack contains, for programs. */
export interface StackFileKind<Item> {
  /** Identifies the construct in its stack. */
  readonly id: string;
  readonly fileName: string;
  /** Returns the content when the app is synthesized. */
  readonly content: (items: readonly Item[], stack: TerraformStack) => object;
}

/** Writes a JSON file next to the `cdk.tf.json` of a stack when the app is synthesized. One per stack and kind. */
export class StackFile<Item> extends Construct {
  /** Adds an item to the file of its stack. */
  public static add<Item>(scope: Construct, kind: StackFileKind<Item>, item: Item): void {
    const stack = TerraformStack.of(scope);
    const found = stack.node.tryFindChild(kind.id) as StackFile<Item> | undefined;
    (found ?? new StackFile(stack, kind)).items.push(item);
  }

  private readonly items: Item[] = [];

  private constructor(
    private readonly stack: TerraformStack,
    private readonly kind: StackFileKind<Item>,
  ) {
    super(stack, kind.id);
    addCustomSynthesis(this, { onSynthesize: (session) => this.write(session) });
  }

  private write({ manifest, outdir }: ISynthesisSession): void {
    const { workingDirectory } = manifest.forStack(this.stack);
    // The name of a cluster may be a variable: the file contains the reference to it.
    const content: unknown = Tokenization.resolve(this.kind.content(this.items, this.stack), {
      scope: this,
      resolver: new DefaultTokenResolver(new StringConcat()),
      preparing: false,
    });
    writeFileSync(join(outdir, workingDirectory, this.kind.fileName), `${JSON.stringify(content, null, 2)}\n`);
  }
}
