export { Template } from './template';
