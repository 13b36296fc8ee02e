// https://developer.konghq.com/api/konnect/control-planes/v2/
import { assertUnchanged, createOnce, onlyOne, same } from './ensure';
import { path, type KonnectClient } from './konnect-client';
import { assertOurs, ownerLabels, type Owner } from './owner';
import type { ControlPlane, Ensured, ProxyUrl } from './types';

const CONTROL_PLANES = '/v2/control-planes';

/** The only type, apart from groups, to which dedicated cloud gateways can be attached. */
const CLUSTER_TYPE = 'CLUSTER_TYPE_CONTROL_PLANE';

/** The desired control plane. */
export interface ControlPlaneSpec {
  /** 2–256 characters, unique in the organization. */
  readonly name: string;
  readonly description?: string;
  /** Added to existing labels. Keys must not start with kong, konnect, mesh, kic, or an underscore. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Cluster that owns it, recorded in labels. @default - none: every cluster may use it */
  readonly owner?: Owner | undefined;
  /** Whether the name was set explicitly. A control plane of that name without owner labels is then taken over. @default false */
  readonly chosen?: boolean | undefined;
}

/** Returns the control plane of that name, or undefined. Throws CommandError if several have it. */
export async function findControlPlane(client: KonnectClient, name: string): Promise<ControlPlane | undefined> {
  const subject = subjectOf(name);
  const found = await client.list<ControlPlane>({
    doing: `look up ${subject}`,
    host: 'region',
    path: CONTROL_PLANES,
    query: { 'filter[name][eq]': name },
  });
  return onlyOne(
    subject,
    found.filter((controlPlane) => controlPlane.name === name),
  );
}

/**
 * Ensures that a control plane for cloud gateways exists. Throws CommandError if the name belongs to a control plane of another type (exit
 * code 2) or of another cluster (exit code 6).
 */
export async function ensureControlPlane(
  client: KonnectClient,
  spec: ControlPlaneSpec,
): Promise<Ensured<ControlPlane>> {
  const find = () => findControlPlane(client, spec.name);
  const existing = await find();
  if (existing === undefined) {
    const object = await createOnce(client, { find, create: () => create(client, spec) });
    assertUsable(object, spec);
    return { id: object.id, outcome: 'created', object };
  }
  assertUsable(existing, spec);
  const labels = { ...existing.labels, ...labelsOf(spec) };
  const description = spec.description ?? existing.description;
  if (same(labels, existing.labels ?? {}) && description === existing.description) {
    return { id: existing.id, outcome: 'reused', object: existing };
  }
  const object = await patch(client, existing, { labels, ...(description === undefined ? {} : { description }) });
  return { id: existing.id, outcome: 'updated', object };
}

/** Writes the address of the gateway to the control plane, where people and tools look it up. */
export async function ensureProxyUrl(
  client: KonnectClient,
  controlPlane: ControlPlane,
  url: string,
): Promise<Ensured<ControlPlane>> {
  const { hostname, port, protocol } = new URL(url);
  const scheme = protocol.replace(':', '');
  const proxyUrl: ProxyUrl = {
    host: hostname,
    port: port === '' ? defaultPort(scheme) : Number(port),
    protocol: scheme,
  };
  const others = controlPlane.config.proxy_urls ?? [];
  if (others.some((other) => same(other, proxyUrl))) {
    return { id: controlPlane.id, outcome: 'reused', object: controlPlane };
  }
  const object = await patch(client, controlPlane, { proxy_urls: [...others, proxyUrl] });
  return { id: controlPlane.id, outcome: 'updated', object };
}

function create(client: KonnectClient, spec: ControlPlaneSpec): Promise<ControlPlane> {
  const { name, description } = spec;
  const labels = labelsOf(spec);
  return client.send({
    doing: `create ${subjectOf(name)}`,
    method: 'POST',
    host: 'region',
    path: CONTROL_PLANES,
    expects: ['id', 'config'],
    body: { name, description, labels, cluster_type: CLUSTER_TYPE, cloud_gateway: true },
  });
}

function patch(
  client: KonnectClient,
  { id, name }: ControlPlane,
  body: Partial<ControlPlane> | { proxy_urls: readonly ProxyUrl[] },
) {
  return client.send<ControlPlane>({
    doing: `update ${subjectOf(name)}`,
    method: 'PATCH',
    host: 'region',
    path: path`/v2/control-planes/${id}`,
    body,
  });
}

function labelsOf({ labels, owner }: ControlPlaneSpec): Readonly<Record<string, string>> | undefined {
  return owner === undefined ? labels : { ...labels, ...ownerLabels(owner) };
}

/** Throws CommandError for a self-managed control plane of the same name, and for one of another cluster. */
function assertUsable(controlPlane: ControlPlane, { owner, chosen = false }: ControlPlaneSpec): void {
  const { name, config } = controlPlane;
  assertUnchanged(
    subjectOf(name),
    [
      { field: 'config.cloud_gateway', have: config.cloud_gateway, want: true },
      { field: 'config.cluster_type', have: config.cluster_type, want: CLUSTER_TYPE },
    ],
    'choose another name (KONNECT_CONTROL_PLANE_NAME)',
  );
  if (owner !== undefined) assertOurs(controlPlane, owner, chosen);
}

function defaultPort(scheme: string): number {
  return scheme === 'http' ? 80 : 443;
}

function subjectOf(name: string): string {
  return `control plane "${name}"`;
}
