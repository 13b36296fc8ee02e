import { TOKEN, type CliRig } from './rig';

/** Values of the configuration, so that Terraform is not asked for its outputs. */
export const VALUES = {
  DECK_OLLAMA_UPSTREAM_HOST: 'ollama.elb.us-west-2.amazonaws.com',
  DECK_OLLAMA_GATEWAY_HOSTNAME: 'ollama.internal.example.com',
  DECK_OLLAMA_CA_CERTIFICATE: `-----BEGIN CERTIFICATE-----\n${'A'.repeat(64)}\n-----END CERTIFICATE-----\n`,
};

/** Creates the control plane `ollama`. Returns the path of its entities. */
export async function controlPlane(rig: CliRig): Promise<string> {
  const body = { name: 'ollama', cluster_type: 'CLUSTER_TYPE_CONTROL_PLANE', cloud_gateway: true };
  const { id } = JSON.parse(await send(rig, 'POST', '/v2/control-planes', body)) as { id: string };
  return `/v2/control-planes/${id}/core-entities`;
}

/** Sends a request of another program. Returns the body of the answer. */
export async function send(rig: CliRig, method: string, path: string, body: object): Promise<string> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const response = await rig.konnect.fetch(`https://us.api.konghq.com${path}`, {
    method,
    headers,
    body: JSON.stringify(body),
  });
  return response.text();
}

/** Entities of a kind in the control plane. */
export function entitiesIn(rig: CliRig, kind: string) {
  const [found] = rig.konnect.world.controlPlanes.values();
  return structuredClone(rig.konnect.entities.list(found?.id ?? '', kind));
}

/** Takes a service of the configuration away from it: a sync would fail until it is adopted. */
export async function disownService(rig: CliRig): Promise<void> {
  const [service] = entitiesIn(rig, 'services');
  const [{ id = '' } = {}] = rig.konnect.world.controlPlanes.values();
  const path = `/v2/control-planes/${id}/core-entities/services/${String(service?.['id'])}`;
  await send(rig, 'PUT', path, { ...service, tags: ['theirs'] });
}
