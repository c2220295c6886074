export { findTool, type FindToolOptions } from './find-tool.ts';
