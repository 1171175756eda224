/** User name and password, kept by this tab until it is closed or the user signs out. */
const KEY = 'gofd.signIn';

export interface SignInData {
  readonly username: string;
  readonly password: string;
}

export function readSignIn(storage: Storage = sessionStorage): SignInData | undefined {
  try {
    const { username, password } = JSON.parse(storage.getItem(KEY) ?? '{}') as Partial<SignInData>;
    const isComplete = typeof username === 'string' && typeof password === 'string';
    return isComplete ? { username, password } : undefined;
  } catch {
    return undefined; // somebody else wrote there
  }
}

export function keepSignIn(signIn: SignInData, storage: Storage = sessionStorage): void {
  storage.setItem(KEY, JSON.stringify(signIn));
}

export function forgetSignIn(storage: Storage = sessionStorage): void {
  storage.removeItem(KEY);
}
