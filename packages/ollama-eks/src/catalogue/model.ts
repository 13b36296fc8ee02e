import type { ModelFigures } from './model-figures';

/** Figures of a listed model. */
export declare function modelFigures(name: string, property?: string): ModelFigures;
