import { Names } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

/** The most that ElastiCache takes for a name. */
const MOST = 40;

/**
 * A name for what CloudFormation does not name by itself, in ElastiCache's rules: small letters, digits and single hyphens. It follows from the stack's name and the
 * place in it, so two stacks in one account do not meet.
 */
export function lowerName(scope: Construct, suffix: string): string {
  const maxLength = MOST - suffix.length - 1;
  const name = Names.uniqueResourceName(scope, { maxLength, separator: '-' });
  return `${name}-${suffix}`.toLowerCase();
}
