/** How EC2 is asked for the nodes of a GPU pool. */
export class Capacity {
  /** Paid by the hour, for as long as wanted; may be lacking when asked for. */
  public static readonly ON_DEMAND = new Capacity('ON_DEMAND');

  /** Spare capacity, cheaper; taken back with two minutes' notice. */
  public static readonly SPOT = new Capacity('SPOT');

  /**
   * An On-Demand Capacity Reservation: paid for from its start, used or not, and there when asked for.
   * @see https://docs.aws.amazon.com/eks/latest/userguide/capacity-reservations.html
   * @param reservationId `cr-…`; may be a token
   */
  public static reservation(reservationId: string): Capacity {
    return new Capacity('CAPACITY_RESERVATION', reservationId);
  }

  /**
   * A Capacity Block for ML: paid for in advance, from one date to another. EKS drains the nodes 40 minutes before the end.
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
