import type { Zone } from './site';
import { arrow, rect, shortened, text, widthOf, type Area, type Arrow, type TextLook } from './svg';

export const WIDTH = 960;
export const CENTER = WIDTH / 2;
/** Distance between a frame and what it contains. */
export const GAP = 14;
/** Space for an arrow between two boxes. */
export const ARROW = 26;
/** Height of a line of text with its space. */
export const LINE = 20;
/** Height of a box with one line. */
export const BAR = 34;
/** Height of a box with two lines. */
export const DOUBLE = 56;
/** Height of a subnet with nothing in it. */
export const STRIP = 28;

/** Where something is from left to right. */
export type Span = Pick<Area, 'x' | 'width'>;

export const ACCOUNT: Span = { x: GAP, width: WIDTH - 2 * GAP };
export const VPC: Span = inset(ACCOUNT, GAP);
/** What is in all zones of the VPC. */
export const ACROSS: Span = inset(VPC, 2 * GAP);

/** A zone, and where its column is. */
export interface Column extends Span {
  readonly zone: Zone;
}

/** Zones that fit side by side with everything that they contain. More of them are narrower than a pool, and than a range next to its name. */
const WIDE_ZONES = 3;

export function areNarrow(columns: readonly Column[]): boolean {
  return columns.length > WIDE_ZONES;
}

/** Divides a span into that many, with a distance between them, and returns the one at an index. */
export function division({ x, width }: Span, count: number, index: number): Span {
  const each = (width - GAP * (count - 1)) / count;
  return { x: x + index * (each + GAP), width: each };
}

/** A part of the picture: what it draws, and the position at which it ends. */
export interface Part {
  readonly elements: readonly string[];
  readonly bottom: number;
}

/** Draws a box with one line. */
export function single(area: Area, words: string, look: 'card' | 'path', weight: 'bold' | 'plain' = 'bold'): string[] {
  const middle = area.y + area.height / 2 + 5;
  return [rect(area, look), text(area.x + area.width / 2, middle, words, weight, 'middle')];
}

/** Draws a box with two lines. */
export function double(area: Area, first: string, second: string): string[] {
  const center = area.x + area.width / 2;
  return [
    rect(area, 'card'),
    text(center, area.y + 24, first, 'bold', 'middle'),
    text(center, area.y + 43, shortened(second, area.width - 20, 'soft'), 'soft', 'middle'),
  ];
}

/** A text and its look. */
type Words = readonly [content: string, look: TextLook];

/** Draws a text at each end of a line. The first one is shortened to what the second one leaves. */
export function ends({ x, width }: Span, y: number, [first, firstLook]: Words, [second, secondLook]: Words): string[] {
  const space = width - (second === '' ? 0 : widthOf(second, secondLook) + 10);
  return [
    text(x, y, shortened(first, space, firstLook), firstLook),
    ...(second === '' ? [] : [text(x + width, y, second, secondLook, 'end')]),
  ];
}

/** Returns a span that is narrower by that much on each side. */
export function inset({ x, width }: Span, by: number): Span {
  return { x: x + by, width: width - 2 * by };
}

/** Returns an arrow downwards; without a look, on the path of a request. */
export function down(x: number, from: number, to: number, look: Arrow = 'request'): string {
  return arrow(
    [
      [x, from],
      [x, to],
    ],
    look,
  );
}
