/** Interfaces of instances with several network cards: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html */

/** Elastic Fabric Adapter of the nodes. */
export interface EfaProps {
  /** EFA interfaces, each on a network card of its own. */
  readonly interfaces: number;
  /** Groups of the interfaces; they have to be named where interfaces are. */
  readonly securityGroupIds: readonly string[];
}

/**
 * Types whose first network card is for IP traffic alone, before all those that carry EFA.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html#efa-for-p6-b300
 */
const IP_CARD_FIRST = 'p6-b300.';

/** One interface a network card: the first carries IP traffic, and EFA where it can, the others EFA alone. */
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
