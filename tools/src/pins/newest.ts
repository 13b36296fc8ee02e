import type { Releases } from '@org/ollama-eks';
import { compareVersions } from './age';

/** Longest request, in milliseconds. */
const TIMEOUT = 20_000;

/** Returns the newest released version. Throws an Error if its registry cannot be read, or lists none. */
export async function newestVersion(releases: Releases, fetch: typeof globalThis.fetch): Promise<string> {
  const read = async (url: string): Promise<string> => {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) });
    if (!response.ok) throw new Error(`${url} answers ${String(response.status)}`);
    return response.text();
  };
  const versions =
    releases.kind === 'helm'
      ? chartVersions(await read(`${releases.repository}/index.yaml`), releases.chart)
      : releasesOf(await read(`https://api.github.com/repos/${releases.repository}/releases?per_page=100`));
  const [newest] = versions.filter((version) => /^\d+(\.\d+)+$/.test(version)).sort((a, b) => compareVersions(b, a));
  if (newest === undefined) throw new Error('no release is listed');
  return newest;
}

/**
 * Returns the versions of a chart in the index of its repository. Indexes have many megabytes, all in one form.
 * @see https://helm.sh/docs/topics/chart_repository/#the-index-file
 */
export function chartVersions(index: string, chart: string): readonly string[] {
  const parts = index.split(/^ {2}(\S+):$/m);
  const at = parts.findIndex((part, position) => position % 2 === 1 && part === chart);
  return [...(parts[at + 1] ?? '').matchAll(/^ {2,4}(?:- )?version: "?([^\s"]+)"?$/gm)].map(
    ([, version = '']) => version,
  );
}

function releasesOf(body: string): readonly string[] {
  const listed = JSON.parse(body) as { readonly tag_name: string; readonly prerelease: boolean }[];
  return listed.filter(({ prerelease }) => !prerelease).map((release) => release.tag_name.replace(/^\D+/, ''));
}
