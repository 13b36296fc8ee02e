import type { IConstruct } from '../framework';
import type { IApplicationSource } from '../gitops/application';
import type { EnrollOptions, MeshedNamespace } from './meshed-namespace';

/** A mesh in ambient mode, either new or existing. */
export interface IAmbientMesh extends IConstruct, IApplicationSource {
  /** Trust domain of the mesh's identities. */
  readonly trustDomain: string;
  /**
   * Adds another namespace to the mesh, and requires mutual TLS there. Call it before you create the delivery.
   * @throws ValidationError if the name is not a DNS label, is already enrolled, or belongs to the system or the mesh
   */
  enroll(namespace: string, options?: EnrollOptions): MeshedNamespace;
}
