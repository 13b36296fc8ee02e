import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { ExitCode, LastState } from '../program/exit-codes';
import { readProject } from '../project/project';
import { findTarget } from '../project/target';
import { StatusReader } from './read-status';
import { STATUS_SECTIONS, type StatusResult } from './status-result';
import { linesOf, statusText, unreadyServers } from './status-text';

/** Milliseconds between two readings. */
const INTERVAL = 15_000;

/** The screen that a terminal has besides its own, and back to that; what the user had there is not touched. @see https://invisible-island.net/xterm/ctlseqs/ctlseqs.html */
const [OPEN_SCREEN, CLOSE_SCREEN] = ['\u001b[?1049h', '\u001b[?1049l'];

/** Clears the screen, and begins at its top. */
const CLEAR = '\u001b[H\u001b[2J';

/**
 * Shows the status again and again until Ctrl-C: as one screen on a terminal, of which the last one stays, otherwise as a line for each
 * change. Throws LastState with exit code 6 if something was not ready at the end.
 */
export async function watchStatus(context: Context, example: string | undefined, timings = false): Promise<void> {
  const { clock, signal, flags } = context;
  if (flags.json || timings)
    throw new UsageError(`--watch and ${flags.json ? '--json' : '--timings'} exclude each other`, {
      remedy: 'choose one',
    });
  const project = readProject(context, example);
  const reader = new StatusReader(context, project, findTarget(context, project));
  let last: StatusResult | undefined;
  try {
    for (;;) {
      const now = await reader.read();
      show(context, now, last);
      last = now;
      await clock.sleep(INTERVAL, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (last !== undefined) leaveScreen(context, last);
  }
  const problems = last === undefined ? ['nothing was read yet'] : notReady(last);
  if (problems.length > 0) throw new LastState(ExitCode.failedState, `not ready at the end: ${problems.join('; ')}`);
}

function show({ streams: { out }, masker, clock }: Context, now: StatusResult, last: StatusResult | undefined): void {
  const text = masker.mask(statusText(now));
  if (out.isTTY === true) {
    const opened = last === undefined ? OPEN_SCREEN : '';
    out.write(`${opened}${CLEAR}${text}\n\nat ${timeOf(clock.now())}; Ctrl-C ends this\n`);
  } else if (last === undefined) {
    out.write(`${text}\n`);
  } else {
    for (const change of changesOf(last, now)) out.write(`${timeOf(clock.now())} ${masker.mask(change)}\n`);
  }
}

/** Leaves the last reading where the command was typed. */
function leaveScreen({ streams: { out }, masker }: Context, last: StatusResult): void {
  if (out.isTTY === true) out.write(`${CLOSE_SCREEN}${masker.mask(statusText(last))}\n`);
}

/** `07:12:31Z` */
function timeOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(11, 19)}Z`;
}

/** Returns what differs between two readings, one line for each object. The cost, which grows all the time, is not a change. */
export function changesOf(last: StatusResult, now: StatusResult): readonly string[] {
  const [before, after] = [statesOf(last), statesOf(now)];
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((what) => {
    const [old, state] = [before.get(what), after.get(what)];
    if (old === state) return [];
    return [`${what}: ${old === undefined ? '' : `${old} → `}${state ?? 'gone'}`];
  });
}

/** Returns the states by object; those of objects with the same name, such as several faults, are one. */
function statesOf(status: StatusResult): ReadonlyMap<string, string> {
  const states = new Map<string, string>();
  for (const section of STATUS_SECTIONS.filter((one) => one !== 'cost')) {
    for (const { what, state } of linesOf(status, section) ?? []) {
      const name = `${section} ${what}`.trim();
      const others = states.get(name);
      states.set(name, others === undefined ? state : `${others}; ${state}`);
    }
  }
  return states;
}

/** Returns what is not ready, by name. */
export function notReady(status: StatusResult): readonly string[] {
  const { stacks = [], applications = [], nodes = [], mesh, proof, unread } = status;
  return [
    ...unread.map(({ section }) => `${section} cannot be read`),
    ...stacks.filter(({ resources }) => resources === 0).map(({ name }) => `stack ${name}`),
    ...applications.filter(({ settled }) => !settled).map(({ name }) => `Application ${name}`),
    ...nodes.filter(({ ready }) => !ready).map(({ name }) => `node ${name}`),
    ...(mesh?.faults ?? []).map(({ problem }) => problem),
    ...unreadyServers(status),
    ...(proof?.state === 'failed' ? [proof.detail] : []),
  ];
}
