import { DNS_LABEL, DNS_SUBDOMAIN } from '../../catalogue/kubernetes-names';
import { refuser, ValidationError } from '../../errors';
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
  const { repository, revision, path, namespace, repositorySecret } = props;
  const refuse = refuser({}, scope);
  for (const [property, value] of Object.entries({ repository, revision, path, namespace, repositorySecret })) {
    if (Token.isUnresolved(value)) {
      refuse({
        property,
        problem: 'is only known at apply',
        allowed: 'values known at synth',
        remedy: 'give the value itself',
      });
    }
  }
  checkRepository(repository, scope);
  checkRevision('revision', revision);
  if (!PATH.test(path)) {
    refuse({
      property: 'path',
      value: path,
      problem: 'is no path in a repository',
      allowed: 'a relative path of letters, digits, "-", "_" and "."',
      remedy: 'give the path of the tree, e.g. argocd/g5-12xlarge',
    });
  }
  if (namespace !== undefined && (!DNS_LABEL.test(namespace) || namespace.startsWith('kube-'))) {
    refuse({
      property: 'namespace',
      value: namespace,
      problem: 'is no namespace for Argo CD',
      allowed: 'a DNS label of at most 63 characters that does not begin with "kube-"',
      remedy: 'leave it out for argocd',
    });
  }
  if (repositorySecret !== undefined && !DNS_SUBDOMAIN.test(repositorySecret)) {
    refuse({
      property: 'repositorySecret',
      problem: 'is no name of a Secret',
      allowed: 'a DNS subdomain: a-z, 0-9, "-" and "."',
      remedy: 'give the name of the Secret, or leave it out for a public repository',
    });
  }
  if (props.existing === true) checkExisting(props, scope);
}

function checkRepository(repository: string, scope: IConstruct): void {
  const refuse = refuser({ property: 'repository' }, scope);
  if (CREDENTIALS.test(repository)) {
    refuse({
      problem: 'has credentials in it, which would end in state and cluster',
      allowed: 'a URL without credentials',
      remedy: 'use `repositorySecret`',
    });
  }
  if (!REPOSITORY.test(repository)) {
    refuse({
      value: MAYBE_SECRET.test(repository) ? undefined : repository,
      problem: 'is no address of a Git repository',
      allowed: 'https://host/path, ssh://user@host/path or user@host:path',
      remedy: 'give its clone URL',
    });
  }
}

/** Refuses what would be done to an Argo CD that is not installed here. */
function checkExisting({ createNamespace, values }: ArgoCdDeliveryProps, scope: IConstruct): void {
  const refuse = refuser({}, scope);
  if (createNamespace === true) {
    refuse({
      property: 'createNamespace',
      value: true,
      problem: 'would make the namespace of an Argo CD that is there already',
      allowed: 'false, or nothing, with `existing`',
      remedy: 'leave it out',
    });
  }
  if (values !== undefined) {
    refuse({
      property: 'values',
      problem: 'would be values of an Argo CD that is not installed here',
      allowed: 'no values with `existing`',
      remedy: 'set them where Argo CD is installed',
    });
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
