// https://developer.konghq.com/deck/gateway/diff/ (--json-output)

/** Kinds of objects that the configuration file is made of, as decK's plan names them. Nothing else may change. */
const CONFIGURATION_KINDS = ['ca-certificate', 'plugin', 'route', 'service', 'target', 'upstream'];

/** Lists of a plan, by what is to happen to what is in them. */
const OPERATIONS = ['creating', 'updating', 'deleting'] as const;
type Operation = (typeof OPERATIONS)[number];

/** What the guard lets pass. */
export interface GuardOptions {
  /** Most objects that one sync may delete. */
  readonly maxDeletes: number;
  /** Kinds of objects that may change, as decK names them. @default those of the configuration */
  readonly kinds?: readonly string[];
}

/** What the guard says of a plan. */
export interface GuardVerdict {
  /** Why the plan may not be carried out, one sentence each; empty where it may. */
  readonly refusals: readonly string[];
  /**
   * Where the plan lists more or less than it counts, one sentence each: nothing can be said of what is not listed, so
   * the plan must be made again. Empty for a whole plan.
   */
  readonly gaps: readonly string[];
  /** How many objects the plan creates, updates and deletes. */
  readonly counts: Readonly<Record<Operation, number>>;
}

interface PlannedChange {
  readonly kind: string;
  readonly name: string;
}

/**
 * Judges decK's plan before it is carried out: a sync of the configuration touches no consumer and no credential, and
 * deletes no more than allowed. A plan that isn't one, or that decK could not finish, is refused too. Of one with gaps
 * nothing but what it lists is judged.
 * @param plan what `deck gateway diff --json-output` printed, parsed
 */
export function guardPlan(plan: unknown, { maxDeletes, kinds = CONFIGURATION_KINDS }: GuardOptions): GuardVerdict {
  const changes = isRecord(plan) && isRecord(plan['changes']) ? plan['changes'] : undefined;
  if (!isRecord(plan) || changes === undefined) {
    return {
      refusals: ['this is no plan of decK: it has no changes'],
      gaps: [],
      counts: { creating: 0, updating: 0, deleting: 0 },
    };
  }
  const planned = {
    creating: changesOf(changes, 'creating'),
    updating: changesOf(changes, 'updating'),
    deleting: changesOf(changes, 'deleting'),
  };
  const { deleting } = planned;
  const errors = errorsOf(plan['errors']);
  const refusals = [
    ...errors,
    ...OPERATIONS.flatMap((operation) => planned[operation].flatMap((change) => foreign(operation, change, kinds))),
    ...(deleting.length > maxDeletes
      ? [
          `deletes ${deleting.length} objects, more than ${maxDeletes}: ${list(deleting)}; ` +
            `where that is meant: ollama-eks kong sync --max-deletes ${deleting.length}`,
        ]
      : []),
  ];
  const gaps = errors.length > 0 ? [] : gapsOf(plan['summary'], planned);
  const counts = { creating: planned.creating.length, updating: planned.updating.length, deleting: deleting.length };
  return { refusals, gaps, counts };
}

function foreign(operation: Operation, { kind, name }: PlannedChange, kinds: readonly string[]): string[] {
  if (kinds.includes(kind)) return [];
  const file = kinds === CONFIGURATION_KINDS ? 'configuration' : 'file';
  return [`is ${operation} the ${kind} ${name}, which is no part of the ${file}`];
}

function errorsOf(errors: unknown): string[] {
  return Array.isArray(errors) ? errors.map((error) => `decK could not finish the plan: ${textOf(error)}`) : [];
}

/**
 * decK's workers list changes without a lock, so that one may overwrite what another has listed. They count them
 * atomically.
 * @see https://github.com/Kong/go-database-reconciler/blob/v1.42.0/pkg/diff/diff.go (Solve)
 */
function gapsOf(summary: unknown, planned: Readonly<Record<Operation, readonly PlannedChange[]>>): string[] {
  if (!isRecord(summary)) return ['the plan has no summary'];
  return OPERATIONS.filter((operation) => summary[operation] !== planned[operation].length).map(
    (operation) => `the plan lists ${planned[operation].length} ${operation} and counts ${textOf(summary[operation])}`,
  );
}

function changesOf(changes: Readonly<Record<string, unknown>>, operation: Operation): PlannedChange[] {
  const listed = changes[operation] ?? []; // decK writes null for none
  if (!Array.isArray(listed)) return [{ kind: 'unreadable list of changes', name: operation }];
  return listed.map((change) => ({
    kind: isRecord(change) && typeof change['kind'] === 'string' ? change['kind'].replaceAll('_', '-') : 'unknown kind',
    name: isRecord(change) && typeof change['name'] === 'string' ? change['name'] : 'without a name',
  }));
}

function list(changes: readonly PlannedChange[]): string {
  return changes.map(({ kind, name }) => `${kind} ${name}`).join(', ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
