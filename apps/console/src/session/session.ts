/** Who is signed in, the client that calls for him, and whether what is shown is fresh. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { GofdClient } from '@gofd/api-client';
import { Connection } from '../live/connection.ts';
import type { SignInData } from './kept-sign-in.ts';

export interface Session {
  readonly username: string;
  readonly client: GofdClient;
  readonly connection: Connection;
  readonly signOut: () => void;
}

export function clientFor({ username, password }: SignInData): GofdClient {
  return new GofdClient({ baseUrl: '', username, password });
}

export function createSession(signIn: SignInData, signOut: () => void): Session {
  const { username } = signIn;
  return { username, client: clientFor(signIn), connection: new Connection(), signOut };
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** For pages: they are shown only to somebody who is signed in. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('a page is shown without a session');
  return session;
}
