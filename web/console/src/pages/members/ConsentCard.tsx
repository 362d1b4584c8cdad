/** What the member agreed to, in short: for each purpose what holds now, channel by channel. */
import type { Consent, Page } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useSession } from '../../app/session';
import { Card, Mark, useWord } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { held } from './consents';

export function ConsentCard({ id, onOpen }: { id: string; onOpen: () => void }) {
  const { t } = useTranslation();
  const word = useWord();
  const { merchant } = useSession();
  const answer = useQuery<Page<Consent>>({
    queryKey: ['consents', merchant.id, id],
    queryFn: () => api.get<Page<Consent>>(`/members/${id}/consents`),
  });
  const holds = held(answer.data?.items ?? []);
  const purposes = [...new Set(holds.map((c) => c.purpose))];
  return (
    <Card
      title={t('members.tab.consents')}
      extra={
        <Button type="link" size="small" onClick={onOpen}>
          {t('members.allConsents')}
        </Button>
      }
    >
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active paragraph={{ rows: 1 }} title={false} />
      ) : purposes.length === 0 && !answer.error ? (
        <p className="muted">{t('members.noConsentShort')}</p>
      ) : (
        <dl className="consents-short">
          {purposes.map((purpose) => (
            <div key={purpose}>
              <dt>{word('purpose', purpose)}</dt>
              <dd className="marks">
                {holds
                  .filter((c) => c.purpose === purpose)
                  .map((c) => (
                    <Mark key={c.channel} tone={c.granted ? 'good' : 'bad'}>
                      {word('channel', c.channel)} · {c.granted ? t('members.granted') : t('members.withdrawn')}
                    </Mark>
                  ))}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}
