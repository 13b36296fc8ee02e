/** The load balancer between callers and the pods of the gateway, created by this library or existing. */
export interface IGatewayLoadBalancer {
  /** Name that callers resolve; may be a token. The gateway's certificate contains it. */
  readonly dnsName: string;
  /** Name of the target group that a controller in the cluster registers the gateway's pods with; known at synth. */
  readonly targetGroupName: string;
  /** ARN of the target group; may be a token. */
  readonly targetGroupArn: string;
  /**
   * Lets a range of callers reach the gateway.
   * @param id - construct id of the resources that do so
   * @param cidr - an IPv4 range known at synth
   */
  admit(id: string, cidr: string, description: string): void;
}
