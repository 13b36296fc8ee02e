import { join } from 'node:path';
import { KONG_CONTEXT } from '@org/ollama-eks/pure';
import type { Context } from '../program/context';
import { setJson } from '../program/json-text';
import { readTextFile } from '../program/text-file';
import { replaceUserFile } from '../program/user-file';

/** What Konnect reports only after a first deployment has started. */
export interface KongFacts {
  /** AWS account that the Kong network runs in. */
  readonly kongProviderAccountId?: string | undefined;
  /** The attachment that Kong has requested. */
  readonly kongAttachmentId?: string | undefined;
}

/**
 * Writes what is known about Kong to the context of `cdktf.json`, where every later synth reads it. Keeps the rest of the file and its
 * format. Returns whether the file has changed.
 */
export function rememberKong(directory: string, cluster: string, facts: KongFacts): boolean {
  return write(directory, cluster, facts);
}

/** Removes what `rememberKong` wrote, and says so if the file has changed. */
export function forgetKong({ reporter }: Pick<Context, 'reporter'>, directory: string, cluster: string): void {
  if (!write(directory, cluster, undefined)) return;
  reporter.note("removed Kong's account and attachment from the context of cdktf.json: commit it");
}

function write(directory: string, cluster: string, facts: KongFacts | undefined): boolean {
  const path = join(directory, 'cdktf.json');
  const before = readTextFile(path);
  const after = setJson(path, before, ['context', KONG_CONTEXT, cluster], facts);
  if (after !== before) replaceUserFile(path, after);
  return after !== before;
}
