/** Synthesizes a number of clusters (its argument) in one app, one stack each, and measures only the synthesis. */
import { InfrastructureStack, OllamaGpuCluster } from '@org/ollama-eks';
import { App } from 'cdktf';
import { reportMilliseconds } from './usage-hook';

const count = Number(process.argv[2]);
const started = performance.now();
const app = new App();
for (let index = 0; index < count; index++) {
  const stack = new InfrastructureStack(app, `infra-${String(index)}`, { region: 'us-west-2' });
  new OllamaGpuCluster(stack, 'cluster', {
    clusterName: `ollama-${String(index)}`,
    gpu: { instanceType: 'g5.xlarge' },
    models: [{ name: 'llama3.1:8b', contextLength: 16_384, parallel: 1 }],
  });
}
app.synth();
reportMilliseconds(performance.now() - started);
