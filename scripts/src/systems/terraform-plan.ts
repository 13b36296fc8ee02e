// https://developer.hashicorp.com/terraform/internals/json-format#plan-representation; OpenTofu writes the same

/** Number of resources that a plan creates, updates in place, replaces, and deletes. */
export interface PlanCounts {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
}

/** A resource that a plan removes, at least temporarily. */
export interface Loss {
  readonly address: string;
  /** `forget`: the resource remains, but is no longer managed. */
  readonly action: 'replace' | 'delete' | 'forget';
  /** Whether an interrupted run left it behind: it was never finished, or its replacement already exists. */
  readonly unfinished: boolean;
  /** ID of its transit gateway attachment, `tgw-attach-…`. No other attribute is kept, since attributes may be secret. */
  readonly attachment?: string;
}

/** Summary of a plan. */
export interface PlanSummary {
  readonly counts: PlanCounts;
  readonly losses: readonly Loss[];
}

/** The fields of a plan that are read. */
export interface PlanDocument {
  readonly resource_changes?: readonly PlannedChange[];
}

interface PlannedChange {
  readonly address: string;
  /** `data` for data sources. */
  readonly mode?: string;
  /** Key of an object whose replacement already exists. */
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: { readonly actions: readonly string[]; readonly before?: unknown };
}

type Action = keyof PlanCounts | 'forget' | undefined;

/** Reason for replacing a resource that was never finished, or that a user has marked as broken. */
const TAINTED = 'replace_because_tainted';

/** Summarizes a plan. */
export function summarizePlan({ resource_changes: changes = [] }: PlanDocument): PlanSummary {
  const planned = changes
    .filter(({ mode }) => mode !== 'data')
    .map((change) => ({ change, action: actionOf(change.change.actions) }));
  const count = (wanted: Action) => planned.filter(({ action }) => action === wanted).length;
  return {
    counts: { create: count('create'), update: count('update'), replace: count('replace'), delete: count('delete') },
    losses: planned.flatMap(({ change, action }) =>
      action === 'replace' || action === 'delete' || action === 'forget' ? [lossOf(change, action)] : [],
    ),
  };
}

/** `3 to create, 1 to update, 0 to replace, 0 to delete` */
export function describePlanCounts({ create, update, replace, delete: deleted }: PlanCounts): string {
  return `${String(create)} to create, ${String(update)} to update, ${String(replace)} to replace, ${String(deleted)} to delete`;
}

/** `replace aws_eks_cluster.cluster` */
export function describeLoss({ action, address, unfinished }: Loss): string {
  return `${action} ${address}${unfinished ? ' (left unfinished by an earlier run)' : ''}`;
}

function actionOf(actions: readonly string[]): Action {
  if (actions.includes('forget')) return 'forget';
  if (actions.includes('delete')) return actions.includes('create') ? 'replace' : 'delete';
  if (actions.includes('create')) return 'create';
  return actions.includes('update') ? 'update' : undefined;
}

function lossOf({ address, deposed, action_reason: reason, change }: PlannedChange, action: Loss['action']): Loss {
  const { before } = change;
  const attachment = isRecord(before) ? before['transit_gateway_attachment_id'] : undefined;
  return {
    address,
    action,
    unfinished: reason === TAINTED || deposed !== undefined,
    ...(typeof attachment === 'string' ? { attachment } : {}),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
