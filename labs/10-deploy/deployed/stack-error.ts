/** A deployed stack could not be looked at: the message says what is missing and what to do. */
export class StackError extends Error {
  override name = 'StackError';
}

/** The request that failed. */
export interface Asked {
  readonly service: string;
  /** As the service calls it: `DescribeStacks`. */
  readonly action: string;
  readonly stackName: string;
  readonly region: string;
}

/** What the SDK throws, which is an error of AWS's service, of the credentials' search, or of the network. */
interface Thrown {
  name: string;
  message: string;
  code?: string;
}

const unknownKeys = new Set([
  'AuthFailure',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);
const expired = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']);
const refused = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation']);
const unreachable = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

export function stackError(thrown: unknown, asked: Asked): StackError {
  return new StackError(explain(thrown as Thrown, asked), { cause: thrown });
}

function explain({ name, message, code }: Thrown, { service, action, stackName, region }: Asked): string {
  if (name === 'CredentialsProviderError') {
    return `No AWS credentials were found (${message}). Sign in with \`aws configure\` or \`aws sso login\`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`;
  }
  if (expired.has(name)) {
    return 'Your AWS credentials have expired. Sign in again (`aws sso login`), or get new ones.';
  }
  if (unknownKeys.has(name)) {
    return `AWS does not accept these credentials (${name}: ${message}). Which do you use? \`aws sts get-caller-identity\` says so.`;
  }
  if (refused.has(name)) {
    return `These credentials may not look at the stack ${stackName} (${message}). They need ${service.toLowerCase()}:${action}; the guide of lab 10 lists all that --stack asks for.`;
  }
  if (name === 'ValidationError' && message.includes('does not exist')) {
    return `There is no stack ${stackName} in ${region}. Deploy it (the guide says how), or set AWS_REGION to the region it is in.`;
  }
  if (name === 'ValidationError' && service === 'CloudFormation') {
    return `CloudFormation does not take ${stackName} for a name: ${message}`;
  }
  if (/^Throttling|TooManyRequests|RequestLimitExceeded/.test(name)) {
    return `${service} takes no more requests for now (${message}). Try again in a minute.`;
  }
  if (unreachable.has(code ?? '') || name === 'TimeoutError') {
    return `${service} in ${region} could not be reached (${code ?? message}). Is there a network, and is that the name of a region?`;
  }
  return `${service} did not answer ${action} as expected (${name}: ${message}).`;
}
