import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { tool } from './tools';

/** File that holds up every load of a model as long as it exists. */
const HOLD = 'hold';
/** File that makes llama-server log as a build without CUDA, as if the GPU were lost. */
const NO_GPU = 'no-gpu';

/**
 * A copy of the installed Ollama whose llama-server logs as a build with CUDA does. It computes on the CPU, but Ollama
 * reads the location of a model in this log.
 * @see https://github.com/ollama/ollama/blob/v0.32.15/llm/llama_server.go (bufferSizeRegex)
 */
export class OllamaInstallation {
  /** Folder with the `ollama` command. */
  public readonly bin: string;

  public constructor(private readonly folder: string) {
    this.bin = join(folder, 'bin');
    const ollama = realpathSync(tool('ollama'));
    const libraries = join(ollama, '../../lib/ollama');
    const copies = join(folder, 'lib/ollama');
    mkdirSync(this.bin, { recursive: true });
    mkdirSync(copies, { recursive: true });
    // Ollama finds its libraries relative to its own file, and follows links.
    copyFileSync(ollama, join(this.bin, 'ollama'));
    for (const name of readdirSync(libraries)) {
      if (name !== 'llama-server') symlinkSync(join(libraries, name), join(copies, name));
    }
    const script = join(copies, 'llama-server');
    writeFileSync(
      script,
      `#!/bin/bash
while [ -e ${join(folder, HOLD)} ]; do sleep 0.05; done
[ -e ${join(folder, NO_GPU)} ] || exec 2> >(exec sed -u -E 's/CPU(_[A-Za-z]+)?( +(model|KV|compute|output) buffer size)/CUDA0\\2/' >&2)
exec ${join(libraries, 'llama-server')} "$@"
`,
    );
    chmodSync(script, 0o755);
  }

  /** Whether loads of models are held up. */
  public set holdsLoads(value: boolean) {
    this.mark(HOLD, value);
  }

  /** Whether models are in GPU memory when they are loaded. */
  public set hasGpu(value: boolean) {
    this.mark(NO_GPU, !value);
  }

  private mark(name: string, exists: boolean): void {
    if (exists) writeFileSync(join(this.folder, name), '');
    else rmSync(join(this.folder, name), { force: true });
  }
}
