/** How the nodes of a GPU pool are requested from EC2. A change replaces the nodes. */
export class Capacity {
  /** On-demand: paid by the hour, with no commitment; may be unavailable when requested. */
  public static readonly ON_DEMAND = new Capacity('ON_DEMAND');

  /** Spot: spare capacity at a lower price; reclaimed with two minutes' notice. */
  public static readonly SPOT = new Capacity('SPOT');

  /**
   * Uses an On-Demand Capacity Reservation: paid for from its start, used or not, and available when requested.
   * @see https://docs.aws.amazon.com/eks/latest/userguide/capacity-reservations.html
   * @param reservationId `cr-…`; may be a token
   */
  public static reservation(reservationId: string): Capacity {
    return new Capacity('CAPACITY_RESERVATION', reservationId);
  }

  /**
   * Uses a Capacity Block for ML: paid for in advance, with a start and an end date. EKS drains the nodes 40 minutes before the end.
   * @see https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html
   * @param reservationId `cr-…`; may be a token
   */
  public static block(reservationId: string): Capacity {
    return new Capacity('CAPACITY_BLOCK', reservationId);
  }

  private constructor(
    public readonly kind: 'ON_DEMAND' | 'SPOT' | 'CAPACITY_RESERVATION' | 'CAPACITY_BLOCK',
    /** Id of the reservation or block; undefined where there is none. */
    public readonly reservationId?: string,
  ) {}
}
