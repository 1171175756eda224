import { useSession } from '../session/session.ts';
import { formatTime } from '../text/quantities.ts';
import { useObservable } from './observable.ts';

/** Says that what stands below is old, since when, and what can be done. */
export function Banner() {
  const { connection, signOut } = useSession();
  const state = useObservable(connection);
  if (state.isLive) return null;
  const { error, staleSinceMs, isRetrying } = state;
  const isSignedOut = error.statusCode === 401;
  return (
    <div class="banner" role="alert">
      <strong>Stale since {formatTime(staleSinceMs)}.</strong>{' '}
      {isSignedOut ? 'The server does not take this sign-in any more. ' : sentence(error.message)}
      <code>{error.code}</code> {isRetrying && 'Trying again…'}
      {isSignedOut && (
        <button type="button" onClick={signOut}>
          Sign in again
        </button>
      )}
    </div>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}. `;
}
