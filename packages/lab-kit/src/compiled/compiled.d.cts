export interface CompiledProgram {
  /** What was asked for, beyond the files: another key is another program. */
  key: string;
  code: string;
  /** Every file whose change makes it stale. */
  inputs: readonly string[];
}

export function findCompiled(folder: string, name: string, key: string): string | undefined;
export function keepCompiled(folder: string, name: string, program: CompiledProgram): string;
export function loadCompiled(file: string, use?: string): { exports: unknown; saveCodeCache: () => void };
export function removeOld(folder: string, isOurs: (name: string) => boolean): void;
export function writeWhole(path: string, content: string | Buffer): void;
