import { DNS_LABEL, DNS_SUBDOMAIN } from '../../catalogue/kubernetes-names';
import { refuser, ValidationError } from '../../errors';
import { type IConstruct, Token } from '../../framework';
import type { Application } from '../application';
import type { ArgoCdDeliveryProps } from '../argo-cd-delivery-props';
import { namespaceOwners } from '../namespace-owners';
import { checkRevision } from './revision';

/** A repository by HTTPS or SSH. @see https://git-scm.com/docs/git-clone#_git_urls */
const REPOSITORY = /^(https:\/\/|ssh:\/\/([\w.-]+@)?|[\w.-]+@)[\w.-]+[:/][^\s?#@]+$/;
/** Parts of a URL that may be secret: a password, and for HTTPS also the user, which may be a token. */
const CREDENTIALS = /\/\/[^/@]*:[^/@]*@|^https?:\/\/[^/]*@/i;
/** Parts of a URL that messages must not repeat: what may be meant as a password, and what follows the path. */
const MAYBE_SECRET = /[:/].*@|[?#]/;
/** A path below the root of a repository. */
const PATH = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;

/** Throws a `ValidationError` for props of an `ArgoCdDelivery` that Argo CD would refuse, or that have no effect. */
export function checkArgoCdProps(props: ArgoCdDeliveryProps, scope: IConstruct): void {
  const { repository, revision, path, namespace, repositorySecret } = props;
  const refuse = refuser({}, scope);
  for (const [property, value] of Object.entries({ repository, revision, path, namespace, repositorySecret })) {
    if (Token.isUnresolved(value)) {
      refuse({
        property,
        problem: 'is only known at apply',
        allowed: 'values known at synth',
        remedy: 'pass the value itself',
      });
    }
  }
  checkRepository(repository, scope);
  checkRevision('revision', revision);
  if (!PATH.test(path)) {
    refuse({
      property: 'path',
      value: path,
      problem: 'must be a path in a repository',
      allowed: 'a relative path of letters, digits, "-", "_" and "."',
      remedy: 'set the path of the tree, such as argocd/g5-12xlarge',
    });
  }
  if (namespace !== undefined && (!DNS_LABEL.test(namespace) || namespace.startsWith('kube-'))) {
    refuse({
      property: 'namespace',
      value: namespace,
      problem: 'is not a valid namespace for Argo CD',
      allowed: 'a DNS label of at most 63 characters that does not begin with "kube-"',
      remedy: 'remove it to use argocd',
    });
  }
  if (repositorySecret !== undefined && !DNS_SUBDOMAIN.test(repositorySecret)) {
    refuse({
      property: 'repositorySecret',
      problem: 'must be the name of a Secret',
      allowed: 'a DNS subdomain: a-z, 0-9, "-" and "."',
      remedy: 'set the name of the Secret, or remove it for a public repository',
    });
  }
  if (props.existing === true) checkExisting(props, scope);
}

function checkRepository(repository: string, scope: IConstruct): void {
  const refuse = refuser({ property: 'repository' }, scope);
  if (CREDENTIALS.test(repository)) {
    refuse({
      problem: 'contains credentials, which would be stored in the state and in the cluster',
      allowed: 'a URL without credentials',
      remedy: 'use `repositorySecret`',
    });
  }
  if (!REPOSITORY.test(repository)) {
    refuse({
      value: MAYBE_SECRET.test(repository) ? undefined : repository,
      problem: 'must be the URL of a Git repository',
      allowed: 'https://host/path, ssh://user@host/path or user@host:path',
      remedy: 'set its clone URL',
    });
  }
}

/** Throws a `ValidationError` for props that configure an Argo CD which this delivery does not install. */
function checkExisting({ createNamespace, values }: ArgoCdDeliveryProps, scope: IConstruct): void {
  const refuse = refuser({}, scope);
  if (createNamespace === true) {
    refuse({
      property: 'createNamespace',
      value: true,
      problem: 'must not be set with `existing`, because the namespace of an existing Argo CD already exists',
      allowed: 'false, or nothing, with `existing`',
      remedy: 'remove it',
    });
  }
  if (values !== undefined) {
    refuse({
      property: 'values',
      problem: 'must not be set with `existing`, because this delivery does not install Argo CD',
      allowed: 'no values with `existing`',
      remedy: 'set them where you install Argo CD',
    });
  }
}

/**
 * Throws a `ValidationError` if an Application owns the namespace of Argo CD: both would keep relabeling it, and deleting
 * the Application would delete Argo CD.
 */
export function checkArgoCdNamespace(namespace: string, applications: readonly Application[], scope: IConstruct): void {
  const owner = namespaceOwners(applications).get(namespace);
  if (owner === undefined) return;
  throw new ValidationError(
    {
      property: 'namespace',
      value: namespace,
      problem: `is owned by the Application ${owner.name}`,
      allowed: 'a namespace that no Application owns',
      remedy: 'remove it to use argocd',
    },
    scope,
  );
}
