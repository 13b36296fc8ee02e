import { kindOf } from '../../catalogue/kubernetes-kinds';
import type { Application, Manifest } from '../application';
import { SYNC_WAVE, manifestsOf } from '../manifests';
import { refuse } from '../refuse';

interface PersistentVolumeClaim extends Manifest {
  readonly spec?: { readonly storageClassName?: string };
}

interface StorageClass extends Manifest {
  readonly volumeBindingMode?: string;
}

/** The fields of a workload that determine which volumes its pods mount. */
interface PodOwner extends Manifest {
  readonly spec?: {
    readonly template?: PodTemplate;
    readonly volumeClaimTemplates?: readonly { readonly metadata?: { readonly name?: string } }[];
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
  };
}

interface PodTemplate {
  readonly spec?: {
    readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
  };
}

/**
 * Throws a `ValidationError` for a claim that would block its wave forever. With `WaitForFirstConsumer`, a claim stays
 * pending until a pod mounts it; pending is not healthy, so a pod of a later wave is never created.
 * @see https://github.com/argoproj/argo-cd/issues/12840
 * @see https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode
 */
export function checkVolumes(applications: readonly Application[]): void {
  const immediate = immediateClasses(applications);
  for (const application of applications) {
    const manifests = manifestsOf(application);
    manifests.forEach((manifest, index) => {
      if (!isClaim(manifest) || immediate.has(manifest.spec?.storageClassName ?? '')) {
        return;
      }
      const { name } = manifest.metadata;
      const consumers = manifests.filter((owner) => mounts(owner, name) && syncWave(owner) === syncWave(manifest));
      if (consumers.length === 0) {
        refuse(application, {
          property: `source.manifests[${index}]`,
          value: `PersistentVolumeClaim ${name}`,
          problem: 'stays pending until a pod mounts it, and no pod of the same wave does, so its wave never ends',
          allowed: 'a claim in the Application and sync wave of the workload that mounts it',
          remedy: 'move the claim to the Application of the workload, or use `volumeClaimTemplates`',
        });
      }
    });
  }
}

function immediateClasses(applications: readonly Application[]): ReadonlySet<string> {
  const classes = applications.flatMap(manifestsOf).filter(isStorageClass);
  // The default of Kubernetes is to bind immediately.
  const immediate = classes.filter(({ volumeBindingMode = 'Immediate' }) => volumeBindingMode === 'Immediate');
  return new Set(immediate.map(({ metadata }) => metadata.name));
}

function isClaim(manifest: Manifest): manifest is PersistentVolumeClaim {
  return kindOf(manifest) === 'PersistentVolumeClaim';
}

function isStorageClass(manifest: Manifest): manifest is StorageClass {
  return kindOf(manifest) === 'storage.k8s.io/StorageClass';
}

/** A StatefulSet uses an existing claim if its name matches the one that its template would give. */
function mounts({ metadata, spec }: PodOwner, claim: string): boolean {
  const pod = spec?.template ?? spec?.jobTemplate?.spec?.template;
  const prefixes = spec?.volumeClaimTemplates?.map((template) => `${template.metadata?.name ?? ''}-${metadata.name}-`);
  return (
    (pod?.spec?.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim) ||
    (prefixes ?? []).includes(claim.replace(/\d+$/, ''))
  );
}

function syncWave({ metadata }: Manifest): string {
  return metadata.annotations?.[SYNC_WAVE] ?? '0';
}
