/** A model that the endpoint serves. */
export interface EmulatedModel {
  readonly name: string;
  readonly contextLength: number;
  readonly bytes?: number;
  readonly embedding?: boolean;
}
