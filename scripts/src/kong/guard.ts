// https://developer.konghq.com/deck/gateway/diff/ (--json-output)
import { ExitCode } from '../program/exit-codes';
import { isObject } from '../program/value-path';
import { DeckError, withoutKeyEnd, type DeckSecrets } from '../systems/deck-error';

/** Kinds of objects in the configuration file, as decK's plan names them. Nothing else may change. */
const CONFIGURATION_KINDS = ['ca-certificate', 'plugin', 'route', 'service', 'target', 'upstream'];

/** Lists of a plan, by operation. */
const OPERATIONS = ['creating', 'updating', 'deleting'] as const;
type Operation = (typeof OPERATIONS)[number];

/** What the guard allows. */
export interface GuardOptions {
  /** Maximum number of deletions. */
  readonly maxDeletes: number;
  /** Kinds of objects that may change, as decK names them. @default - the kinds of the configuration */
  readonly kinds?: readonly string[];
  /** What errors within the plan must not show. @default - they are shown as they are */
  readonly secrets?: DeckSecrets;
}

/** Verdict of the guard on a plan. */
export interface GuardVerdict {
  /** Reasons for which the plan must not be applied, one sentence each. Empty if it may be. */
  readonly refusals: readonly string[];
  /**
   * Differences between the changes that the plan lists and those that it counts, one sentence each. Nobody can judge a change that is
   * not listed, so the plan must be created again. Empty for a complete plan.
   */
  readonly gaps: readonly string[];
  /** Number of objects that the plan creates, updates, and deletes. */
  readonly counts: Readonly<Record<Operation, number>>;
}

interface PlannedChange {
  readonly kind: string;
  readonly name: string;
}

/**
 * Judges decK's plan before it is applied: a sync of the configuration must not change consumers or credentials, and must
 * not delete more than allowed. Refuses an invalid plan. If a plan has gaps, judges only the listed changes. Throws
 * DeckError for a plan that decK could not finish: nobody knows what is missing from it.
 * @param plan parsed output of `deck gateway diff --json-output`
 */
export function guardPlan(plan: unknown, options: GuardOptions): GuardVerdict {
  const { maxDeletes, kinds = CONFIGURATION_KINDS, secrets } = options;
  const changes = isObject(plan) && isObject(plan['changes']) ? plan['changes'] : undefined;
  if (!isObject(plan) || changes === undefined) {
    return {
      refusals: ['the input is not a plan of decK: it has no changes'],
      gaps: [],
      counts: { creating: 0, updating: 0, deleting: 0 },
    };
  }
  requireFinished(plan['errors'], secrets);
  const planned = {
    creating: changesOf(changes, 'creating'),
    updating: changesOf(changes, 'updating'),
    deleting: changesOf(changes, 'deleting'),
  };
  const { deleting } = planned;
  const refusals = [
    ...OPERATIONS.flatMap((operation) => planned[operation].flatMap((change) => foreign(operation, change, kinds))),
    ...(deleting.length > maxDeletes
      ? [
          `deletes ${deleting.length} objects, more than ${maxDeletes}: ${list(deleting)}; ` +
            `if that is intended: ollama-eks kong sync --max-deletes ${deleting.length}`,
        ]
      : []),
  ];
  const gaps = gapsOf(plan['summary'], planned);
  const counts = { creating: planned.creating.length, updating: planned.updating.length, deleting: deleting.length };
  return { refusals, gaps, counts };
}

function foreign(operation: Operation, { kind, name }: PlannedChange, kinds: readonly string[]): string[] {
  if (kinds.includes(kind)) return [];
  const file = kinds === CONFIGURATION_KINDS ? 'configuration' : 'file';
  return [`is ${operation} the ${kind} ${name}, which does not belong to the ${file}`];
}

function requireFinished(errors: unknown, secrets: DeckSecrets | undefined): void {
  if (!Array.isArray(errors) || errors.length === 0) return;
  throw new DeckError('decK could not finish the plan', errors.map(textOf).join('\n'), ExitCode.failedState, secrets);
}

/**
 * decK's workers append changes without a lock, so one may overwrite the entry of another. They count changes
 * atomically.
 * @see https://github.com/Kong/go-database-reconciler/blob/v1.42.0/pkg/diff/diff.go (Solve)
 */
function gapsOf(summary: unknown, planned: Readonly<Record<Operation, readonly PlannedChange[]>>): string[] {
  if (!isObject(summary)) return ['the plan has no summary'];
  return OPERATIONS.filter((operation) => summary[operation] !== planned[operation].length).map(
    (operation) => `the plan lists ${planned[operation].length} ${operation} and counts ${textOf(summary[operation])}`,
  );
}

function changesOf(changes: Readonly<Record<string, unknown>>, operation: Operation): PlannedChange[] {
  const listed = changes[operation] ?? []; // decK writes null for an empty list
  if (!Array.isArray(listed)) return [{ kind: 'unreadable list of changes', name: operation }];
  return listed.map((change) => ({
    kind: isObject(change) && typeof change['kind'] === 'string' ? change['kind'].replaceAll('_', '-') : 'unknown kind',
    name:
      isObject(change) && typeof change['name'] === 'string'
        ? nameOf(change['kind'], change['name'])
        : 'without a name',
  }));
}

/** decK names a key by its end. */
function nameOf(kind: unknown, name: string): string {
  return kind === 'key-auth' ? withoutKeyEnd(name) : name;
}

function list(changes: readonly PlannedChange[]): string {
  return changes.map(({ kind, name }) => `${kind} ${name}`).join(', ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
