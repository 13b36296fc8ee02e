import { NoAnswerError } from '../http/request';
import type { Context } from '../program/context';
import { CommandError, ExitCode, isStructuredFailure, messageOf, type StructuredFailure } from '../program/exit-codes';
import { print, table } from '../program/output';

/** How a check ended. `skipped` gives the reason in `detail`; it does not count as a success. */
export type FindingStatus = 'ok' | 'warn' | 'fail' | 'skipped';

/** How a command can repair what a check found. */
export interface Repair {
  /** What it does: `start the sync of ollama again`. */
  readonly title: string;
  readonly run: () => Promise<void>;
}

/** What a check found. */
export interface Outcome {
  readonly status: FindingStatus;
  /** The evidence, in words. */
  readonly detail: string;
  /** What to do: the command that fixes it, if one exists. */
  readonly remedy?: string;
  /** The evidence, in figures. */
  readonly evidence?: Readonly<Record<string, unknown>>;
  /** How `diagnose --fix` repairs it. @default - by hand only */
  readonly repair?: Repair;
}

/** One thing to check. */
export interface Check {
  /** Stable id for scripts: `allow-list`. */
  readonly id: string;
  /** What holds if it passes: `destructive routes are refused`. */
  readonly title: string;
  readonly run: () => Promise<Outcome>;
}

/** A check and what it found. */
export interface Finding extends Outcome {
  readonly id: string;
  readonly title: string;
  readonly seconds: number;
}

/** All findings of a run. */
export interface Findings {
  /** Whether nothing failed. Skipped checks are counted separately. */
  readonly ok: boolean;
  readonly counts: Readonly<Record<FindingStatus, number>>;
  readonly findings: readonly Finding[];
}

export function ok(detail: string, evidence?: Outcome['evidence']): Outcome {
  return { status: 'ok', detail, ...(evidence && { evidence }) };
}

export function warn(detail: string, remedy?: string, evidence?: Outcome['evidence']): Outcome {
  return { status: 'warn', detail, ...(remedy !== undefined && { remedy }), ...(evidence && { evidence }) };
}

export function fail(detail: string, remedy?: string, evidence?: Outcome['evidence']): Outcome {
  return { status: 'fail', detail, ...(remedy !== undefined && { remedy }), ...(evidence && { evidence }) };
}

/** Turns an error of a command into a finding. */
export function failure(error: StructuredFailure): Outcome {
  const { problem, allowed, remedy } = error;
  const next = remedy ?? (error instanceof NoAnswerError ? 'ollama-eks diagnose' : undefined);
  return fail(allowed === undefined ? problem : `${problem}; allowed: ${allowed}`, next);
}

export function skipped(detail: string): Outcome {
  return { status: 'skipped', detail };
}

/** Returns a check that cannot run: it is shown and counted, with the reason. */
export function skip(why: string): (check: Check) => Check {
  return (check) => ({ ...check, run: () => Promise.resolve(skipped(why)) });
}

/** What to do about a check that crashed: its cause is in this program. */
const REPORT_DEFECT = 'this is a defect of ollama-eks: run the command with --verbose, and report what it prints';

/** Runs checks sequentially. Every error becomes a finding, also that of a check that crashes, so that all other checks run. */
export async function runChecks(
  context: Pick<Context, 'clock' | 'reporter' | 'signal'>,
  checks: readonly Check[],
): Promise<Findings> {
  const findings: Finding[] = [];
  for (const { id, title, run } of checks) {
    context.signal.throwIfAborted();
    context.reporter.detail(`check  ${id}: ${title}`);
    const started = context.clock.now();
    const outcome = await run().catch((error: unknown) => {
      context.signal.throwIfAborted();
      if (isStructuredFailure(error)) return failure(error);
      context.reporter.detail(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return fail(`the check itself failed: ${messageOf(error)}`, REPORT_DEFECT);
    });
    findings.push({ id, title, ...outcome, seconds: (context.clock.now() - started) / 1000 });
  }
  const count = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length;
  const counts = { ok: count('ok'), warn: count('warn'), fail: count('fail'), skipped: count('skipped') };
  return { ok: counts.fail === 0, counts, findings };
}

/** Prints findings as a table, or as JSON. */
export function printFindings(context: Pick<Context, 'flags' | 'streams' | 'masker'>, findings: Findings): void {
  print(context, findings, () => {
    const rows = findings.findings.map(({ status, id, detail, remedy }) => [
      status,
      id,
      remedy === undefined ? detail : `${detail}\n→ ${remedy}`,
    ]);
    const { ok: good, warn: warnings, fail: failures, skipped: left } = findings.counts;
    const sum = `${String(good)} ok, ${String(warnings)} warn, ${String(failures)} fail, ${String(left)} skipped`;
    return `${table(['', 'check', 'found'], rows)}\n\n${sum}`;
  });
}

/** Throws CommandError with exit code 6 if something failed. @param remedy what to do in addition to the remedies of the findings */
export function requireOk(findings: Findings, what: string, remedy?: string): void {
  if (findings.ok) return;
  const failed = findings.findings.filter(({ status }) => status === 'fail').map(({ id }) => id);
  throw new CommandError(ExitCode.failedState, `${what} failed: ${failed.join(', ')}`, { remedy });
}
