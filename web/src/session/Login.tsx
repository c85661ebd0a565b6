import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { Button } from '../ui/Button';
import { CopyText } from '../ui/CopyAs';
import { ErrorBox } from '../ui/ErrorBox';
import { decodeSafely } from '../ui/text';
import { Toasts } from '../ui/Toasts';
import { liveSession, logIn } from './session';
import './Login.css';

/** Logging in with a one-time token: from the address that `lambent up` or `lambent dashboard` printed, or typed in. */
export function Login() {
  const [, navigate] = useLocation();
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [replaces, setReplaces] = useState<string | null>(null);
  const begun = useRef(false);

  const begin = async (text: string) => {
    setBusy(true);
    setError(null);
    try {
      await logIn(text.trim());
      const back = sessionStorage.getItem('lambent-return');
      sessionStorage.removeItem('lambent-return');
      navigate(back ?? '/', { replace: true });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  useEffect(() => {
    const given = /^#token=(.+)$/.exec(location.hash)?.[1];
    if (!given || begun.current) return;
    begun.current = true;
    // The token is used up in a moment; it need not stay in the history.
    history.replaceState(null, '', '/login');
    const text = decodeSafely(given);
    liveSession().then(
      (session) => {
        // A link that somebody else sent must not turn one's work into work in their account unnoticed.
        setToken(text);
        setReplaces(session.accountName);
      },
      () => void begin(text),
    );
  }, []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The whole address may be pasted too.
    void begin(token.replace(/^.*#token=/, ''));
  };

  return (
    <main className="login">
      <form className="card login-card" onSubmit={submit}>
        <img src="/favicon.svg" alt="" width="44" height="44" />
        <h1>Log in to Lambent</h1>
        <p className="soft">Print an address with a one-time token in a terminal, and open it:</p>
        <CopyText text="lambent dashboard" label="Copy the command" />
        {replaces !== null && (
          <p role="status">
            You are logged in to the account {replaces}. Logging in with this token ends that session.{' '}
            <Link href="/">Keep it</Link>
          </p>
        )}
        <label htmlFor="token">Token or address</label>
        <input
          id="token"
          value={token}
          onChange={(event) => setToken(event.target.value)}
          autoComplete="off"
          spellCheck={false}
          placeholder="What the command printed"
        />
        {error !== null && <ErrorBox error={error} />}
        <Button kind="primary" type="submit" busy={busy} disabled={token.trim() === ''}>
          Log in
        </Button>
      </form>
      <Toasts />
    </main>
  );
}
