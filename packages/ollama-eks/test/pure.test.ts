import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SOURCES = join(__dirname, '../src');

/** Returns the modules, our own and others, that a file loads when it runs; type imports are not loaded. */
function imports(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^(?:import|export) (?!type )[^;]*? from '([^']+)'/gms)].map(([, name = '']) => name);
}

test('@org/ollama-eks/pure loads neither framework nor providers', () => {
  const seen = new Set<string>();
  const foreign = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const name of imports(file)) {
      if (name.startsWith('.')) visit(join(dirname(file), `${name}.ts`));
      else foreign.add(name);
    }
  };
  visit(join(SOURCES, 'pure.ts'));
  expect(seen.size).toBeGreaterThan(20);
  expect([...foreign].filter((name) => !/^(node:.+|js-yaml|netmask)$/.test(name))).toEqual([]);
});
