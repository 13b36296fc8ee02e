/** The first element; fails where there is none. */
export function first<T>(list: readonly T[]): T {
  const [element] = list;
  if (element === undefined) {
    throw new Error('expected an element, the list is empty');
  }
  return element;
}
