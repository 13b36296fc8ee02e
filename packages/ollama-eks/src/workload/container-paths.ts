/** Paths of the models, the key pair and the scratch space in the container; everything else is read-only. */
export const MODELS_PATH = '/models';
/** Where containers find their script and their table of models. */
export const CONFIG_PATH = '/etc/ollama-eks';
export const HOME_PATH = '/home/ollama';
export const TEMPORARY_PATH = '/tmp';
