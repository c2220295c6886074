import { readFileSync } from 'node:fs';

/** What CDK is to do in the newer of two ways, for an `App` that CDK's command line does not start: the context of `cdk.json`. */
export function cdkFlags(): Record<string, unknown> {
  const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8')) as {
    readonly context: Record<string, unknown>;
  };
  return context;
}
