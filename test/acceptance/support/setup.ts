import { locateTools } from './tools';

export default locateTools;
