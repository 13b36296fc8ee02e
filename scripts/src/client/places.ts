import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Context } from '../program/context';
import { projectDirectory } from '../project/project';
import type { Places } from './tool-config';
import { targetOf } from '../program/user-file';

/** Variables that name a folder. */
const FOLDERS = ['HOME', 'XDG_STATE_HOME', 'XDG_CONFIG_HOME', 'CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'QWEN_HOME'];

/**
 * Returns where the files of the user and of the project are. An empty variable counts as unset, and a relative folder as absolute,
 * and the project is not named by a symbolic link: otherwise `off` would not find it from elsewhere.
 */
export function placesOf(context: Context): Places {
  const { platform } = process;
  const folders = FOLDERS.map((name) => {
    const folder = context.environment[name];
    return [name, folder === undefined || folder === '' ? undefined : resolve(context.directory, folder)] as const;
  });
  const environment = { ...context.environment, ...Object.fromEntries(folders) };
  const project = targetOf(projectDirectory(context));
  return { home: environment['HOME'] ?? userInfo().homedir, project, platform, environment };
}
