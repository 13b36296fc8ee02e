// https://github.com/ggml-org/llama.cpp/blob/b10488/src/models/lfm2.cpp and src/llama-hparams.cpp (n_embd_r)
import { CACHED, eachLayer, type Family, headsKv, RECURRENT } from './family';

/** Layers without KV heads are short convolutions: LFM2. */
export const SHORT_CONVOLUTION: Family = {
  architectures: ['lfm2', 'lfm2moe'],
  layers: (header) => {
    const heads = headsKv(header);
    const window = header.number('attention.sliding_window') ?? 0;
    const attention = window > 0 && header.architecture === 'lfm2' ? { cached: true, window } : CACHED;
    return eachLayer(header, (index) => ((heads[index] ?? 0) === 0 ? RECURRENT : attention));
  },
  state: (header) => header.required('embedding_length') * (header.required('shortconv.l_cache') - 1),
};
