import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** This package. */
export const PACKAGE = fileURLToPath(new URL('../', import.meta.url));
/** Where the bundle goes by itself. */
export const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
