import type { CheckContext } from '@workshop/lab-kit';
import type { ArticleStore } from '../contract.ts';

/** More than a client needs to connect. Who never has a hit is told so by the checks. */
const most = 10;

/**
 * Reads until there is a hit, so that what a check sees is not the start: a client may connect at its first command,
 * or refuse commands until it has connected. Both are right.
 */
export async function warmUp(
  store: Pick<ArticleStore, 'search'>,
  { observe }: Pick<CheckContext, 'observe'>,
): Promise<void> {
  for (let reads = 0; reads < most; reads++) {
    const seen = await observe(() => store.search('warming up', 1));
    if (seen.selects.length === 0) return;
  }
}
