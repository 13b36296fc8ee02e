import type { Chapter, ChapterEntry, CommandSpec, GroupSpec } from '../program/command';
import { LISTED } from './listed';

let completion: CommandSpec | undefined;

/** Every command, in the chapters of help. */
export const COMMANDS: readonly Chapter[] = [
  {
    title: 'Everyday',
    commands: [
      entry('init', () => require('./init') as typeof import('./init')),
      entry('report', () => require('./report') as typeof import('./report')),
      entry('doctor', () => require('./doctor') as typeof import('./doctor')),
      entry('render', () => require('./render') as typeof import('./render')),
      entry('diff', () => require('./diff') as typeof import('./diff')),
      entry('deploy', () => require('./deploy') as typeof import('./deploy')),
      entry('status', () => require('./status') as typeof import('./status')),
      entry('verify', () => require('./verify') as typeof import('./verify')),
      entry('prove', () => require('./prove') as typeof import('./prove')),
      entry('client', () => require('./client') as typeof import('./client')),
      entry('destroy', () => require('./destroy') as typeof import('./destroy')),
    ],
  },
  {
    title: 'Day 2',
    commands: [
      entry('upgrade', () => require('./upgrade') as typeof import('./upgrade')),
      entry('scale', () => require('./scale') as typeof import('./scale')),
      entry('models', () => require('./models') as typeof import('./models')),
      entry('diagnose', () => require('./diagnose') as typeof import('./diagnose')),
      entry('audit', () => require('./audit') as typeof import('./audit')),
      entry('open', () => require('./open') as typeof import('./open')),
      entry('mirror', () => require('./mirror') as typeof import('./mirror')),
    ],
  },
  {
    title: 'Kong and Konnect',
    commands: [
      entry('consumers', () => require('./consumers') as typeof import('./consumers')),
      entry('kong', () => require('./kong') as typeof import('./kong')),
      entry('konnect', () => require('./konnect') as typeof import('./konnect')),
      entry('github', () => require('./github') as typeof import('./github')),
    ],
  },
  {
    title: 'Shell',
    commands: [
      {
        ...LISTED.completion,
        load: () =>
          (completion ??= (require('./completion') as typeof import('./completion')).completion(() => COMMANDS)),
      },
    ],
  },
];

/** Returns a command of the list. Its file declares it under the same name. */
function entry<Name extends keyof typeof LISTED>(
  name: Name,
  load: () => Readonly<Record<Name, CommandSpec | GroupSpec>>,
): ChapterEntry {
  return { ...LISTED[name], load: () => load()[name] };
}
