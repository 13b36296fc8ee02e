import type { PoolSummary } from '@org/ollama-eks';
import { modelAlias } from '@org/ollama-eks/pure';
import type { Site } from './site';

/** Describes an installation in two sentences: the text alternative of its picture. */
export function describeSite({ cluster, callerCidrs, kong, vpcCidr, zones }: Site): string {
  const ranges = callerCidrs.length === 0 ? 'wherever the load balancer allows' : callerCidrs.join(', ');
  const path = kong
    ? `Clients call Kong's gateway with a key, and it calls through a transit gateway from ${ranges}`
    : `Clients call from ${ranges}`;
  const place = vpcCidr === undefined ? 'an existing VPC' : `VPC ${vpcCidr} with ${String(zones.length)} zones`;
  const servers = cluster.pools.map(poolWords).join(', and ');
  return `${path}. In ${place}, an internal load balancer passes TLS through to the Istio gateway, which calls ${servers}.`;
}

function poolWords({ models, replicas, nodes, instanceType, gpu, zone }: PoolSummary): string {
  const aliases = models.map(({ name, contextLength }) => modelAlias(name, contextLength)).join(', ');
  const where = zone === undefined ? '' : ` in ${zone}`;
  const hardware = `${instanceType} (${gpu})${where}`;
  if (nodes === 0) return `a standby pool of ${hardware} with ${aliases}`;
  const servers = replicas === 1 ? 'one Ollama server' : `${String(replicas)} Ollama servers`;
  return `${servers} with ${aliases} on ${nodes === 1 ? '' : `${String(nodes)} × `}${hardware}`;
}
