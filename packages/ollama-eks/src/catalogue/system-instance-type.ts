/** An EC2 instance type for the system pool. Pass an object of this shape for a type that isn't listed. */
export interface SystemInstanceType {
  /** API name: `m7i.large`. */
  readonly name: string;
  readonly vcpus: number;
  /** Memory in GiB. */
  readonly memoryGiB: number;
  readonly architecture: 'x86_64' | 'arm64';
  /** Most pods without prefix delegation. */
  readonly maxPods: number;
  /**
   * On-demand list price in USD per hour, in the regions of `INSTANCE_PRICES`.
   * @default not known
   */
  readonly pricePerHour?: number;
}

/** The listed instance type of that name, or the object itself. */
export declare function systemInstanceType(type: string | SystemInstanceType, property?: string): SystemInstanceType;
