/**
 * Random changes of random programs, planned by the real AWS provider: none loses a key, a bound volume, the certificate
 * authority, the load balancer or the cluster unless the gate says so. `CHANGES=all` plans all, which takes many minutes.
 */
import { join } from 'node:path';
import { suite, workDir } from '../acceptance/support';
import { lostClaims, plannedLosses, unnamedLosses } from './losses';
import { randomPrograms, randomSuccessors, type Program } from './random-programs';
import { planCases, record } from './recorded-state';

const SEED = 20_261_128;
const { programs, successors } =
  process.env.CHANGES === 'all' ? { programs: 20, successors: 15 } : { programs: 4, successors: 5 };
/** Programs that one state holds: Terraform copies the state with each resource that it creates. */
const CHUNK = 4;

suite('random changes', ['terraform', 'real-providers', 'stub-providers'], () => {
  const dir = workDir();
  let bases: readonly Program[];

  beforeAll(() => {
    bases = randomPrograms(programs, SEED);
  });

  test.each(Array.from({ length: programs / CHUNK }, (_, chunk) => chunk * CHUNK))(
    `programs from %i on, with ${successors} successors each, lose nothing unnamed`,
    async (start) => {
      const folder = join(dir, `programs${start}`);
      const chunk = bases.slice(start, start + CHUNK);
      const states = await record(
        join(folder, 'bases'),
        chunk.map(({ installation }) => installation.stacks),
      );
      const cases = chunk.flatMap((base, index) => {
        const recorded = states[index] ?? { resources: [] };
        expect(recorded.resources.length).toBeGreaterThan(50);
        return randomSuccessors(base, successors, SEED + start + index).map(({ changed, installation }) => {
          return { base, changed, recorded, stacks: installation.stacks, applications: installation.applications };
        });
      });
      const unnamed: string[] = [];
      const figures = { planned: 0, refused: 0, losses: 0, unchanged: 0 };
      for (const [{ base, changed, applications }, { changes, refusals }] of await planCases(folder, cases)) {
        figures.planned += 1;
        figures.unchanged += changes.length === 0 ? 1 : 0;
        figures.refused += refusals.length > 0 ? 1 : 0;
        figures.losses += plannedLosses(changes).length;
        if (refusals.length > 0) continue;
        const claims = lostClaims(base.installation.applications, applications);
        unnamed.push(...[...unnamedLosses(changes), ...claims].map((loss) => `${changed.join()}: ${loss}`));
      }
      process.stderr.write(`random changes: ${JSON.stringify(figures)}\n`);
      expect(unnamed).toEqual([]);
      expect(figures.planned).toBe(chunk.length * successors);
      expect(figures.losses).toBeGreaterThan(0); // otherwise nothing would have been judged
    },
    3_600_000,
  );
});
