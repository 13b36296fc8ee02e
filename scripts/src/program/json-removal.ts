// https://github.com/microsoft/node-jsonc-parser
import { createScanner, findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';

/**
 * Returns a JSON text without the property at a path, and without the objects that become empty. Comments stay, even those in the same
 * line, and the rest is valid JSON: the comma in front of a last property is removed, too.
 */
export function withoutProperty(text: string, path: readonly string[]): string {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const property = tree && findNodeAtLocation(tree, [...path])?.parent;
  if (property?.parent === undefined) return text;
  const left = withoutNode(text, property, property.parent);
  const { offset, children = [] } = property.parent;
  const isEmptied = children.length === 1 && path.length > 1 && /^\{\s*\}/.test(left.slice(offset));
  return isEmptied ? withoutProperty(left, path.slice(0, -1)) : left;
}

function withoutNode(text: string, property: Node, { children = [] }: Node): string {
  const previous = children[children.indexOf(property) - 1];
  const [start, end] = [property.offset, endOf(property)];
  const after = commaAfter(text, end);
  if (after !== undefined) return withoutGap(cut(cut(text, after, after + 1), start, end), start);
  const before = previous && commaAfter(text, endOf(previous));
  const left = cut(text, start, end);
  return before === undefined ? withoutGap(left, start) : withoutGap(cut(left, before, before + 1), start - 1);
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

/** Returns where the comma after a value is, behind white space and comments; undefined if there is none. */
function commaAfter(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  scanner.scan();
  const token = scanner.getTokenOffset();
  return text[token] === ',' ? token : undefined;
}

/** Removes the line at an offset if it is blank, and otherwise the white space after, or at the end of the line before, the offset. */
function withoutGap(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const found = text.indexOf('\n', offset);
  const end = found < 0 ? text.length : found + 1;
  const [before, after] = [text.slice(start, offset), text.slice(offset, end)];
  const isLast = after.trim() === '';
  if (isLast && before.trim() === '') return cut(text, start, end);
  const line = isLast ? before.trimEnd() + after : before + after.replace(/^[ \t]+/, '');
  return text.slice(0, start) + line + text.slice(end);
}

function cut(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(end);
}
