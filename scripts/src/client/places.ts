import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Context } from '../program/context';
import { projectDirectory } from '../project/project';
import type { Places } from './tool-config';

/** Variables that name a folder. */
const FOLDERS = ['HOME', 'XDG_STATE_HOME', 'XDG_CONFIG_HOME', 'CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'QWEN_HOME'];

/**
 * Returns where the files of the user and of the project are. An empty variable counts as unset, and a relative folder as absolute:
 * otherwise `off` would not find it from elsewhere.
 */
export function placesOf(context: Context): Places {
  const { platform } = process;
  const folders = FOLDERS.map((name) => {
    const folder = context.environment[name];
    return [name, folder === undefined || folder === '' ? undefined : resolve(context.directory, folder)] as const;
  });
  const environment = { ...context.environment, ...Object.fromEntries(folders) };
  return { home: environment['HOME'] ?? userInfo().homedir, project: projectDirectory(context), platform, environment };
}
