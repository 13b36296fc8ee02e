import { DNS_LABEL, DNS_SUBDOMAIN } from '../../catalogue/kubernetes-names';
import { ValidationError } from '../../errors';
import { type IConstruct, Token } from '../../framework';
import type { Application } from '../application';
import type { ArgoCdDeliveryProps } from '../argo-cd-delivery-props';
import { namespaceOwners } from '../namespace-owners';
import { checkRevision } from './revision';

/** A repository by HTTPS or SSH. @see https://git-scm.com/docs/git-clone#_git_urls */
const REPOSITORY = /^(https:\/\/|ssh:\/\/([\w.-]+@)?|[\w.-]+@)[\w.-]+[:/][^\s?#]+$/;
/** What may be a secret in a URL: a password, and for HTTPS the user, too, which may be a token. */
const CREDENTIALS = /\/\/[^/@]*:[^/@]*@|^https?:\/\/[^/]*@/i;
/** Parts of a URL that a message doesn't repeat: before the host, and behind the path. */
const MAYBE_SECRET = /\/\/[^/]*@|[?#]/;
/** A path below the root of a repository. */
const PATH = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;

/** Refuses props of an `ArgoCdDelivery` that Argo CD would refuse, or that mean nothing. */
export function checkArgoCdProps(props: ArgoCdDeliveryProps, scope: IConstruct): void {
  const { repository, revision, path, namespace, repositorySecret, existing = false } = props;
  const refuse = (
    property: keyof ArgoCdDeliveryProps,
    value: unknown,
    problem: string,
    allowed: string,
    remedy: string,
  ) => {
    throw new ValidationError({ property, value, problem, allowed, remedy }, scope);
  };
  for (const [property, value] of Object.entries({ repository, revision, path, namespace, repositorySecret })) {
    if (Token.isUnresolved(value)) {
      const remedy = 'give the value itself';
      refuse(property as 'repository', undefined, 'is only known at apply', 'values known at synth', remedy);
    }
  }
  if (CREDENTIALS.test(repository)) {
    const problem = 'has credentials in it, which would end in state and cluster';
    refuse('repository', undefined, problem, 'a URL without credentials', 'use `repositorySecret`');
  }
  if (!REPOSITORY.test(repository)) {
    const allowed = 'https://host/path, ssh://user@host/path or user@host:path';
    const shown = MAYBE_SECRET.test(repository) ? undefined : repository;
    refuse('repository', shown, 'is no address of a Git repository', allowed, 'give its clone URL');
  }
  checkRevision('revision', revision);
  if (!PATH.test(path)) {
    const allowed = 'a relative path of letters, digits, "-", "_" and "."';
    refuse('path', path, 'is no path in a repository', allowed, 'give the path of the tree, e.g. argocd/g5-12xlarge');
  }
  if (namespace !== undefined && (!DNS_LABEL.test(namespace) || namespace.startsWith('kube-'))) {
    const allowed = 'a DNS label of at most 63 characters that does not begin with "kube-"';
    refuse('namespace', namespace, 'is no namespace for Argo CD', allowed, 'leave it out for argocd');
  }
  if (repositorySecret !== undefined && !DNS_SUBDOMAIN.test(repositorySecret)) {
    const allowed = 'a DNS subdomain: a-z, 0-9, "-" and "."';
    const remedy = 'give the name of the Secret, or leave it out for a public repository';
    refuse('repositorySecret', undefined, 'is no name of a Secret', allowed, remedy);
  }
  if (existing && props.createNamespace === true) {
    const problem = 'would make the namespace of an Argo CD that is there already';
    refuse('createNamespace', true, problem, 'false, or nothing, with `existing`', 'leave it out');
  }
  if (existing && props.values !== undefined) {
    const problem = 'would be values of an Argo CD that is not installed here';
    refuse('values', undefined, problem, 'no values with `existing`', 'set them where Argo CD is installed');
  }
}

/** Refuses a namespace of Argo CD that an Application owns: they would label it in turn, and delete it with Argo CD. */
export function checkArgoCdNamespace(namespace: string, applications: readonly Application[], scope: IConstruct): void {
  const owner = namespaceOwners(applications).get(namespace);
  if (owner === undefined) return;
  throw new ValidationError(
    {
      property: 'namespace',
      value: namespace,
      problem: `is the namespace that the Application ${owner.name} owns`,
      allowed: 'a namespace that no Application owns',
      remedy: 'leave it out for argocd',
    },
    scope,
  );
}
