import type { IConstruct } from '../framework';
import type { IApplicationSource } from '../gitops/application';
import type { EnrollOptions, MeshedNamespace } from './meshed-namespace';

/** A mesh in ambient mode, installed here or existing. */
export interface IAmbientMesh extends IConstruct, IApplicationSource {
  /** Trust domain of the mesh's identities. */
  readonly trustDomain: string;
  /**
   * Brings a further namespace into the mesh, with mutual TLS required. Call it before the delivery is created.
   * Throws a `ValidationError` where the name is no DNS label, is enrolled already, or is the system's or the mesh's own.
   */
  enroll(namespace: string, options?: EnrollOptions): MeshedNamespace;
}
