import type { Construct, TerraformProvider } from '../framework';
import { aws } from '../providers/aws';
import { GATEWAY_PORT, GATEWAY_STATUS_PORT } from './gateway-manifests';

/** Ports on the cluster's nodes that the load balancer may reach: the gateway's listener, and its health. */
const TARGET_PORTS = { https: GATEWAY_PORT, health: GATEWAY_STATUS_PORT };

/** The security groups on both sides of a load balancer's connections. */
export interface LoadBalancerGroups {
  /** Security group of the load balancer. */
  readonly securityGroupId: string;
  /** Security group of the cluster's nodes and pods. */
  readonly clusterSecurityGroupId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** @default - the stack's only AWS provider */
  readonly provider?: TerraformProvider;
}

/** A range of callers, and the load balancer that they may reach. */
interface Admission extends LoadBalancerGroups {
  readonly cidr: string;
  readonly description: string;
}

/** Lets a range of callers reach the load balancer's HTTPS port. */
export function admitCallers(scope: Construct, id: string, admission: Admission): void {
  const { securityGroupId, cidr, description, tags, provider } = admission;
  new aws.VpcSecurityGroupIngressRule(scope, id, {
    provider,
    securityGroupId,
    description,
    cidrIpv4: cidr,
    ipProtocol: 'tcp',
    fromPort: GATEWAY_PORT,
    toPort: GATEWAY_PORT,
    tags: { ...tags },
  });
}

/** Allows traffic to the gateway's pods on both sides: egress of the load balancer's group, and ingress of the cluster's. */
export function openTargetPorts(scope: Construct, groups: LoadBalancerGroups): void {
  const { securityGroupId, clusterSecurityGroupId, provider, tags } = groups;
  for (const [name, port] of Object.entries(TARGET_PORTS)) {
    const ports = { ipProtocol: 'tcp', fromPort: port, toPort: port };
    new aws.VpcSecurityGroupEgressRule(scope, `to-${name}`, {
      provider,
      securityGroupId,
      referencedSecurityGroupId: clusterSecurityGroupId,
      description: 'Gateway pods',
      ...ports,
      tags: { ...tags },
    });
    new aws.VpcSecurityGroupIngressRule(scope, `nodes-${name}`, {
      provider,
      securityGroupId: clusterSecurityGroupId,
      referencedSecurityGroupId: securityGroupId,
      description: 'Load balancer before the Ollama gateway',
      ...ports,
      tags: { ...tags },
    });
  }
}
