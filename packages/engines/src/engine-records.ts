import { rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { parseJson, readIfThere, writePrivateFile } from './private-file.ts';

const native = z.object({
  source: z.literal('native'),
  /** Brand and version, as a person says it: "MariaDB 10.11.19". */
  title: z.string(),
  port: z.int().positive(),
  process: z.object({ pid: z.int().positive(), started: z.string().min(1) }),
});

const docker = z.object({ source: z.literal('docker'), title: z.string(), port: z.int().positive() });

const record = z.discriminatedUnion('source', [native, docker]);

const schema = z.object({ version: z.literal(1), engines: z.record(z.string(), record) });

/** An engine that we started and have not stopped, as far as we know. */
export type EngineRecord = z.infer<typeof record>;
export type NativeRecord = z.infer<typeof native>;

/**
 * `engines.json`: which engines we started. Held by whoever holds the folder's lock; each change is on disk before it
 * counts.
 */
export class EngineRecords {
  readonly #file: string;
  readonly #engines: Map<string, EngineRecord>;
  #lastWrite: Promise<void> = Promise.resolve();

  private constructor(file: string, engines: Map<string, EngineRecord>) {
    this.#file = file;
    this.#engines = engines;
  }

  /**
   * A file that is damaged, or in the form of another version, is put aside with a line that says so; the engines
   * themselves are then found by what their folders tell.
   */
  static async read(folder: string, progress: (line: string) => void): Promise<EngineRecords> {
    const file = path.join(folder, 'engines.json');
    const text = await readIfThere(file);
    if (text === undefined) return new EngineRecords(file, new Map());
    const engines = parse(text);
    if (engines) return new EngineRecords(file, engines);
    await rename(file, `${file}.unreadable`);
    progress(
      `${file} is damaged or of another version: put aside as ${path.basename(file)}.unreadable. The data is not touched.`,
    );
    return new EngineRecords(file, new Map());
  }

  /** For a look without the lock: changes nothing, and takes a damaged file for none. */
  static async peek(folder: string): Promise<EngineRecords> {
    const file = path.join(folder, 'engines.json');
    return new EngineRecords(file, parse(await readIfThere(file)) ?? new Map());
  }

  get names(): string[] {
    return [...this.#engines.keys()];
  }

  get(name: string): EngineRecord | undefined {
    return this.#engines.get(name);
  }

  async set(name: string, engine: EngineRecord): Promise<void> {
    this.#engines.set(name, engine);
    await this.#write();
  }

  async remove(name: string): Promise<void> {
    if (this.#engines.delete(name)) await this.#write();
  }

  /** One write after the other: engines start side by side, and the last word must be the last on disk. */
  #write(): Promise<void> {
    this.#lastWrite = this.#lastWrite
      .catch(() => {})
      .then(() => {
        const content = { version: 1, engines: Object.fromEntries(this.#engines) };
        return writePrivateFile(this.#file, `${JSON.stringify(content, null, 2)}\n`);
      });
    return this.#lastWrite;
  }
}

function parse(text: string | undefined): Map<string, EngineRecord> | undefined {
  const parsed = schema.safeParse(parseJson(text));
  return parsed.success ? new Map(Object.entries(parsed.data.engines)) : undefined;
}
