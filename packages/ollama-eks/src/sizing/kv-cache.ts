/** Type of the KV cache (`OLLAMA_KV_CACHE_TYPE`). `q8_0` and `q4_0` need flash attention. */
export type KvCacheType = 'f16' | 'q8_0' | 'q4_0';
