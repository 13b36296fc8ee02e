import type { Chapter, CommandSpec } from '../program/command';
import { LISTED } from './listed';

let completion: CommandSpec | undefined;

/** Every command, in the chapters of help. */
export const COMMANDS: readonly Chapter[] = [
  {
    title: 'Everyday',
    commands: [
      { ...LISTED.init, load: () => (require('./init') as typeof import('./init')).init },
      { ...LISTED.report, load: () => (require('./report') as typeof import('./report')).report },
      { ...LISTED.doctor, load: () => (require('./doctor') as typeof import('./doctor')).doctor },
      { ...LISTED.render, load: () => (require('./render') as typeof import('./render')).render },
      { ...LISTED.diff, load: () => (require('./diff') as typeof import('./diff')).diff },
      { ...LISTED.deploy, load: () => (require('./deploy') as typeof import('./deploy')).deploy },
      { ...LISTED.status, load: () => (require('./status') as typeof import('./status')).status },
      { ...LISTED.verify, load: () => (require('./verify') as typeof import('./verify')).verify },
      { ...LISTED.prove, load: () => (require('./prove') as typeof import('./prove')).prove },
      { ...LISTED.client, load: () => (require('./client') as typeof import('./client')).client },
      { ...LISTED.destroy, load: () => (require('./destroy') as typeof import('./destroy')).destroy },
    ],
  },
  {
    title: 'Day 2',
    commands: [
      { ...LISTED.upgrade, load: () => (require('./upgrade') as typeof import('./upgrade')).upgrade },
      { ...LISTED.scale, load: () => (require('./scale') as typeof import('./scale')).scale },
      { ...LISTED.models, load: () => (require('./models') as typeof import('./models')).models },
      { ...LISTED.diagnose, load: () => (require('./diagnose') as typeof import('./diagnose')).diagnose },
      { ...LISTED.audit, load: () => (require('./audit') as typeof import('./audit')).audit },
      { ...LISTED.open, load: () => (require('./open') as typeof import('./open')).open },
      { ...LISTED.mirror, load: () => (require('./mirror') as typeof import('./mirror')).mirror },
    ],
  },
  {
    title: 'Kong and Konnect',
    commands: [
      { ...LISTED.consumers, load: () => (require('./consumers') as typeof import('./consumers')).consumers },
      { ...LISTED.kong, load: () => (require('./kong') as typeof import('./kong')).kong },
      { ...LISTED.konnect, load: () => (require('./konnect') as typeof import('./konnect')).konnect },
      { ...LISTED.github, load: () => (require('./github') as typeof import('./github')).github },
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
