import { waveScenarios } from '../../packages/ollama-eks/test/gitops/support/wave-scenarios';
import { committedInstallations } from '../support/committed-trees';
import { installations } from '../support/installations';

[...installations(), ...committedInstallations()].forEach(({ name, applications }) =>
  waveScenarios(name, applications),
);
