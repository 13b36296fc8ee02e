/** Colors of a picture, by the name of the class that uses them. */
export interface Theme {
  readonly page: string;
  readonly text: string;
  readonly soft: string;
  readonly line: string;
  readonly frame: string;
  readonly card: string;
  readonly path: string;
  readonly pathCard: string;
  readonly gpu: string;
  readonly gpuCard: string;
  readonly track: string;
}

/** GitHub's own colors, so that a picture belongs to the page. */
export const THEMES: Readonly<Record<'light' | 'dark', Theme>> = {
  light: {
    page: '#ffffff',
    text: '#1f2328',
    soft: '#59636e',
    line: '#c8d1da',
    frame: '#f6f8fa',
    card: '#ffffff',
    path: '#0969da',
    pathCard: '#ddf4ff',
    gpu: '#1a7f37',
    gpuCard: '#dafbe1',
    track: '#d1d9e0',
  },
  dark: {
    page: '#0d1117',
    text: '#f0f6fc',
    soft: '#9198a1',
    line: '#3d444d',
    frame: '#151b23',
    card: '#0d1117',
    path: '#4493f8',
    pathCard: '#12233a',
    gpu: '#3fb950',
    gpuCard: '#12261a',
    track: '#3d444d',
  },
};

/** A rectangle, in units of the picture. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How a rectangle is drawn: the class of its colors. */
export type Look = 'frame' | 'card' | 'path' | 'gpu' | 'standby' | 'track' | 'fill';

/** Where a text is anchored. */
export type Anchor = 'start' | 'middle' | 'end';

const ARROWS = ['request', 'aside'] as const;

/** The path of a request, or another connection. */
export type Arrow = (typeof ARROWS)[number];

/** Returns a complete picture with a text alternative. */
export function document(
  { width, height }: Pick<Area, 'width' | 'height'>,
  { title, description }: { readonly title: string; readonly description: string },
  theme: Theme,
  body: readonly string[],
): string {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${styleOf(theme)}</style>`,
    `<defs>${ARROWS.map(headOf).join('')}</defs>`,
    `<rect class="page" width="${String(width)}" height="${String(height)}" rx="8"/>`,
    ...body,
    '</svg>',
  ].join('\n')}\n`;
}

export function rect({ x, y, width, height }: Area, look: Look, radius = 6): string {
  return `<rect class="${look}" x="${num(x)}" y="${num(y)}" width="${num(width)}" height="${num(height)}" rx="${num(radius)}"/>`;
}

/** Sizes of texts. */
const FONT_SIZE = { bold: 14, plain: 14, soft: 12.5 };
/** How a text is drawn. */
export type TextLook = keyof typeof FONT_SIZE;
/** Average width of a character, as a share of its size: that of DejaVu Sans, the widest font that a browser may have to take. */
const CHARACTER: Readonly<Record<TextLook, number>> = { bold: 0.62, plain: 0.52, soft: 0.54 };

/** Returns the width of a text, as an estimate: the fonts of readers differ. */
export function widthOf(content: string, look: TextLook): number {
  return content.length * FONT_SIZE[look] * CHARACTER[look];
}

/** Returns a text that is at most that wide, with an ellipsis for what is left out. */
export function shortened(content: string, width: number, look: TextLook): string {
  if (widthOf(content, look) <= width) return content;
  return `${content.slice(0, Math.max(0, Math.floor(width / (FONT_SIZE[look] * CHARACTER[look])) - 1))}…`;
}

/** Returns one line of text. */
export function text(x: number, y: number, content: string, look: TextLook, anchor: Anchor = 'start'): string {
  const place = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text class="${look}" x="${num(x)}" y="${num(y)}"${place}>${escaped(content)}</text>`;
}

/** Returns a line with a head at its end; `aside` is dashed. */
export function arrow(points: readonly (readonly [number, number])[], look: Arrow): string {
  const path = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${num(x)} ${num(y)}`).join('');
  return `<path class="${look}" d="${path}" marker-end="url(#head-${look})"/>`;
}

function headOf(look: Arrow): string {
  return `<marker id="head-${look}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path class="head-${look}" d="M0 0 8 4 0 8Z"/></marker>`;
}

function styleOf(theme: Theme): string {
  return [
    `text{font:${String(FONT_SIZE.plain)}px -apple-system,"Segoe UI","Noto Sans",Helvetica,Arial,sans-serif;fill:${theme.text}}`,
    '.bold{font-weight:600}',
    `.soft{font-size:${String(FONT_SIZE.soft)}px;fill:${theme.soft}}`,
    `rect{stroke:${theme.line};stroke-width:1}`,
    `.page{fill:${theme.page};stroke:none}`,
    `.frame{fill:${theme.frame}}`,
    `.card{fill:${theme.card}}`,
    `.path{fill:${theme.pathCard};stroke:${theme.path}}`,
    `.gpu{fill:${theme.gpuCard};stroke:${theme.gpu}}`,
    `.standby{fill:none;stroke:${theme.gpu};stroke-dasharray:5 4}`,
    `.track{fill:${theme.track};stroke:none}`,
    `.fill{fill:${theme.gpu};stroke:none}`,
    `path{fill:none;stroke-width:2}`,
    `.request{stroke:${theme.path}}`,
    `.aside{stroke:${theme.soft};stroke-width:1.5;stroke-dasharray:5 4}`,
    `.head-request{fill:${theme.path};stroke:none}`,
    `.head-aside{fill:${theme.soft};stroke:none}`,
  ].join('');
}

function num(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
