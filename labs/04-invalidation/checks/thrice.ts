/**
 * A client that gives up on Redis after a few hundred ms misses a hit when the machine is that busy. So what is judged by a
 * miss gets three attempts, and counts when it fails in all of them.
 *
 * @param attempt gives what is wrong, or undefined
 */
export async function thrice<T>(attempt: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let attempts = 1; ; attempts++) {
    const wrong = await attempt();
    if (wrong === undefined || attempts === 3) return wrong;
  }
}
