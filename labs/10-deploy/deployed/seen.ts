import type { Values } from '../template/template.ts';
import type { Service } from './account.ts';

/** What a service says of a resource of the stack, in the words that a template has for it. */
export interface Seen {
  /** Its id in the template. */
  readonly id: string;
  /** "the database" */
  readonly called: string;
  readonly service: Service;
  /** In the account. */
  readonly name: string;
  /** Undefined when the service knows no such thing. */
  readonly status: string | undefined;
  /** By the template's names of properties. One that the service does not tell is undefined. */
  readonly properties: Values;
  /** What will become of properties at the next maintenance, or when it restarts. */
  readonly pending?: Values;
  /** By the names that `Fn::GetAtt` has for them. */
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  /** Names of a cache's nodes. */
  readonly members?: readonly string[];
  /** Parameter groups that it has been given, and how far they are in force: `in-sync`. */
  readonly parameterGroups?: readonly { readonly name: string; readonly status: string }[];
}
