/** Finds what a synthesized project would download, or call, on the public internet. */
import { CURL_IMAGE, DOWNLOADS_FILE, OLLAMA_IMAGE, SUMMARY_FILE } from '@org/ollama-eks';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHART_IMAGES } from '../../packages/ollama-eks/src/catalogue/chart-images';
import { CHARTS, type PublishedChart } from '../../packages/ollama-eks/src/catalogue/chart-versions';
import { ISTIO_MINORS } from '../../packages/ollama-eks/src/catalogue/istio-versions';
import { parseImageReference } from '../../packages/ollama-eks/src/gitops/image-reference';

/** Hosts of registries that the catalogue does not use, but that an image or a chart could be on. */
const OTHER_REGISTRIES = [
  'docker.com',
  'gcr.io',
  'mcr.microsoft.com',
  'registry.k8s.io',
  'huggingface.co',
  'ollama.ai',
];
/** Hosts and addresses inside the cluster or the pod. */
const INSIDE = /^(localhost|127\.0\.0\.1|169\.254\.\d+\.\d+|[a-z0-9-]+|.*\.(svc|svc\.cluster\.local|local))$/;
/** Schemes of network protocols; `spiffe://` and the like name something without calling it. */
const URL = /\b(?:https?|oci|ssh|git|wss?):\/\/(?:[^\s/@"'`]+@)?([A-Za-z0-9.-]+)/g;

const charts = Object.values<PublishedChart>(CHARTS);
const hostOf = (url: string) => url.replace(/^[a-z]+:\/\//, '').replace(/\/.*/, '');

/** Hosts that the catalogue's charts and images are published on. */
const PUBLIC_HOSTS: readonly string[] = [
  ...new Set([
    ...[...charts, ...ISTIO_MINORS.map(({ gatewayApi }) => gatewayApi)].map(({ repository }) => hostOf(repository)),
    ...[...CHART_IMAGES.values()].flatMap((images) => images.map(({ repository }) => hostOf(repository))),
    ...[OLLAMA_IMAGE, CURL_IMAGE].map(({ repository }) => parseImageReference(repository).registry),
    ...OTHER_REGISTRIES,
  ]),
];

/** Patterns of lines that name a public host anywhere, by host. */
const PUBLIC = new Map(PUBLIC_HOSTS.map((host) => [host, new RegExp(`(^|[^a-z0-9.-])${escape(host)}([/:"']|$)`)]));

/** A host that a file names. */
interface NamedHost {
  readonly file: string;
  readonly line: string;
  readonly host: string;
}

/**
 * Returns the hosts that the files of a synthesis name: those of any URL, and public registries anywhere. What nothing calls does
 * not count: whole-line comments of YAML and of shell scripts in it, Terraform's descriptions and error messages, and files for
 * `ollama-eks`: the summary, with the sources of prices, and the list of downloads, with what they replace.
 */
export function namedHosts(folder: string, allowed: readonly string[]): readonly NamedHost[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && ![SUMMARY_FILE, DOWNLOADS_FILE].includes(entry.name),
  );
  return files.flatMap(({ parentPath, name }) => {
    const file = join(parentPath, name);
    return readFileSync(file, 'utf8')
      .split(name.endsWith('.json') ? /\n|\\n/ : '\n')
      .filter((line) => !/^\s*(#|"(description|error_message)": )/.test(line))
      .flatMap((line) =>
        hostsIn(line).map((host) => ({ file: file.slice(folder.length + 1), line: line.trim(), host })),
      )
      .filter(({ host }) => !allowed.includes(host));
  });
}

function hostsIn(line: string): readonly string[] {
  const called = [...line.matchAll(URL)].map(([, host = '']) => host).filter((host) => !INSIDE.test(host));
  const registries = PUBLIC_HOSTS.filter((host) => PUBLIC.get(host)?.test(line));
  return [...new Set([...called, ...registries])];
}

function escape(text: string): string {
  return text.replaceAll('.', '\\.');
}
