import type { Check, Hints, LearnerStore } from '@workshop/lab-kit';
import { placeOf } from '../template/physical.ts';
import { modelOf, type StackModel } from '../template/stack-model.ts';
import type { Template } from '../template/template.ts';

/** The props of `WorkshopStack`, beside CDK's own. */
export interface StackProps {
  visitors?: string;
  alarmEmail?: string;
}

/** What the harness gives back. */
export interface Synthesised {
  template: Template;
  /** As CloudFormation would call it, with made-up parts where the app leaves them open. */
  stackId: string;
  /** Stacks in the app: one is asked for. */
  stacks: number;
  /** What CDK wanted to look up in an account. */
  lookUps: string[];
}

/** What the checks call in the learner's process. */
export interface DeployLab extends LearnerStore {
  synth(props: StackProps): Promise<Synthesised>;
}

/** A stack to be judged: synthesised here, or deployed in an account. */
export interface Subject extends StackModel {
  /** May this range open the site? */
  readonly welcome: (cidr: string) => boolean;
  /** Who is to have the port of the site open; undefined when nobody need. */
  readonly visitors?: string;
  /** Who must hear of an alarm; undefined when nobody need. */
  readonly alarmEmail?: string;
}

/** @returns what was seen @throws {CheckFailed} */
export type Judge = (subject: Subject) => string;

export interface StackCheck extends Check<DeployLab> {
  readonly hints: Hints;
  /** The check itself, for a template from anywhere. */
  readonly judge: Judge;
  run(context: { readonly store: DeployLab }): Promise<string>;
}

/** Props of a stack that somebody visits, in the range that RFC 5737 keeps for examples. */
export const visited = { visitors: '198.51.100.24/32', alarmEmail: 'ops@example.com' } as const;

/** The same judgement of the stack with visitors and of the one without. */
export function stackCheck(check: Omit<StackCheck, 'run'>): StackCheck {
  return {
    ...check,
    async run({ store }) {
      const open = await synthesised(store, visited);
      const closed = await synthesised(store, {});
      const seen = check.judge(open);
      try {
        check.judge(closed);
      } catch (error) {
        if (error instanceof Error) error.message = `without visitors: ${error.message}`;
        throw error;
      }
      return seen;
    },
  };
}

async function synthesised(store: DeployLab, props: StackProps): Promise<Subject> {
  const { template, stackId } = await store.synth({ ...props });
  const { visitors, alarmEmail } = props;
  return {
    ...modelOf(template, placeOf(stackId)),
    welcome: (cidr) => cidr === visitors,
    ...(visitors === undefined ? {} : { visitors }),
    ...(alarmEmail === undefined ? {} : { alarmEmail }),
  };
}

/** "1 rule", "3 rules" */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
