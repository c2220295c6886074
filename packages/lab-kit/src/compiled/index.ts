export { compileProgram, type Program } from './compile.ts';
export { giveModules, isGiving } from './given.ts';
export { loadCompiled } from './load.ts';
