/** Under this name a process holds the function that gives a module by its name. */
export const givenSymbol = 'workshop.given';

/** Lets programs that are loaded from now on have these modules. */
export function giveModules(modules: Record<string, () => unknown>): void {
  Object.defineProperty(globalThis, Symbol.for(givenSymbol), {
    value: (name: string) => modules[name]?.(),
    configurable: true,
  });
}

/** This process gives modules, so it can load programs that count on it. */
export function isGiving(): boolean {
  return Symbol.for(givenSymbol) in globalThis;
}
