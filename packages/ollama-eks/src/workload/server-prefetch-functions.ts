/**
 * Functions of the server's script that bring the weights to the page cache while the server starts.
 *
 * Ollama maps the weights, and llama.cpp reads the mapping from start to end with one thread. With the read-ahead of 128 KiB that
 * Linux has for EBS volumes, that thread waits for the disk most of the time. On an emulated volume with 0.7 ms per request and
 * 1000 MiB/s it got 326 MiB/s; next to these readers, 917 MiB/s. With a read-ahead of 1 MiB it would get 960 MiB/s, but only user
 * data of AL2023 can set that, not Bottlerocket, nor nodes that exist.
 * @see https://github.com/ggml-org/llama.cpp/blob/b10488/src/llama-mmap.cpp (llama_mmap)
 * @see https://github.com/ollama/ollama/issues/18373
 *
 * The server's own container reads, since pages count for the container that reads them first. Its `ollama serve` replaces the
 * shell, so the readers end as children of a process that does not wait for them: one defunct process remains.
 */
export const PREFETCH_FUNCTIONS = String.raw`# Reads the weights in the order in which they are loaded, at most PREFETCH_MIB: more would displace what was read first.
prefetch() {
  left=$PREFETCH_MIB
  each_model weights_file | awk '!seen[$0]++' | while IFS= read -r file; do
    size=$((($(stat -c %s "$file") + 1048575) / 1048576))
    [ "$size" -le "$left" ] || size=$left
    left=$((left - size))
    seq 0 64 $((size - 1)) |
      xargs -r -P 8 -I '{}' dd "if=$file" of=/dev/null bs=1M count=64 skip='{}' status=none
  done
}

# Prints the file of the weights, if the model has been pulled.
weights_file() {
  [ ! -e "$manifest" ] || for blob in $(weights_of "$manifest" | tr : -); do
    [ ! -e "$OLLAMA_MODELS/blobs/$blob" ] || echo "$OLLAMA_MODELS/blobs/$blob"
  done
}
`;
