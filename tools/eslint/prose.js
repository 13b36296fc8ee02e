/** ESLint plugin that keeps prose in plain American English: it reports the phrases of phrases.json. */
const { anywhere, messages } = require('./phrases.json');

/** What separates two words of a phrase: whitespace, or the start of a comment's or a string's next line. */
const GAP = '[\\s*/+\'"`]+';

const compile = (phrases) =>
  Object.entries(phrases).map(([phrase, use]) => ({
    use,
    pattern: new RegExp(`(?<![\\w./-])(?:${phrase.replaceAll(' ', GAP)})(?![\\w-])`, 'gi'),
  }));
const ANYWHERE = compile(anywhere);
const MESSAGES = compile(messages);

const plainEnglish = {
  meta: {
    schema: [{ type: 'object', properties: { titlesOnly: { type: 'boolean' } }, additionalProperties: false }],
    messages: { phrase: '"{{phrase}}" is not plain American English; use: {{use}}' },
  },
  create({ sourceCode, options: [{ titlesOnly = false } = {}], report }) {
    const comments = sourceCode.getAllComments();
    const strings = [];
    const isTitle = ({ parent }) =>
      parent.type === 'CallExpression' && /^(test|it|describe)/.test(sourceCode.getText(parent.callee));
    const addString = (node, text, literal) => {
      const isName = !/\s/.test(text);
      if (!isName && (!titlesOnly || isTitle(literal))) strings.push(node);
    };
    const check = (phrases, nodes) => {
      const isInside = (index) => nodes.some(({ range: [start, end] }) => start <= index && index < end);
      for (const { pattern, use } of phrases) {
        for (const { 0: phrase, index } of sourceCode.text.matchAll(pattern)) {
          const end = index + phrase.length;
          if (!isInside(index) || !isInside(end - 1)) continue;
          const loc = { start: sourceCode.getLocFromIndex(index), end: sourceCode.getLocFromIndex(end) };
          report({ loc, messageId: 'phrase', data: { phrase: phrase.replace(/\s+/g, ' '), use } });
        }
      }
    };
    return {
      Literal: (node) => typeof node.value === 'string' && addString(node, node.value, node),
      TemplateElement: (node) => addString(node, node.value.raw, node.parent),
      'Program:exit'() {
        check(ANYWHERE, [...comments, ...strings]);
        check(MESSAGES, strings);
      },
    };
  },
};

/** Hands a Markdown file to the rule as one comment with the same lines. */
const markdown = {
  preprocess: (text) => [{ text: `/*${text.replaceAll('*/', '* ')}*/`, filename: 'prose.js' }],
  postprocess: (lists) => lists.flat(),
};

module.exports = { rules: { 'plain-english': plainEnglish }, processors: { markdown } };
