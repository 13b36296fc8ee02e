/** The recorded effects of all rows, and the page that is generated from them. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Installation } from './program';
import { ROWS } from './rows';

const FIXTURE = join(__dirname, 'effects.json');
const PAGE = resolve(__dirname, '../../docs/changes.md');

/** Code whose changes plan every row again. */
const JUDGES = [
  join(__dirname, 'effects.ts'),
  join(__dirname, 'fixed-arguments.ts'),
  resolve(__dirname, '../../packages/ollama-eks/src/changes/plan-effects.ts'),
].map((file) => readFileSync(file, 'utf8'));

/** Effects of a change that was planned, and the hash of what was planned. */
export interface Recording {
  readonly hash: string;
  readonly effects: string;
}

/** Recordings by prop. */
export type Fixture = Readonly<Record<string, Recording>>;

export function readFixture(): Fixture {
  return JSON.parse(readFileSync(FIXTURE, 'utf8')) as Fixture;
}

export function writeFixture(fixture: Fixture): void {
  const sorted = Object.fromEntries(Object.entries(fixture).sort(([a], [b]) => a.localeCompare(b)));
  writeFileSync(FIXTURE, `${JSON.stringify(sorted, null, 2)}\n`);
  writeFileSync(PAGE, renderPage(fixture));
}

export function readPage(): string {
  return readFileSync(PAGE, 'utf8');
}

/** Hash of all that is synthesized before and after a change, and of the code that judges it. */
export function hashOf(before: Installation, after: Installation): string {
  return createHash('sha256')
    .update(JSON.stringify([JUDGES, before, after]))
    .digest('hex')
    .slice(0, 16);
}

/** Returns what a change of a prop does. */
function effectOf(prop: string, fixture: Fixture): string {
  const row = ROWS[prop];
  return (row !== undefined && 'effect' in row ? row.effect : fixture[prop]?.effects) ?? 'not recorded';
}

/** Renders docs/changes.md. */
export function renderPage(fixture: Fixture): string {
  const types = [...new Set(Object.keys(ROWS).map(typeOf))].sort();
  const sections = types.map((type) => {
    const props = Object.keys(ROWS).filter((prop) => typeOf(prop) === type);
    const lines = props.map((prop) => `- \`${prop.slice(type.length + 1)}\`: ${effectOf(prop, fixture)}`);
    return [`## ${type}`, '', ...lines.sort()].join('\n');
  });
  return `${[head(), ...sections].join('\n\n')}\n`;
}

/** Says how much is covered, and what else is planned. */
function head(): string {
  const rows = Object.values(ROWS);
  const planned = rows.filter((row) => !('effect' in row)).length;
  return `# What a change does

Every property of every exported construct: ${rows.length}. Of these, ${planned} were each changed once on a recorded installation, and planned by
real Terraform with the real AWS provider. No plan can show the other ${rows.length - planned}, so their effects are only described.

\`ollama-eks diff\` shows what your own change does, and \`ollama-eks deploy\` asks before it loses anything: several changes together, or
another value, may do more than is listed here. CI also plans random changes of random installations, and fails if one loses data or
identity that neither of the two commands would name; and it fails if a second plan of an unchanged project is not empty.

- **loses**: data or identity is gone for good, or nothing serves until the installation is set up again.
- **interrupts**: requests or people are cut off until the apply is done.
- **rolls nodes**: nodes are replaced, and the pods on them stop and start again.
- **upgrades**: a version moves forward and cannot move back.
- **refused**: the plan fails before anything is changed.
- **in place**: nobody notices.`;
}

function typeOf(prop: string): string {
  return prop.slice(0, prop.indexOf('.'));
}
