/** What the lab says of files and folders. */

export const fileWords = {
  stopped: "stopped on request",
  /** What the operating system says by a code: what happened, and what can be done. */
  troubles: {
    ENOSPC: "the disk is full: make room on it, and go on",
    EDQUOT: "the quota of the disk is used up: make room on it, and go on",
    EACCES: "this is not allowed there; look at its permissions, or choose another place",
    EPERM: "this is not allowed there; look at its permissions, or choose another place",
    EROFS: "the disk can only be read; choose another place",
    EEXIST: "something of that name is there already; move it away, or choose another name",
    ENOTDIR: "a file stands where a folder is expected; move it away, or choose another place",
    EISDIR: "a folder stands where a file is expected; choose another name",
    ENOENT: "there is no such file or folder",
    ENOTEMPTY: "the folder is not empty",
    EBUSY: "another program uses it; close that and try again",
    EMFILE: "too many files are open; close other programs and try again",
  },
  at: (path: string, trouble: string) => `${path}: ${trouble}`,
  /** Why a file could not be read. */
  noFile: "there is no such file",
  isAFolder: "it is a folder",
  forbidden: "reading it is not allowed",
  /** Why a folder cannot be looked into. */
  listing: {
    refused: (path: string, reason: string) => `${path}: expected a folder to look into, but ${reason}`,
    noFolder: "there is no such folder",
    isFile: "it is a file",
    unreadable: "it cannot be read",
  },
  noFolder: (folder: string) => `expected a folder in which to write, but there is none at ${folder}`,
  isFolder: (path: string) => `expected a file to write to, got the folder ${path}`,
  cannotWrite: (path: string, reason: string) => `${path} cannot be written: ${reason}`,
  dataEnding: (path: string) => `expected a file name that ends with .jsonl, .json, .csv or .parquet, got ${path}`,
};
