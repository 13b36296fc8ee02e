/** An app loads only the resource types that it uses: no barrel, and no import before use. */
import { measure } from '@org/ollama-eks-tools/bench/measure';
import { neededModules } from '@org/ollama-eks-tools/bench/provider-modules';
import { exampleNames, REPOSITORY, synthesize } from '@org/ollama-eks-tools/examples';
import { join } from 'node:path';
import { workDir } from './support';

describe('provider modules', () => {
  const dir = workDir();

  test.each(exampleNames())('%s loads the modules of its resource types and of the providers', async (example) => {
    const { providerModules } = measure({ args: ['lib/main.js'], cwd: join(REPOSITORY, 'examples', example) });
    expect(providerModules).toEqual(neededModules(await synthesize(example, join(dir, example))));
  });

  test('the package itself loads none', () => {
    const { providerModules } = measure({ args: ['-e', "require('@org/ollama-eks')"], cwd: REPOSITORY });
    expect(providerModules).toEqual([]);
  });
});
