export { type Properties, Template } from './template';
