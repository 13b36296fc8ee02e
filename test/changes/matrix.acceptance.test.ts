/**
 * What a change of every prop does, planned by the real AWS provider. Only rows whose programs changed are planned;
 * `UPDATE_CHANGES=1` records their effects in effects.json and docs/changes.md.
 */
import { join } from 'node:path';
import { suite, workDir } from '../acceptance/support';
import { describeChange } from './effects';
import { hashOf, readFixture, writeFixture, type Fixture } from './fixture';
import { synthesize, type Changes, type Installation } from './program';
import { planCases, record, type Recorded } from './recorded-state';
import { ROWS, type PlannedRow } from './rows';

suite('the matrix of changes', ['terraform', 'real-providers', 'stub-providers'], () => {
  const dir = workDir();
  const update = process.env.UPDATE_CHANGES === '1';

  test('is what Terraform plans', async () => {
    const before = new Map<string, Installation>();
    const beforeOf = ({ before: changes = {} }: PlannedRow): Installation => {
      const found = before.get(keyOf(changes)) ?? synthesize(changes);
      before.set(keyOf(changes), found);
      return found;
    };
    const fixture: Fixture = update ? existing() : readFixture();
    const changed = Object.entries(ROWS).flatMap(([prop, row]) => {
      if ('effect' in row) return [];
      const [from, to] = [beforeOf(row), synthesize({ ...row.before, ...row.after })];
      const hash = hashOf(from, to);
      return fixture[prop]?.hash === hash ? [] : [{ prop, hash, from, to, key: keyOf(row.before ?? {}) }];
    });
    if (update && changed.length === 0) writeFixture(fixture); // a row without a plan is in docs/changes.md, too
    if (changed.length === 0) return;
    const bases = new Map(changed.map(({ key, from }) => [key, from.stacks]));
    const states = await record(join(dir, 'before'), [...bases.values()]);
    const recorded = new Map([...bases.keys()].map((key, index) => [key, states[index]]));
    const cases = changed.map((one) => ({
      ...one,
      recorded: recorded.get(one.key) as Recorded,
      stacks: one.to.stacks,
    }));
    const planned = (await planCases(dir, cases)).map(
      ([{ prop, hash, from, to }, plan]) =>
        [prop, { hash, effects: describeChange(plan, from.applications, to.applications) }] as const,
    );
    if (update) writeFixture({ ...fixture, ...Object.fromEntries(planned) });
    else for (const [prop, { effects }] of planned) expect([prop, effects]).toEqual([prop, fixture[prop]?.effects]);
  }, 1_800_000);
});

/** Recordings of props that still exist. */
function existing(): Fixture {
  return Object.fromEntries(
    Object.entries(readFixture()).filter(([prop]) => prop in ROWS && !('effect' in (ROWS[prop] ?? {}))),
  );
}

function keyOf(changes: Changes): string {
  return JSON.stringify(changes);
}
