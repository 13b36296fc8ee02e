import { exampleNames, synthesize } from '@org/ollama-eks-tools/examples';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { workDir } from './support';

/** Returns the content of all files under a folder, by path. */
function content(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path, readFileSync(join(folder, path), 'base64')]),
  );
}

describe('synth', () => {
  const dir = workDir();

  test.each(exampleNames())('%s gives the same bytes twice, in any folder', async (example) => {
    const once = await synthesize(example, join(dir, 'a', example));
    const again = await synthesize(example, join(dir, 'another/path', example));
    expect(Object.keys(content(once.outdir)).length).toBeGreaterThan(2);
    expect(content(again.outdir)).toEqual(content(once.outdir));
  });
});
