import { watch, type FSWatcher } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Editors save in steps (empty the file, write it, rename it); this long after the last one it is whole, ms. */
const quietMs = 30;
/** Where the system has no more watchers to give, the files are looked at this often, ms. */
const pollMs = 300;

/**
 * Tells of saves in a learner's work, also after the folder was replaced as a whole. The system's events only say when to
 * look; what counts is whether a file's time or size has changed.
 */
export class WorkWatcher {
  readonly #work: string;
  readonly #onSave: () => void;
  readonly #watchers = new Map<string, { id: string; watcher: FSWatcher }>();
  #seen: string | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(work: string, onSave: () => void) {
    this.#work = work;
    this.#onSave = onSave;
  }

  /** Saves after this has resolved are told. */
  static async start(work: string, onSave: () => void): Promise<WorkWatcher> {
    const watcher = new WorkWatcher(work, onSave);
    await watcher.#look();
    return watcher;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#quiet);
    clearInterval(this.#poll);
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #onEvent(): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      this.#looking = this.#looking.then(async () => await this.#look());
    }, quietMs);
  }

  async #look(): Promise<void> {
    const { folders, files } = await listTree(this.#work);
    if (this.#closed) return;
    const parent = dirname(this.#work);
    const isArmed = this.#arm(new Map([[parent, parent], ...folders]));
    const seen = files.toSorted().join('\n');
    if (this.#seen !== undefined && seen !== this.#seen) this.#onSave();
    // What was saved in a new folder before it was watched shows at another look.
    if (isArmed && this.#seen !== undefined) this.#onEvent();
    this.#seen = seen;
  }

  /**
   * A folder that was replaced has the name of the old one and is another: so by its number, too.
   * @returns whether a folder is watched that was not before
   */
  #arm(folders: ReadonlyMap<string, string>): boolean {
    let isArmed = false;
    for (const [path, { id, watcher }] of this.#watchers) {
      if (folders.get(path) === id) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
    for (const [path, id] of folders) {
      if (this.#watchers.has(path)) continue;
      try {
        const watcher = watch(path, () => this.#onEvent());
        watcher.on('error', () => this.#onEvent());
        this.#watchers.set(path, { id, watcher });
        isArmed = true;
      } catch {
        this.#poll ??= setInterval(() => this.#onEvent(), pollMs);
      }
    }
    return isArmed;
  }
}

/** Folders by path, with what tells one from its successor; files with their times and sizes. */
async function listTree(work: string): Promise<{ folders: Map<string, string>; files: string[] }> {
  const folders = new Map<string, string>();
  const files: string[] = [];
  const visit = async (path: string): Promise<void> => {
    // What goes while we look is seen by the next look.
    const info = await stat(path, { bigint: true }).catch(() => undefined);
    if (info?.isFile()) files.push(`${path} ${info.mtimeNs} ${info.size}`);
    if (!info?.isDirectory()) return;
    folders.set(path, `${info.dev}:${info.ino}`);
    const names = await readdir(path).catch(() => []);
    // Editors keep drafts under names with a dot or a tilde.
    const wanted = names.filter((name) => name !== 'node_modules' && !/^\.|~$/.test(name));
    await Promise.all(wanted.map(async (name) => await visit(join(path, name))));
  };
  await visit(work);
  return { folders, files };
}
