// https://gateway-api.sigs.k8s.io/reference/spec/
import { X509Certificate } from 'node:crypto';
import { GATEWAY_NAME, GATEWAY_NAMESPACE } from '@org/ollama-eks/pure';
import type { Kubectl, KubernetesObject } from './kubectl';

/** A status condition of an object. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Conditions that are true when something is wrong. */
const WRONG_IF_TRUE: readonly string[] = ['Conflicted', 'OverlappingTLSConfig', 'PartiallyInvalid'];

/** Returns the conditions of a Gateway, listener or route that report a problem. */
export function problemsIn(conditions: readonly Condition[]): readonly Condition[] {
  return conditions.filter(({ type, status }) => (status === 'True') === WRONG_IF_TRUE.includes(type));
}

/** Returns why a condition has its status. */
export function reasonOf({ message = '', reason = '' }: Condition): string {
  return message === '' ? reason : message;
}

/** The fields of a Gateway that are read. */
export interface Gateway extends KubernetesObject {
  readonly spec: {
    readonly listeners: readonly {
      readonly name: string;
      readonly protocol: string;
      readonly tls?: { readonly mode?: string; readonly certificateRefs?: readonly { readonly name: string }[] };
    }[];
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly listeners?: readonly { readonly name: string; readonly conditions?: readonly Condition[] }[];
  };
}

/** The fields of an HTTPRoute that are read. */
export interface HttpRoute extends KubernetesObject {
  readonly spec: {
    readonly hostnames?: readonly string[];
    readonly rules?: readonly {
      readonly matches?: readonly {
        readonly method?: string;
        readonly path?: { readonly type: string; readonly value: string };
      }[];
    }[];
  };
  readonly status?: { readonly parents?: readonly { readonly conditions?: readonly Condition[] }[] };
}

/** Returns the Gateway of the endpoint. */
export function readGateway(kubectl: Kubectl): Promise<Gateway | undefined> {
  return kubectl.get<Gateway>('gateways.gateway.networking.k8s.io', GATEWAY_NAME, GATEWAY_NAMESPACE);
}

/** Returns the certificates of the gateway's listeners, by the name of their Secret. The private keys in those Secrets are not read. */
export async function gatewayCertificates(
  kubectl: Kubectl,
  { spec }: Gateway,
): Promise<ReadonlyMap<string, X509Certificate | undefined>> {
  const names = new Set(spec.listeners.flatMap(({ tls }) => (tls?.certificateRefs ?? []).map(({ name }) => name)));
  const certificates = new Map<string, X509Certificate | undefined>();
  for (const name of names) {
    const encoded = await kubectl.field('secret', name, GATEWAY_NAMESPACE, String.raw`{.data.tls\.crt}`);
    certificates.set(name, encoded === '' ? undefined : new X509Certificate(Buffer.from(encoded, 'base64')));
  }
  return certificates;
}
