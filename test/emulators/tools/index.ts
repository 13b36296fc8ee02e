export { readToolState, TOOL_NAMES, writeExecutables, type ToolBench } from './executables';
export { CLUSTER, renameCluster, synthProject, writeProject } from './project';
export { newToolState, type ToolAnswer, type ToolCall, type ToolState } from './state';
export { isWrite, runTool, TERRAFORM_SECONDS, type ToolSurroundings } from './tools';
