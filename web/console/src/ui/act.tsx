/**
 * Doing something that changes the shop: one hook that keeps the act's idempotency key, tells how it went, and makes
 * what it touched be read again.
 *
 * The key is kept until the server has answered. After a lost connection the same click repeats the same key, so the
 * thing is done once however often it is tried.
 */
import { type Client, newKey, Problem } from '@api';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../app/api';
import { problemText } from './problem';

interface ActOptions<T, V> {
  /** Said when it worked; `null` says nothing because the screen shows it. */
  done?: string | ((answer: T) => string) | null;
  touches?: QueryKey[];
  /** Whether more follows by itself in the seconds after, as points follow their members: all that is shown is then read again. */
  followed?: boolean;
  onDone?: (answer: T, given: V) => void;
  /** The screen shows the problem in place; no notice then. */
  quiet?: boolean;
}

export function useAct<V = void, T = unknown>(run: (client: Client, given: V) => Promise<T>, options: ActOptions<T, V> = {}) {
  const { t } = useTranslation();
  const { message, notification } = App.useApp();
  const client = useQueryClient();
  const key = useRef(newKey());

  return useMutation<T, Error, V>({
    mutationFn: (given) => run(api.keyed(key.current), given),
    onSuccess: async (answer, given) => {
      key.current = newKey();
      const text = typeof options.done === 'function' ? options.done(answer) : options.done;
      if (text) void message.success(text);
      options.onDone?.(answer, given);
      if (options.followed) for (const ms of [1_500, 5_000]) setTimeout(() => void client.invalidateQueries(), ms);
      await Promise.all((options.touches ?? []).map((queryKey) => client.invalidateQueries({ queryKey })));
    },
    onError: (error) => {
      if (!(error instanceof Problem) || error.status !== 0) key.current = newKey();
      if (options.quiet) return;
      const { title, detail, id } = problemText(error, t);
      notification.error({
        title,
        description: (
          <>
            <div>{detail}</div>
            {id ? <div className="muted small">{t('common.problem.id', { id })}</div> : null}
          </>
        ),
        duration: 8,
      });
    },
  });
}
