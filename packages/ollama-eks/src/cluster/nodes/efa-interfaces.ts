/** Interfaces of instances with several network cards: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html */

/** Elastic Fabric Adapter of the nodes. */
export interface EfaProps {
  /** Number of EFA interfaces, each on its own network card. */
  readonly interfaces: number;
  /** Security groups of the interfaces; required in a launch template that lists interfaces. */
  readonly securityGroupIds: readonly string[];
}

/**
 * Instance types whose first network card carries IP traffic only, followed by the cards that carry EFA.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html#efa-for-p6-b300
 */
const IP_CARD_FIRST = 'p6-b300.';

/** Returns one interface per network card: the first carries IP traffic, and EFA where it can; the others carry EFA only. */
export function efaInterfaces(instanceType: string, { interfaces, securityGroupIds }: EfaProps) {
  const ipCardFirst = instanceType.startsWith(IP_CARD_FIRST);
  const first = { deviceIndex: 0, interfaceType: ipCardFirst ? 'interface' : 'efa' };
  const other = { deviceIndex: ipCardFirst ? 0 : 1, interfaceType: 'efa-only' };
  return Array.from({ length: interfaces + (ipCardFirst ? 1 : 0) }, (_, card) => ({
    networkCardIndex: card,
    ...(card === 0 ? first : other),
    deleteOnTermination: 'true',
    securityGroups: [...securityGroupIds],
  }));
}
