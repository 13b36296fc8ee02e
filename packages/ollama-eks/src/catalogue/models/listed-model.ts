import type { ModelFigures } from '../model-figures';

/** Figures of a listed model: what a user may leave out, the catalogue states. */
export type ListedModel = ModelFigures &
  Required<Pick<ModelFigures, 'keyLength' | 'valueLength' | 'quantization' | 'verification' | 'sources'>>;

/** Listed models by name. */
export type ListedModels = Readonly<Record<string, ListedModel>>;
