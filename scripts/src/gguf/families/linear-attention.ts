// https://github.com/ggml-org/llama.cpp/blob/b10488/src/models: kimi-linear.cpp, rwkv7.cpp; src/llama-hparams.cpp (n_embd_r, n_embd_s)
import { CACHED, eachLayer, type Family, headsKv, RECURRENT } from './family';

/** Layers without KV heads are Kimi Delta Attention. */
export const KIMI_DELTA: Family = {
  architectures: ['kimi-linear'],
  layers: (header) => {
    const heads = headsKv(header);
    return eachLayer(header, (index) => ((heads[index] ?? 0) === 0 ? RECURRENT : CACHED));
  },
  state: (header) => {
    const size = header.required('kda.head_dim');
    const heads = header.perLayer('attention.head_count')?.[0] ?? 0;
    const kernel = header.number('ssm.conv_kernel') ?? 4;
    return 3 * (kernel - 1) * heads * size + size * size * heads;
  },
};

/** Nothing but RWKV layers. */
export const RWKV: Family = {
  architectures: ['rwkv6', 'rwkv6qwen2', 'rwkv7', 'arwkv7'],
  layers: (header) => eachLayer(header, () => RECURRENT),
  state: (header) => {
    const embedding = header.required('embedding_length');
    return embedding * ((header.number('token_shift_count') ?? 2) + header.required('wkv.head_size'));
  },
};
