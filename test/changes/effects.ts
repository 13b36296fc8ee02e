/** What a change does, in the words of docs/changes.md. */
import { EFFECTS, planEffects, SUBJECTS } from '@org/ollama-eks/pure';
import type { Application, Manifest } from '@org/ollama-eks';
import type { Planned } from './recorded-state';

const SERVERS = /^(Deployment|StatefulSet) /;

/** Returns what a change does, the worst first. A refused change does nothing. */
export function describeChange(
  { changes, refusals }: Planned,
  before: readonly Application[],
  after: readonly Application[],
): string {
  if (refusals.length > 0) return refusals.map(refusalText).join('; ');
  const planned = planEffects({ resource_changes: changes }).filter(({ effect }) => effect !== 'replaces');
  const noticed = EFFECTS.flatMap((effect) => {
    const subjects = planned.filter((one) => one.effect === effect).map(({ subject }) => SUBJECTS[subject]);
    return subjects.length === 0 ? [] : [`${effect}: ${[...new Set(subjects)].join(', ')}`];
  });
  const all = [...noticed, ...treeEffects(before, after)];
  if (all.length > 0) return all.join('; ');
  return changes.length === 0 && JSON.stringify(before) === JSON.stringify(after)
    ? 'changes nothing that runs'
    : 'in place';
}

/** Returns why a plan refuses a change, without the property and the values that are allowed. */
function refusalText(message: string): string {
  return message.replace(/^[\w.]+: (.*?); allowed: .*$/s, 'refused: $1');
}

function treeEffects(before: readonly Application[], after: readonly Application[]): readonly string[] {
  const [old, changed] = [objectsOf(before), objectsOf(after)];
  const claims = [...changed.keys()].filter((key) => key.startsWith('PersistentVolumeClaim ') && !old.has(key));
  const restarted = [...old].filter(
    ([key, object]) => SERVERS.test(key) && templateOf(object) !== templateOf(changed.get(key)),
  );
  const charts = changedCharts(before, after);
  return [
    ...(claims.length > 0 ? ['creates model volumes and keeps the old ones'] : []),
    ...(restarted.length > 0 ? ['restarts servers'] : []),
    ...(charts.length > 0 ? [`updates charts, whose pods may restart: ${charts.join(', ')}`] : []),
  ];
}

/** Returns the names of the charts that get another version or other values, or that are no longer installed. */
function changedCharts(before: readonly Application[], after: readonly Application[]): readonly string[] {
  const charts = (applications: readonly Application[]) =>
    new Map(
      applications.flatMap(({ name, source }) => (source.kind === 'chart' ? [[name, JSON.stringify(source)]] : [])),
    );
  const changed = charts(after);
  return [...charts(before)].filter(([name, source]) => changed.get(name) !== source).map(([name]) => name);
}

function objectsOf(applications: readonly Application[]): ReadonlyMap<string, Manifest> {
  const manifests = applications.flatMap(({ source }) => (source.kind === 'manifests' ? source.manifests : []));
  return new Map(manifests.map((object) => [`${object.kind} ${object.metadata.name}`, object]));
}

function templateOf(object: Manifest | undefined): string | undefined {
  const { spec } = (object ?? {}) as { readonly spec?: { readonly template?: object } };
  return JSON.stringify(spec?.template);
}
