import type { Chapter } from '../program/command';
import { audit } from './audit';
import { client } from './client';
import { completion } from './completion';
import { consumers } from './consumers';
import { deploy } from './deploy';
import { destroy } from './destroy';
import { diagnose } from './diagnose';
import { diff } from './diff';
import { doctor } from './doctor';
import { github } from './github';
import { init } from './init';
import { kong } from './kong';
import { konnect } from './konnect';
import { mirror } from './mirror';
import { models } from './models';
import { open } from './open';
import { prove } from './prove';
import { render } from './render';
import { report } from './report';
import { scale } from './scale';
import { status } from './status';
import { upgrade } from './upgrade';
import { verify } from './verify';

/** Every command, in the chapters of help. */
export const COMMANDS: readonly Chapter[] = [
  { title: 'Everyday', commands: [init, report, doctor, render, diff, deploy, status, verify, prove, client, destroy] },
  { title: 'Day 2', commands: [upgrade, scale, models, diagnose, audit, open, mirror] },
  { title: 'Kong and Konnect', commands: [consumers, kong, konnect, github] },
  { title: 'Shell', commands: [completion(() => COMMANDS)] },
];
