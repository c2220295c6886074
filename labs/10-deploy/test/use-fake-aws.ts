import { afterAll, beforeEach, vi } from 'vitest';
import { fakeAws, type FakeAws } from './fake-aws.ts';

/** A fake AWS for the tests of this file, empty before each, and an environment that leads there and nowhere else. */
export async function useFakeAws(): Promise<FakeAws> {
  const aws = await fakeAws();
  afterAll(async () => await aws.close());
  beforeEach(() => {
    // Nothing of this machine's own: no profile, no keys of an instance.
    for (const name of ['AWS_PROFILE', 'AWS_DEFAULT_REGION', 'AWS_SESSION_TOKEN'])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY');
    vi.stubEnv('AWS_ENDPOINT_URL', aws.url);
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    aws.refuse(undefined);
    aws.requests.length = 0;
    aws.accounts.clear();
    return () => vi.unstubAllEnvs();
  });
  return aws;
}
