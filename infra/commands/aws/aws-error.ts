import { fit } from '../words.ts';

/** Why AWS did not do what a command asked for. */
export type AwsErrorCode =
  | 'no-region'
  | 'no-credentials'
  | 'expired-credentials'
  | 'unknown-credentials'
  | 'denied'
  | 'not-found'
  | 'throttled'
  | 'no-answer'
  | 'unexpected';

/** What AWS did not do. `message` says what is missing and where to get it. */
export class AwsError extends Error {
  override name = 'AwsError';
  readonly code: AwsErrorCode;

  constructor(code: AwsErrorCode, message: string, options?: ErrorOptions) {
    super(fit(message), options);
    this.code = code;
  }
}

/** One request, for its error to name. */
export interface Asked {
  readonly service: string;
  /** As a policy names it: `cloudformation:DescribeStacks`. */
  readonly action: string;
  /** What it was for, after "to": `read the stack CachingWorkshop`. */
  readonly purpose: string;
  readonly region: string;
}

const CODES: Readonly<Record<string, AwsErrorCode>> = {
  CredentialsProviderError: 'no-credentials',
  TokenProviderError: 'no-credentials',
  ExpiredToken: 'expired-credentials',
  ExpiredTokenException: 'expired-credentials',
  RequestExpired: 'expired-credentials',
  TokenRefreshRequired: 'expired-credentials',
  AuthFailure: 'unknown-credentials',
  IncompleteSignature: 'unknown-credentials',
  InvalidAccessKeyId: 'unknown-credentials',
  InvalidClientTokenId: 'unknown-credentials',
  InvalidSignatureException: 'unknown-credentials',
  SignatureDoesNotMatch: 'unknown-credentials',
  UnrecognizedClientException: 'unknown-credentials',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  UnauthorizedOperation: 'denied',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  RequestLimitExceeded: 'throttled',
  SlowDown: 'throttled',
  TooManyRequestsException: 'throttled',
  TimeoutError: 'no-answer',
  AbortError: 'no-answer',
  ECONNREFUSED: 'no-answer',
  ECONNRESET: 'no-answer',
  EAI_AGAIN: 'no-answer',
  EHOSTUNREACH: 'no-answer',
  ENETUNREACH: 'no-answer',
  ENOTFOUND: 'no-answer',
  EPIPE: 'no-answer',
  ETIMEDOUT: 'no-answer',
};

/** A stack, parameter, instance or snapshot that is not there; each service has its own word. */
const NOT_FOUND = /NotFound|NoSuch|DoesNotExist/;

/** What the SDK threw, in words for whoever ran the command. */
export function awsError(thrown: unknown, asked: Asked): AwsError {
  if (thrown instanceof AwsError) return thrown;
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const errno = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const code = codeOf(name, errno, message);
  const said = `(${name === 'Error' ? errno : name}: ${message})`;
  return new AwsError(code, explain(code, asked, said), { cause: thrown });
}

function codeOf(name: string, errno: string, message: string): AwsErrorCode {
  const code = CODES[name] ?? CODES[errno];
  // What is left of an `aws sso login` of yesterday.
  if (code === 'no-credentials' && /expired/i.test(message)) return 'expired-credentials';
  if (code !== undefined) return code;
  if (name === 'ValidationError' && message.includes('does not exist')) return 'not-found';
  return NOT_FOUND.test(name) ? 'not-found' : 'unexpected';
}

function explain(code: AwsErrorCode, { service, action, purpose, region }: Asked, said: string): string {
  switch (code) {
    case 'no-credentials':
      return `No AWS credentials were found, which are needed to ${purpose}.

  ${said}

Get some, then run this again:
  aws login                       in a browser, as for the console (aws 2.32 on)
  aws sso login --profile NAME    with IAM Identity Center; set AWS_PROFILE=NAME
  aws configure                   with an access key of a user
docs/deploying.md begins with an account that has none.`;
    case 'expired-credentials':
      return `Your AWS credentials have expired, so it was not possible to ${purpose} ${said}.
Sign in again ("aws login", or "aws sso login"), or get new ones.`;
    case 'unknown-credentials':
      return `AWS does not accept these credentials, so it was not possible to ${purpose} ${said}.
"aws sts get-caller-identity" says which they are. A region that is off by default takes none until the account turns it on.`;
    case 'denied':
      return `These AWS credentials may not ${purpose} ${said}.
They need ${action}, in a policy of this user or role.`;
    case 'not-found':
      return `There is nothing in ${region} to ${purpose} ${said}.`;
    case 'throttled':
      return `${service} takes no more requests for now, so it was not possible to ${purpose} ${said}.
Try again in a minute.`;
    case 'no-answer':
      return `${service} in ${region} gave no answer, so it was not possible to ${purpose} ${said}.
Is there a network, and is ${region} the name of a region (AWS_REGION)?`;
    default:
      return `${service} did not answer as expected; it was not possible to ${purpose} ${said}.`;
  }
}
