/** Version of this program. */
export const VERSION = (require('../../package.json') as { readonly version: string }).version;
