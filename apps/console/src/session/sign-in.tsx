import { useState } from 'preact/hooks';
import type { ApiError } from '@gofd/api-client';
import { Refusal } from '../forms/refusal.tsx';
import { toApiError } from '../forms/to-api-error.ts';
import type { SignInData } from './kept-sign-in.ts';
import { clientFor } from './session.ts';

interface Props {
  readonly onSignedIn: (signIn: SignInData) => void;
}

/** Asks for the fleet's user name and password, and the server whether they are right. */
export function SignIn({ onSignedIn }: Props) {
  const [error, setError] = useState<ApiError>();
  const [isTrying, setTrying] = useState(false);

  const trySignIn = async (form: HTMLFormElement): Promise<void> => {
    const data = new FormData(form);
    const signIn = { username: textOf(data, 'username'), password: textOf(data, 'password') };
    setTrying(true);
    try {
      await clientFor(signIn).listTasks({ limit: 1 });
      onSignedIn(signIn);
    } catch (thrown) {
      setError(toApiError(thrown));
      setTrying(false);
    }
  };

  return (
    <main class="sign-in">
      <h1>GoFD</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void trySignIn(event.currentTarget);
        }}
      >
        <label>
          User name
          <input name="username" autocomplete="username" required autofocus />
        </label>
        <label>
          Password
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <Refusal error={error} />
        <button type="submit" class="primary" disabled={isTrying}>
          Sign in
        </button>
      </form>
    </main>
  );
}

function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
}
