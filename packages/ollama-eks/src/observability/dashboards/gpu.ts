import type { Dashboard, Panel, Unit } from './dashboard';

function perGpu(title: string, description: string, unit: Unit, expr: string): Panel {
  return { title, description, unit, queries: [{ expr, legend: '{{pool}} {{Hostname}} GPU {{gpu}}' }] };
}

/** The GPUs, as NVIDIA's driver reports them. */
export const GPU: Dashboard = {
  uid: 'ollama-gpu',
  title: 'Ollama: GPUs',
  panels: [
    perGpu('Utilization', 'Share of the time in which the GPU has worked.', 'percent', 'DCGM_FI_DEV_GPU_UTIL'),
    perGpu('Used memory', 'Memory of models, contexts and buffers.', 'mbytes', 'DCGM_FI_DEV_FB_USED'),
    perGpu('Free memory', 'Memory that is left.', 'mbytes', 'DCGM_FI_DEV_FB_FREE'),
    perGpu('Power', 'Power that the GPU draws.', 'watt', 'DCGM_FI_DEV_POWER_USAGE'),
    perGpu('Temperature', 'Temperature of the GPU.', 'celsius', 'DCGM_FI_DEV_GPU_TEMP'),
    perGpu(
      'Last error',
      "Number of the last Xid error since the node's start; 0 is none.",
      'short',
      'DCGM_FI_DEV_XID_ERRORS',
    ),
  ],
};
