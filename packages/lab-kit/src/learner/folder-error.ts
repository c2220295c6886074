/** A folder or a file of the learner's can't be used: the message names it and says what to do. */
export class FolderError extends Error {
  override name = 'FolderError';
}

const reasons: Record<string, string> = {
  EACCES: 'this user may not write there. Change its permissions',
  EPERM: 'this user may not write there. Change its permissions',
  EROFS: 'that disk is read-only. Use another, by WORKSHOP_STATE or with a copy of the workshop',
  ENOSPC: 'the disk is full. Make room',
  EDQUOT: 'your share of the disk is full. Make room',
  EEXIST: 'a file is in the place of a folder. Move it away',
  ENOTDIR: 'a file is in the place of a folder. Move it away',
  EISDIR: 'a folder is in the place of a file. Move it away',
};

/** Runs what writes below `path`. @throws {FolderError} in place of what the file system refuses */
export async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error as NodeJS.ErrnoException);
    const reason = reasons[code];
    if (!reason) throw error;
    throw new FolderError(`${path} can't be written: ${reason}, then try again. (${code})`, {
      cause: error,
    });
  }
}

/** Node says "no such file" when it makes folders one in the other on a read-only disk. */
function codeOf({ code = '', syscall }: NodeJS.ErrnoException): string {
  return code === 'ENOENT' && syscall === 'mkdir' ? 'EROFS' : code;
}

export function isErrno(error: unknown, ...codes: string[]): boolean {
  return codes.includes(String((error as NodeJS.ErrnoException | undefined)?.code));
}
