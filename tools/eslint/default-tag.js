/** ESLint plugin that keeps `@default` in one form: `@default - prose`, or a value as code, which prose may explain. */

/** A comment's text without its stars, from `@default` to the next tag. */
const TAG = /@default\b(?<text>[^@]*)/g;
const PROSE = /^- \S/;
/** A literal, a list, an object, or the name of a constant. */
const VALUE = /^('[^']*'|-?\d[\d._]*|true|false|\[.*\]|\{.*\}|[A-Z][\w]*(\.[A-Z_\d]+)?)( - \S.*)?$/;

const defaultTag = {
  meta: {
    schema: [],
    messages: { form: '"@default {{text}}": write prose with a dash (@default - none), values as code (@default 3)' },
  },
  create({ sourceCode, report }) {
    return {
      Program() {
        for (const { type, value, range } of sourceCode.getAllComments()) {
          if (type !== 'Block' || !value.startsWith('*')) continue;
          for (const { index, groups } of value.matchAll(TAG)) {
            const text = groups.text
              .replace(/\n\s*\*/g, ' ')
              .replace(/\s+/g, ' ')
              .trim();
            if (PROSE.test(text) || VALUE.test(text)) continue;
            const start = range[0] + '/*'.length + index;
            const loc = {
              start: sourceCode.getLocFromIndex(start),
              end: sourceCode.getLocFromIndex(start + '@default'.length),
            };
            report({ loc, messageId: 'form', data: { text } });
          }
        }
      },
    };
  },
};

module.exports = { rules: { 'default-tag': defaultTag } };
