/** Returns the first element; fails if the list is empty. */
export function first<T>(list: readonly T[]): T {
  const [element] = list;
  if (element === undefined) {
    throw new Error('expected an element, the list is empty');
  }
  return element;
}
