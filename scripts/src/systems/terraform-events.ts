// https://developer.hashicorp.com/terraform/internals/machine-readable-ui
import { parse } from '../program/json';
import { counted } from '../program/words';

/** A line of `apply -json` or `destroy -json`, as far as it is read. */
interface Event {
  readonly type?: string;
  readonly '@message'?: string;
  readonly change?: { readonly action?: string };
  readonly hook?: { readonly action?: string; readonly resource?: EventResource };
  readonly diagnostic?: Diagnostic;
}

interface EventResource {
  readonly addr?: string;
  readonly resource_type?: string;
}

/** An error or a warning. */
interface Diagnostic {
  readonly severity?: string;
  readonly summary?: string;
  readonly detail?: string;
  readonly address?: string;
  readonly range?: { readonly filename?: string; readonly start?: { readonly line?: number } };
  readonly snippet?: {
    readonly context?: string | null;
    readonly code?: string;
    readonly start_line?: number;
    readonly values?: readonly { readonly traversal?: string; readonly statement?: string }[];
  };
}

/** Operations on resources that a planned action takes. Other actions, such as `move` and `forget`, touch only the state. */
const OPERATIONS: Readonly<Record<string, number>> = { create: 1, update: 1, delete: 1, replace: 2 };

/** What an operation that is alone in its plan is called when it is finished. */
const DONE: Readonly<Record<string, string>> = { create: 'created', update: 'updated', delete: 'destroyed' };

/** Follows an apply or a destroy by what it prints. Keeps no values of attributes, which may be secret. */
export class TerraformEvents {
  /** Running operations: the type of each resource by its address, the oldest first. */
  readonly #running = new Map<string, string>();
  /** Planned actions. */
  readonly #actions = new Set<string>();
  readonly #errors: string[] = [];
  #planned = 0;
  #done = 0;

  /** Reads a line. Returns it in words, without what it contains for programs. */
  public read(line: string): string {
    const event = eventOf(line);
    if (event === undefined) return line;
    const { type: kind = '', hook, change, diagnostic } = event;
    const { addr = '', resource_type: type = '' } = hook?.resource ?? {};
    switch (kind) {
      case 'planned_change': {
        const { action = '' } = change ?? {};
        this.#planned += OPERATIONS[action] ?? 0;
        if (action in OPERATIONS) this.#actions.add(action);
        break;
      }
      case 'apply_start':
        this.#running.set(addr, type);
        break;
      case 'apply_complete':
        if (hook?.action !== 'read') this.#done += 1; // data sources are not in the total
        this.#running.delete(addr);
        break;
      case 'apply_errored':
        this.#running.delete(addr);
        break;
      case 'diagnostic': {
        if (diagnostic === undefined) break;
        const description = describeDiagnostic(diagnostic);
        if (diagnostic.severity === 'error') this.#errors.push(description);
        return description;
      }
    }
    return event['@message'] ?? line;
  }

  /** `41 of 82 created, waiting for aws_eks_cluster`; undefined if nothing runs. */
  public get progress(): string | undefined {
    const [oldest] = this.#running.values();
    if (oldest === undefined) return undefined;
    const others = this.#running.size - 1;
    const count = this.#planned === 0 ? String(this.#done) : `${String(this.#done)} of ${String(this.#planned)}`;
    const [action = '', ...different] = this.#actions;
    const verb = (different.length === 0 ? DONE[action] : undefined) ?? 'done';
    return `${count} ${verb}, waiting for ${oldest}${others === 0 ? '' : ` and ${counted(others, 'other')}`}`;
  }

  /** The errors in full, as they are printed without `-json`. */
  public get errors(): string {
    return this.#errors.join('\n\n');
  }
}

/** Formats an error or a warning as Terraform does. */
function describeDiagnostic({ severity, summary = '', detail = '', address, range, snippet }: Diagnostic): string {
  const place = [
    ...(address === undefined ? [] : [`  with ${address},`]),
    ...(range?.filename === undefined ? [] : [placeOf(range.filename, range.start?.line, snippet?.context)]),
    ...(snippet?.code === undefined ? [] : [`  ${String(snippet.start_line ?? '')}: ${snippet.code}`]),
    ...(snippet?.values ?? []).map(({ traversal = '', statement = '' }) => `    ${traversal} ${statement}`),
  ];
  return [`${severity === 'error' ? 'Error' : 'Warning'}: ${summary}`, place.join('\n'), detail]
    .filter((part) => part !== '')
    .join('\n\n');
}

function placeOf(file: string, line: number | undefined, context: string | null | undefined): string {
  const words = `  on ${file}${line === undefined ? '' : ` line ${String(line)}`}`;
  return `${words}${context === undefined || context === null ? '' : `, in ${context}`}:`;
}

/** Returns the event of a line; undefined if it has none: OpenTofu prints warnings about its configuration as text. */
function eventOf(line: string): Event | undefined {
  const value = parse<unknown>(line);
  return typeof value === 'object' && value !== null ? value : undefined;
}
