import { once } from 'node:events';
import { OLLAMA, OLLAMA_PORT } from '@org/ollama-eks/pure';
import { openCluster } from '../systems/cluster-access';
import type { Context } from '../program/context';
import { UsageError } from '../program/errors';
import { ToolError } from '../program/tool-error';
import { findProject } from '../project/project';
import { findTarget } from '../project/target';
import type { Kubectl } from '../systems/kubectl';
import { withPort } from '../systems/port-forward';
import { isReady, serverPods } from '../pools/server-pods';

/** Milliseconds before a lost connection is opened again. */
const RECONNECT = 2000;

/** What kubectl prints if another program listens on the port. */
const PORT_TAKEN = /address already in use|unable to listen/i;

/** Forwards a local port to Ollama, bypassing Kong, until Ctrl-C. It reconnects whenever the connection is lost. */
export async function keepLocal(context: Context, port: number): Promise<void> {
  const kubectl = await openCluster(context, findTarget(context, findProject(context)));
  const url = `http://127.0.0.1:${String(port)}`;
  context.reporter.note(
    `configure a tool for it: ollama-eks client claude --proxy-url ${url}; any key works. Press Ctrl-C to end.`,
  );
  while (!context.signal.aborted) {
    await connectOnce(context, kubectl, port, url);
    await context.clock.sleep(RECONNECT, context.signal).catch(() => undefined); // Ctrl-C ends the loop
  }
}

async function connectOnce(context: Context, kubectl: Kubectl, localPort: number, url: string): Promise<void> {
  try {
    const pod = (await serverPods(kubectl)).find(isReady);
    if (pod === undefined) {
      context.reporter.warn('no server is ready; start one with ollama-eks scale resume');
      return;
    }
    const object = `pod/${pod.metadata.name}`;
    await withPort(kubectl, { namespace: OLLAMA, object, port: OLLAMA_PORT, localPort }, async (_, lost) => {
      context.reporter.note(`${url} leads to ${pod.metadata.name}`);
      const ended = AbortSignal.any([lost, context.signal]);
      if (!ended.aborted) await once(ended, 'abort');
    });
    if (!context.signal.aborted) context.reporter.warn('connection lost; reconnecting');
  } catch (error) {
    if (context.signal.aborted) return;
    if (!(error instanceof ToolError)) throw error;
    if (PORT_TAKEN.test(error.stderr))
      throw new UsageError(`port ${String(localPort)} is in use; choose another one with --port`);
    context.reporter.warn(error.message);
  }
}
