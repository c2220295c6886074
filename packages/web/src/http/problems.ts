/** A kind of problem: the `type` of a problem detail (RFC 9457) is the address of a page that says this. */
interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What it means, and what a client should do about it. */
  readonly meaning: string;
}

export const PROBLEMS = {
  'bad-parameter': {
    status: 400,
    title: 'That cannot be searched for',
    meaning:
      'A parameter of the address, or a member of the body, cannot be used; "parameter" names it. Correct it and ask again.',
  },
  unreadable: {
    status: 400,
    title: 'That request cannot be read',
    meaning: 'The address or the body is not well formed. Asking again in the same way will not help.',
  },
  'cross-site': {
    status: 403,
    title: 'Not from there',
    meaning: 'A browser asked on behalf of another site. Only pages of this site may change something.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such page',
    meaning: 'Nothing lives at this address, or there is no article with this id.',
  },
  'wrong-method': {
    status: 405,
    title: 'Not that way',
    meaning: 'The address is there, but not for this method. The Allow header names those that are.',
  },
  conflict: {
    status: 409,
    title: 'Not now',
    meaning: 'The server is in no state to do this. The detail says why.',
  },
  changed: {
    status: 412,
    title: 'It has changed meanwhile',
    meaning:
      'The article is no longer the one that If-Match names. Read it again, and decide anew what to change.',
  },
  'too-large': {
    status: 413,
    title: 'That is too much',
    meaning: 'The body is longer than this server reads.',
  },
  'wrong-media-type': {
    status: 415,
    title: 'Not in that form',
    meaning:
      'The body is of a type or an encoding that this address does not take. Accept-Patch names those that it does.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    meaning:
      'This client has used up what costs for now. Retry-After says in how many seconds there is more.',
  },
  unexpected: {
    status: 500,
    title: 'That went wrong',
    meaning:
      'The demo met an error that it does not know. Its log has it, under the request id of the answer.',
  },
  'store-failed': {
    status: 500,
    title: 'That code did not answer',
    meaning: 'The code that this demo runs on is not its own, and failed. The detail is what it said.',
  },
  'not-implemented': {
    status: 501,
    title: 'Not by that code',
    meaning: 'The code that this demo runs on is not its own, and has no answer to this.',
  },
  'engine-away': {
    status: 503,
    title: 'An engine is away',
    meaning:
      'MySQL or Redis is needed for this and cannot answer; "engine" says which. Retry-After says when to ask again.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemName = keyof typeof PROBLEMS;

export function isProblemName(name: unknown): name is ProblemName {
  return typeof name === 'string' && Object.hasOwn(PROBLEMS, name);
}
