import compiled from './compiled.cjs';

/** Runs a compiled file. @returns what it exports */
export function loadCompiled(file: string): unknown {
  const { exports, saveCodeCache } = compiled.loadCompiled(file);
  saveCodeCache();
  return exports;
}
