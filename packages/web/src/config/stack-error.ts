/** Why a stack, or a secret that it names, gives no configuration. */
export type StackErrorCode =
  | 'no-region'
  | 'no-credentials'
  | 'expired-credentials'
  | 'unknown-credentials'
  | 'denied'
  | 'no-stack'
  | 'stack-not-ready'
  | 'no-output'
  | 'bad-output'
  | 'no-secret'
  | 'bad-secret'
  | 'throttled'
  | 'no-answer'
  | 'unexpected';

/** What AWS did not give. `message` says what is missing and what to do; it never holds a secret. */
export class StackError extends Error {
  override name = 'StackError';
  readonly code: StackErrorCode;

  constructor(code: StackErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One question to AWS, for its error to name. */
export interface Asked {
  readonly service: 'CloudFormation' | 'Secrets Manager';
  /** As a policy names it. */
  readonly action: string;
  /** `the stack WorkshopStack` */
  readonly thing: string;
  readonly region: string;
}

const CODES: Record<string, StackErrorCode> = {
  CredentialsProviderError: 'no-credentials',
  ExpiredToken: 'expired-credentials',
  ExpiredTokenException: 'expired-credentials',
  RequestExpired: 'expired-credentials',
  TokenRefreshRequired: 'expired-credentials',
  AuthFailure: 'unknown-credentials',
  IncompleteSignature: 'unknown-credentials',
  InvalidClientTokenId: 'unknown-credentials',
  InvalidSignatureException: 'unknown-credentials',
  SignatureDoesNotMatch: 'unknown-credentials',
  UnrecognizedClientException: 'unknown-credentials',
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  UnauthorizedOperation: 'denied',
  // Secrets Manager's word for a key that these credentials may not use.
  DecryptionFailure: 'denied',
  ResourceNotFoundException: 'no-secret',
  // What a secret that waits for its deletion answers.
  InvalidRequestException: 'no-secret',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  RequestLimitExceeded: 'throttled',
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

/** What the SDK threw, in words for whoever started the demo. */
export function stackError(thrown: unknown, asked: Asked): StackError {
  if (thrown instanceof StackError) return thrown;
  const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const errno = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const isMissingStack = name === 'ValidationError' && message.includes('does not exist');
  const code = isMissingStack ? 'no-stack' : (CODES[name] ?? CODES[errno] ?? 'unexpected');
  const said = `(${name === 'Error' ? errno : name}: ${message})`;
  return new StackError(code, explain(code, asked, said), { cause: thrown });
}

function explain(code: StackErrorCode, { service, action, thing, region }: Asked, said: string): string {
  switch (code) {
    case 'no-credentials':
      return `No AWS credentials were found to read ${thing} with ${said}. Sign in with "aws configure" or "aws sso login", or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; on a server, give the instance a role.`;
    case 'expired-credentials':
      return `The AWS credentials have expired, so ${thing} was not read. Sign in again ("aws sso login"), or get new ones.`;
    case 'unknown-credentials':
      return `AWS does not accept these credentials, so ${thing} was not read ${said}. "aws sts get-caller-identity" says which they are.`;
    case 'denied':
      return `These AWS credentials may not read ${thing} ${said}. Allow ${action} on it in the policy of this user or, on a server, of the instance's role.`;
    case 'no-stack':
      return `There is no stack of this name in ${region}: ${thing}. Deploy it, correct WORKSHOP_STACK, or set AWS_REGION to the region it is in.`;
    case 'no-secret':
      return `${upperFirst(thing)} is not to be had in ${region} ${said}. Was it deleted, or is it in another region?`;
    case 'throttled':
      return `${service} takes no more requests for now, so ${thing} was not read ${said}. Try again in a minute.`;
    case 'no-answer':
      return `${service} in ${region} gave no answer about ${thing} ${said}. Is there a network, a route to AWS, and is that the name of a region?`;
    default:
      return `${service} did not answer as expected about ${thing} ${said}.`;
  }
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
