import { ApiError } from '@gofd/api-client';

/** Whatever a call has thrown, in the one form that is shown. */
export function toApiError(thrown: unknown): ApiError {
  return thrown instanceof ApiError ? thrown : ApiError.unreachable(thrown);
}
