/** The error of folders that cannot be used: no experiment, a network drive, an owner that does not answer. */
import { StoreError } from "#app/base/errors.ts";

export class FolderError extends StoreError {}
