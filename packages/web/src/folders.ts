import { fileURLToPath } from 'node:url';

/** From the sources this module lies in `src/`. The bundle is flat: its folders lie beside the program. */
const isBundle = !import.meta.url.endsWith('.ts');

const folder = (name: string): string =>
  fileURLToPath(new URL(isBundle ? `./${name}` : `../${name}`, import.meta.url));

/** The templates. */
export const VIEWS = folder('views');
/** The files that are served as they are. */
export const PUBLIC = folder('public');
/** The pages' scripts as they are served; undefined where they are bundled when first asked for. */
export const BUILT_SCRIPTS = isBundle ? folder('scripts') : undefined;
