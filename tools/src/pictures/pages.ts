import type { Synthesis } from '../examples';
import { withSection } from '../section';
import { architecture } from './architecture';
import { describeSite } from './description';
import { deploymentOrder, requestSequence } from './diagrams';
import { readSite, type Site } from './site';
import { THEMES } from './svg';

/** An example, and what its picture shows. */
export interface Pictured {
  readonly synthesis: Synthesis;
  readonly site: Site;
}

/** Reads the examples that create a cluster. The others would show only a part of an installation. */
export function readPictured(syntheses: readonly Synthesis[]): Pictured[] {
  return syntheses.flatMap((synthesis) => {
    const site = readSite(synthesis);
    return site === undefined ? [] : [{ synthesis, site }];
  });
}

/** Returns the pictures of an example by the names of their files, one for each theme. */
export function pictureFiles({ synthesis: { example }, site }: Pictured): Record<string, string> {
  return Object.fromEntries(
    Object.entries(THEMES).map(([theme, colors]) => [fileOf(example, theme), architecture(site, colors)]),
  );
}

/**
 * Returns a page with the current picture of an example, in its section `picture`.
 * @param folder Path from the page to the folder of the pictures
 */
export function withPicture(page: string, pictured: Pictured, folder: string): string {
  return withSection(page, 'picture', image(pictured, folder));
}

/**
 * Returns the page about the architecture with its current diagrams and the pictures of all examples.
 * @param shown The example that the diagrams show, which has ingress from Kong
 */
export function withArchitecture(page: string, examples: readonly Pictured[], shown: Pictured): string {
  const pictures = examples.map((pictured) => {
    const { example } = pictured.synthesis;
    return `### [${example}](../examples/${example}/README.md)\n\n${image(pictured, 'pictures')}`;
  });
  const sections = {
    request: requestSequence(shown.site),
    deployment: deploymentOrder(shown.site, shown.synthesis.stacks),
    pictures: `\n${pictures.join('\n\n')}`, // Markdown needs an empty line before a heading
  };
  return Object.entries(sections).reduce((text, [name, content]) => withSection(text, name, content), page);
}

function image({ synthesis: { example }, site }: Pictured, folder: string): string {
  const alternative = describeSite(site).replaceAll('"', '&quot;');
  return [
    '<picture>',
    `  <source media="(prefers-color-scheme: dark)" srcset="${folder}/${fileOf(example, 'dark')}">`,
    `  <img src="${folder}/${fileOf(example, 'light')}" width="960" alt="${alternative}">`,
    '</picture>',
  ].join('\n');
}

function fileOf(example: string, theme: string): string {
  return `${example}-${theme}.svg`;
}
