import type { Kubectl } from './kubectl';

/** What kubectl prints once it listens. @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_port-forward/ */
const LISTENING = /Forwarding from 127\.0\.0\.1:(\d+)/;

/** Where a port is forwarded to. */
export interface ForwardTarget {
  readonly namespace: string;
  /** `pod/ollama-0`, `service/argocd-server`. */
  readonly object: string;
  readonly port: number;
  /** @default - one that is free */
  readonly localPort?: number;
}

/**
 * Forwards a port of the cluster to the loopback interface, hands its local number over, and closes it when that is done. The signal
 * that is handed over too is aborted when the connection is lost. Throws what kubectl failed with before it listened.
 */
export async function withPort<Result>(
  kubectl: Kubectl,
  { namespace, object, port, localPort }: ForwardTarget,
  action: (localPort: number, lost: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const lost = new AbortController();
  let opened: (port: number) => void = () => undefined;
  const open = new Promise<number>((resolve) => {
    opened = resolve;
  });
  let printed = '';
  const onOutput = (text: string) => {
    printed += text;
    const listening = LISTENING.exec(printed)?.[1];
    if (listening !== undefined) opened(Number(listening));
  };
  const ports = `${localPort === undefined ? '' : String(localPort)}:${String(port)}`;
  const ended = kubectl.portForward(namespace, object, ports, { signal: stop.signal, onOutput }).then(
    () => new Error(`kubectl port-forward to ${object} ended before it listened`),
    (error: unknown) => error,
  );
  void ended.then(() => lost.abort());
  try {
    const listening = await Promise.race([
      open,
      ended.then((error) => {
        throw error;
      }),
    ]);
    return await action(listening, lost.signal);
  } finally {
    stop.abort();
    await ended; // that a child fails which was told to stop is no news
  }
}
