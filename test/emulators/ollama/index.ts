/** A server with Ollama's API, and the `ollama` command that talks to it. */
export { noFaults, type OllamaFaults, type PullFault } from './faults';
export { type StoredModel } from './model-store';
export { OllamaCli } from './ollama-cli';
export { OLLAMA_VERSION, OllamaEmulator, type OllamaEmulatorOptions, type ReceivedRequest } from './ollama-emulator';
export { digestOf, type RegistryModel } from './registry';
