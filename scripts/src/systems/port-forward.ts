import type { Kubectl } from './kubectl';

/** Output of kubectl once it listens. @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_port-forward/ */
const LISTENING = /Forwarding from 127\.0\.0\.1:(\d+)/;

/** Target of a forwarded port. */
export interface ForwardTarget {
  readonly namespace: string;
  /** `pod/ollama-0`, `service/argocd-server`. */
  readonly object: string;
  readonly port: number;
  /** @default - a free port */
  readonly localPort?: number;
}

/**
 * Forwards a port of the cluster to the loopback interface, calls `action` with the local port, and stops forwarding afterward. The signal
 * passed to `action` is aborted when the connection is lost. Throws the error of kubectl if it fails before it listens.
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
    await ended; // kubectl fails when it is interrupted, which is expected here
  }
}
