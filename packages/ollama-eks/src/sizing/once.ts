/** Returns a function that computes a value at its first call, and returns the same value at later ones. */
export function once<Value>(compute: () => Value): () => Value {
  let result: { readonly value: Value } | undefined;
  return () => (result ??= { value: compute() }).value;
}
