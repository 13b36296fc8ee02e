import { ValidationError } from '../errors';
import { type IConstruct, Token } from '../framework';
import type { ArgoCdDeliveryProps } from './argo-cd-delivery';
import { checkRevision } from './revision';

/** A repository by HTTPS or SSH. @see https://git-scm.com/docs/git-clone#_git_urls */
const REPOSITORY = /^(https:\/\/|ssh:\/\/|[\w.-]+@)[\w.-]+[:/][^\s?#]+$/;
/** User and password in a URL; the user alone is no secret. */
const PASSWORD = /\/\/[^/@]*:[^/@]*@/;
/** A path below the root of a repository. */
const PATH = /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;

/** Refuses props of an `ArgoCdDelivery` that Argo CD would refuse, or that mean nothing. */
export function checkArgoCdProps(props: ArgoCdDeliveryProps, scope: IConstruct): void {
  const { repository, revision, path, existing = false } = props;
  const refuse = (
    property: keyof ArgoCdDeliveryProps,
    value: unknown,
    problem: string,
    allowed: string,
    remedy: string,
  ) => {
    throw new ValidationError({ property, value, problem, allowed, remedy }, scope);
  };
  for (const [property, value] of Object.entries({ repository, revision, path })) {
    if (Token.isUnresolved(value)) {
      const remedy = 'give the value itself';
      refuse(property as 'repository', undefined, 'is only known at apply', 'values known at synth', remedy);
    }
  }
  if (PASSWORD.test(repository)) {
    const problem = 'has credentials in it, which would end in state and cluster';
    refuse('repository', undefined, problem, 'a URL without credentials', 'use `repositorySecret`');
  }
  if (!REPOSITORY.test(repository)) {
    const allowed = 'https://host/path, ssh://host/path or user@host:path';
    refuse('repository', repository, 'is no address of a Git repository', allowed, 'give its clone URL');
  }
  checkRevision('revision', revision);
  if (!PATH.test(path)) {
    const allowed = 'a relative path of letters, digits, "-", "_" and "."';
    refuse('path', path, 'is no path in a repository', allowed, 'give the path of the tree, e.g. argocd/g5-12xlarge');
  }
  if (existing && props.values !== undefined) {
    const problem = 'would be values of an Argo CD that is not installed here';
    refuse('values', undefined, problem, 'no values with `existing`', 'set them where Argo CD is installed');
  }
}
