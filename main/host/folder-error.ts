/** The error of folders that cannot be used: no experiment, a network drive, an owner that does not answer. */
import { type ErrorDetails, type ErrorOptions, StoreError } from "#app/base/errors.ts";

export class FolderError extends StoreError {
  constructor(message: string, details?: ErrorDetails, options?: ErrorOptions) {
    super(message, details, options);
  }
}
