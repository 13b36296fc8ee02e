import { waveScenarios } from '../../packages/ollama-eks/test/gitops/support/wave-scenarios';
import { installations } from '../support/installations';

installations().forEach(({ name, applications }) => waveScenarios(name, applications));
