/** How far somebody is. One readable file that may be copied to another machine. Fields that are not here are kept. */
export interface Progress {
  version: number;
  /** The last command or save, and the lab it was for: there the learner is. */
  lastActive?: { lab: string; at: string };
  labs: Record<string, LabProgress>;
}

export interface LabProgress {
  startedAt?: string;
  /** When all checks first passed; it stays when a later run fails. */
  passedAt?: string;
  lastVerifiedAt?: string;
  /** When the learner went on to a later lab without it. */
  skippedAt?: string;
  /** When the reference solution took the place of their work; gone when they start over. */
  solvedAt?: string;
  /** See `countTime` in progress.ts. */
  spentMs?: number;
  /** The last verdict of each check. */
  checks: Record<string, boolean>;
  /** How many hints of a check were shown. */
  hints?: Record<string, number>;
}

const dates = ['startedAt', 'passedAt', 'lastVerifiedAt', 'skippedAt', 'solvedAt'] as const;

export function emptyProgress(): Progress {
  return { version: 1, labs: {} };
}

/**
 * Takes what it understands: a file of another version, or changed by hand, must not stop anybody.
 * @returns `whole`: nothing was passed over, so writing this back loses nothing
 */
export function parseProgress(text: string): { progress: Progress; whole: boolean } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { progress: emptyProgress(), whole: false };
  }
  if (!isRecord(value)) return { progress: emptyProgress(), whole: false };
  const kept = new Kept(value);
  kept.field('version', isNumber);
  kept.field(
    'lastActive',
    (field) => isRecord(field) && typeof field['lab'] === 'string' && isDate(field['at']),
  );
  kept.field('labs', isRecord);
  const labs: Record<string, LabProgress> = {};
  for (const [id, lab] of Object.entries((kept.fields['labs'] ?? {}) as Record<string, unknown>)) {
    if (isRecord(lab)) labs[id] = parseLab(lab, kept);
    else kept.whole = false;
  }
  return { progress: { version: 1, ...kept.fields, labs }, whole: kept.whole };
}

function parseLab(lab: Record<string, unknown>, file: Kept): LabProgress {
  const kept = new Kept(lab);
  for (const name of dates) kept.field(name, isDate);
  kept.field('spentMs', isNumber);
  kept.field(
    'checks',
    (field) => isRecord(field) && Object.values(field).every((passed) => typeof passed === 'boolean'),
  );
  kept.field('hints', (field) => isRecord(field) && Object.values(field).every(isNumber));
  file.whole &&= kept.whole;
  return { checks: {}, ...kept.fields };
}

/** The fields of an object, less those whose value is of no use. */
class Kept {
  readonly fields: Record<string, unknown>;
  whole = true;

  constructor(from: Record<string, unknown>) {
    this.fields = { ...from };
  }

  field(name: string, isRight: (value: unknown) => boolean): void {
    if (this.fields[name] === undefined || isRight(this.fields[name])) return;
    delete this.fields[name];
    this.whole = false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
