// https://github.com/google/go-containerregistry/blob/main/cmd/crane/doc/crane_copy.md and https://helm.sh/docs/topics/registries/
import type { ChartDownload, Downloads, ImageDownload } from '@org/ollama-eks/pure';
import { shellLine } from '../program/shell-words';

/** A private registry of ECR: account and region. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
const ECR = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/;

const FUNCTIONS = `set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# repository REGION ACCOUNT NAME: creates a repository in ECR, unless it exists
repository() {
  aws ecr describe-repositories --region "$1" --registry-id "$2" --repository-names "$3" > /dev/null 2>&1 ||
    aws ecr create-repository --region "$1" --registry-id "$2" --repository-name "$3" > /dev/null
}

# chart NAME VERSION REPOSITORY MIRROR [REGION ACCOUNT NAME]
chart() {
  if helm show chart "$4/$1" --version "$2" > /dev/null 2>&1; then
    echo "exists: $4/$1 $2"
    return
  fi
  case $3 in
    oci://*) helm pull "$3/$1" --version "$2" --destination "$folder" ;;
    *) helm pull "$1" --repo "$3" --version "$2" --destination "$folder" ;;
  esac
  if [ $# -gt 4 ]; then repository "$5" "$6" "$7"; fi
  helm push "$folder"/*.tgz "$4"
  rm "$folder"/*.tgz
  echo "copied: $4/$1 $2"
}

# image REFERENCE MIRROR TARGET [REGION ACCOUNT NAME]: a pull-through cache pulls the image when it is asked for it
image() {
  if crane digest "$2" > /dev/null 2>&1; then
    echo "exists: $2"
    return
  fi
  if [ $# -gt 3 ]; then repository "$4" "$5" "$6"; fi
  crane copy "$1" "$3"
  echo "copied: $2"
}`;

/** Returns a shell script that copies charts and images to their mirrors. It can be run again: what a mirror has stays. */
export function copyScript({ charts, images }: Downloads): string {
  const movedCharts = charts.filter(hasMirror);
  const movedImages = images.filter(hasMirror);
  const registries = [
    ...movedCharts.filter(({ mirror }) => isOci(mirror)).map(({ mirror }) => registryOf(withoutScheme(mirror))),
    ...movedImages.map(({ mirror }) => registryOf(mirror)),
  ];
  return [
    '#!/bin/sh',
    '# Copies charts and images to their mirrors, and leaves what they already have. Needs crane, helm, and for ECR aws.',
    '# Sign in first:',
    ...[...new Set(registries)].sort().flatMap(signIn),
    FUNCTIONS,
    '',
    ...movedCharts.map(chartLine),
    ...movedImages.map(imageLine),
  ].join('\n');
}

type Moved<Download extends ChartDownload | ImageDownload> = Download & { readonly mirror: string };

function hasMirror<Download extends ChartDownload | ImageDownload>(download: Download): download is Moved<Download> {
  return download.mirror !== undefined;
}

function signIn(registry: string): readonly string[] {
  const [, , region] = ECR.exec(registry) ?? [];
  const password = region === undefined ? '' : `aws ecr get-login-password --region ${region} | `;
  const user = region === undefined ? '' : ' --username AWS --password-stdin';
  return ['crane auth login', 'helm registry login'].map((login) => `#   ${password}${login}${user} ${registry}`);
}

function chartLine({ name, version, repository, mirror }: Moved<ChartDownload>): string {
  if (!isOci(mirror)) {
    return `# Helm cannot upload to ${mirror}: upload ${name} ${version} of ${repository} as its registry requires.`;
  }
  return shellLine('chart', name, version, repository, mirror, ...ecrRepository(`${withoutScheme(mirror)}/${name}`));
}

function imageLine({ reference, mirror }: Moved<ImageDownload>): string {
  // A digest stays the same, but an image that is pushed by digest has no tag, and registries delete such images.
  const target = mirror.replace(/(:[^/@:]+)@.+$/, '$1');
  return shellLine('image', reference, mirror, target, ...ecrRepository(target.replace(/(:[^/@:]+)?(@.+)?$/, '')));
}

/** Returns region, account and name of a repository in ECR; nothing for other registries. */
function ecrRepository(repository: string): readonly string[] {
  const registry = registryOf(repository);
  const [, account, region] = ECR.exec(registry) ?? [];
  return account === undefined || region === undefined ? [] : [region, account, repository.slice(registry.length + 1)];
}

function isOci(repository: string): boolean {
  return repository.startsWith('oci://');
}

function withoutScheme(repository: string): string {
  return repository.slice('oci://'.length);
}

function registryOf(reference: string): string {
  return reference.split('/', 1).join('');
}
