/** An app pays for the resource types that it uses and for no other: no barrel, no import ahead of use. */
import { measure } from '@org/ollama-eks-tools/bench/measure';
import { neededModules } from '@org/ollama-eks-tools/bench/provider-modules';
import { exampleNames, REPOSITORY, synthesize } from '@org/ollama-eks-tools/examples';
import { join } from 'node:path';
import { workDir } from './support';

describe('provider modules', () => {
  const dir = workDir();

  test.each(exampleNames())('%s loads those of its resource types, and the providers', async (example) => {
    const { providerModules } = measure({ args: ['lib/main.js'], cwd: join(REPOSITORY, 'examples', example) });
    expect(providerModules).toEqual(neededModules(await synthesize(example, join(dir, example))));
  });

  test('the package alone loads none', () => {
    const { providerModules } = measure({ args: ['-e', "require('@org/ollama-eks')"], cwd: REPOSITORY });
    expect(providerModules).toEqual([]);
  });
});
