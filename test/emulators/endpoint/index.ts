/** Kong with Ollama behind it, as clients and `ollama-eks verify` see them: streams in all APIs, and faults on request. */
export type { EmulatedModel } from './emulated-model';
export { EndpointEmulator, type EndpointRequest } from './endpoint-emulator';
export { noEndpointFaults, type EndpointFaults } from './faults';
export type { ToolArguments } from './forms';
