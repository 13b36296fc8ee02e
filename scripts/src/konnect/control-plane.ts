// https://developer.konghq.com/api/konnect/control-planes/v2/
import { assertUnchanged, createOnce, onlyOne, same } from './ensure';
import { path, type KonnectClient } from './konnect-client';
import type { ControlPlane, Ensured, ProxyUrl } from './types';

const CONTROL_PLANES = '/v2/control-planes';

/** The only kind that dedicated cloud gateways can be attached to, besides groups. */
const CLUSTER_TYPE = 'CLUSTER_TYPE_CONTROL_PLANE';

/** The control plane that is wanted. */
export interface ControlPlaneSpec {
  /** 2–256 characters, unique in the organization. */
  readonly name: string;
  readonly description?: string;
  /** Added to the labels that are there. Keys must not start with kong, konnect, mesh, kic or an underscore. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** The control plane of that name, or undefined. Throws CommandError when several have it. */
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

/** Makes sure that a control plane for cloud gateways is there. Throws CommandError when the name belongs to one of another kind. */
export async function ensureControlPlane(
  client: KonnectClient,
  spec: ControlPlaneSpec,
): Promise<Ensured<ControlPlane>> {
  const find = () => findControlPlane(client, spec.name);
  const existing = await find();
  if (existing === undefined) {
    const object = await createOnce(client, { find, create: () => create(client, spec) });
    assertUsable(object);
    return { id: object.id, outcome: 'created', object };
  }
  assertUsable(existing);
  const labels = { ...existing.labels, ...spec.labels };
  const description = spec.description ?? existing.description;
  if (same(labels, existing.labels ?? {}) && description === existing.description) {
    return { id: existing.id, outcome: 'reused', object: existing };
  }
  const object = await patch(client, existing, { labels, ...(description === undefined ? {} : { description }) });
  return { id: existing.id, outcome: 'updated', object };
}

/** Writes the address of the gateway into the control plane, where people and tools look for it. */
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

function create(client: KonnectClient, { name, description, labels }: ControlPlaneSpec): Promise<ControlPlane> {
  return client.send({
    doing: `create ${subjectOf(name)}`,
    method: 'POST',
    host: 'region',
    path: CONTROL_PLANES,
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

/** A self-managed control plane of the same name must not be taken over. */
function assertUsable({ name, config }: ControlPlane): void {
  assertUnchanged(
    subjectOf(name),
    [
      { field: 'config.cloud_gateway', have: config.cloud_gateway, want: true },
      { field: 'config.cluster_type', have: config.cluster_type, want: CLUSTER_TYPE },
    ],
    'choose another name (KONNECT_CONTROL_PLANE_NAME)',
  );
}

function defaultPort(scheme: string): number {
  return scheme === 'http' ? 80 : 443;
}

function subjectOf(name: string): string {
  return `control plane "${name}"`;
}
