/** Follows packets through synthesized security groups and route tables, as AWS would. */
import { cidrsOverlap, parseCidr } from '../../../src/cidr';
import type { Properties, Template } from '../../../src/testing/template';

/** A network interface: its address and security groups. */
export interface Host {
  readonly address: string;
  /** IDs, or addresses of resources. */
  readonly groups: readonly string[];
}

interface TransitRoute {
  readonly table: string;
  readonly destination: string;
  readonly attachment: string;
}

/** Evaluates the synthesized rules. */
export class PacketWalk {
  public constructor(private readonly template: Template) {}

  /** Whether the security groups of both sides allow a TCP connection. They are stateful, so answers are allowed, too. */
  public connects(from: Host, to: Host, port: number): boolean {
    return this.leaves(from, to, port) && this.enters(from, to, port);
  }

  /** Whether the transit gateway routes a packet from one attachment to another. */
  public crosses(fromAttachment: string, toAttachment: string, address: string): boolean {
    const tables = this.all('aws_ec2_transit_gateway_route_table_association')
      .filter((association) => this.attachmentOf(association) === fromAttachment)
      .map((association) => refOf(association['transit_gateway_route_table_id']));
    return this.transitRoutes()
      .filter(({ table, destination }) => tables.includes(table) && contains(destination, address))
      .some(({ attachment }) => attachment === toAttachment);
  }

  /** Destinations with a route for packets from an attachment. */
  public reachableFrom(attachment: string): string[] {
    const tables = this.all('aws_ec2_transit_gateway_route_table_association')
      .filter((association) => this.attachmentOf(association) === attachment)
      .map((association) => refOf(association['transit_gateway_route_table_id']));
    return this.transitRoutes()
      .filter(({ table }) => tables.includes(table))
      .map(({ destination }) => destination);
  }

  /** Route tables of the VPC with a route to the transit gateway. */
  public leadToTransitGateway(address: string): string[] {
    return this.all('aws_route')
      .filter((route) => contains(String(route['destination_cidr_block']), address))
      .filter((route) => route['transit_gateway_id'] !== undefined)
      .map((route) => refOf(route['route_table_id']));
  }

  private leaves(from: Host, to: Host, port: number): boolean {
    const owned = from.groups.filter((group) => group.startsWith('aws_security_group.'));
    if (owned.length < from.groups.length || from.groups.length === 0) return true; // a group that isn't made here lets everything out
    return this.rules('egress').some((rule) => owned.includes(groupOf(rule)) && admits(rule, to, port));
  }

  private enters(from: Host, to: Host, port: number): boolean {
    return this.rules('ingress').some((rule) => to.groups.includes(groupOf(rule)) && admits(rule, from, port));
  }

  private rules(direction: 'ingress' | 'egress'): Properties[] {
    return this.all(`aws_vpc_security_group_${direction}_rule`);
  }

  private transitRoutes(): TransitRoute[] {
    return this.all('aws_ec2_transit_gateway_route').map((route) => ({
      table: refOf(route['transit_gateway_route_table_id']),
      destination: String(route['destination_cidr_block']),
      attachment: this.attachmentOf(route),
    }));
  }

  /** Attachment that a resource refers to; an accepter has the ID of the attachment that it accepts. */
  private attachmentOf(properties: Properties): string {
    const ref = refOf(properties['transit_gateway_attachment_id']);
    const accepters = this.template.resources('aws_ec2_transit_gateway_vpc_attachment_accepter');
    const accepted = accepters[ref.replace('aws_ec2_transit_gateway_vpc_attachment_accepter.', '')];
    return accepted === undefined ? ref : String(accepted['transit_gateway_attachment_id']);
  }

  private all(type: string): Properties[] {
    return Object.values(this.template.resources(type));
  }
}

/** Returns `aws_lb.x` for `${aws_lb.x.id}`, and anything else unchanged. */
export function refOf(value: unknown): string {
  return /^\$\{(\w+\.[\w-]+)\.\w+\}$/.exec(String(value))?.[1] ?? String(value);
}

function groupOf(rule: Properties): string {
  return refOf(rule['security_group_id']);
}

function admits(rule: Properties, peer: Host, port: number): boolean {
  const inRange = Number(rule['from_port']) <= port && port <= Number(rule['to_port']);
  const byGroup = peer.groups.includes(refOf(rule['referenced_security_group_id']));
  const byRange = typeof rule['cidr_ipv4'] === 'string' && contains(rule['cidr_ipv4'], peer.address);
  return rule['ip_protocol'] === 'tcp' && inRange && (byGroup || byRange);
}

function contains(cidr: string, address: string): boolean {
  return cidrsOverlap(cidr, parseCidr('address', `${address}/32`).toString());
}
