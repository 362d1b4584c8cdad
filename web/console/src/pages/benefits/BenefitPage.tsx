/** One benefit: what it says, what it cost in the last thirty days by tier, and who used it. */
import '../../styles/benefits.css';
import type { Benefit } from '@api';
import { Button, Skeleton } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { formatMoney, formatNumber, today } from '../../app/format';
import { useCan, useZone } from '../../app/session';
import { Amount, Card, EmptyTeach, Facts, PageHead } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { BenefitForm } from './form/BenefitForm';
import { WRITE_BENEFITS } from './scopes';
import { TrialDrawer } from './trial/TrialDrawer';
import { useBenefits, useCost } from './use';
import { UsesList } from './UsesList';
import { State, useFundedWords, useQuotaWords, useSpanWords, useTermsWords, useTierWord, useWhenWords, useWhoWords } from './words';

function About({ benefit: b }: { benefit: Benefit }) {
  const { t } = useTranslation();
  const [who, quota, when, terms, funded, span] = [useWhoWords(), useQuotaWords(), useWhenWords(), useTermsWords(), useFundedWords(), useSpanWords()];
  return (
    <Card>
      {b.description ? <p className="break">{b.description}</p> : null}
      <Facts
        columns={2}
        rows={[
          [t('benefits.kindTitle'), t(`benefits.kind.${b.kind}`)],
          [t('benefits.whoMay'), who(b.who)],
          [t('benefits.howOften'), quota(b.quota)],
          [t('benefits.days'), when(b.when)],
          [t('benefits.runs'), span(b.from, b.until) ?? t('benefits.always')],
          [t('benefits.worth'), terms(b.terms, b.kind)],
          [t('benefits.costEach'), b.cost ? [formatMoney(b.cost), funded(b.funded)].filter(Boolean).join(' · ') : null],
          [t('benefits.by'), b.by && b.by !== 'system' ? `${t(`benefits.byOf.${b.by}`)} · ${t('benefits.dueIn', { n: b.due_days ?? 0 })}` : t('benefits.byOf.system')],
        ]}
      />
    </Card>
  );
}

function Spent({ benefit }: { benefit: Benefit }) {
  const { t } = useTranslation();
  const tier = useTierWord();
  const now = today(useZone());
  const answer = useCost(dayjs(now).subtract(29, 'day').format('YYYY-MM-DD'), now);
  const lines = (answer.data?.lines ?? []).filter((l) => l.benefit.id === benefit.id);
  const currency = answer.data?.currency ?? 'CNY';
  const uses = lines.reduce((sum, l) => sum + l.uses, 0);
  const cost = lines.reduce((sum, l) => sum + l.cost, 0);
  return (
    <Card title={t('benefits.last30')}>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? (
        <Skeleton active paragraph={{ rows: 2 }} />
      ) : lines.length === 0 ? (
        <p className="muted">{t('benefits.noUses30')}</p>
      ) : (
        <Facts
          rows={[
            ...lines.map((l): [string, React.ReactNode] => [
              l.tier ? tier(l.tier.programme, l.tier.id) : t('benefits.noTier'),
              <>
                {t('benefits.usedLine', { n: formatNumber(l.uses), members: formatNumber(l.members) })} · <Amount value={{ amount: l.cost, currency }} />
              </>,
            ]),
            [
              t('benefits.together'),
              <span className="strong">
                {t('benefits.timesN', { n: formatNumber(uses) })} · <Amount value={{ amount: cost, currency }} strong />
              </span>,
            ],
          ]}
        />
      )}
    </Card>
  );
}

export function Component() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const may = useCan(WRITE_BENEFITS);
  const answer = useBenefits();
  const [editing, setEditing] = useState(false);
  const [ending, setEnding] = useState(false);
  const benefit = answer.data?.find((b) => b.id === id);
  const back = (
    <Link to="/benefits" className="back-link">
      ← {t('nav.benefits')}
    </Link>
  );
  if (!benefit) {
    return (
      <>
        <PageHead title={t('nav.benefits')} back={back} />
        {answer.isPending ? <Skeleton active /> : answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <EmptyTeach title={t('benefits.gone')} />}
      </>
    );
  }
  return (
    <>
      <PageHead title={benefit.name} back={back} note={<State state={benefit.state} />} actions={
          may && benefit.state !== 'archived' ? (
            <>
              <Button onClick={() => setEnding(true)}>{t('benefits.trial.endOpen')}</Button>
              <Button onClick={() => setEditing(true)}>{t('benefits.edit')}</Button>
            </>
          ) : null
        }
      />
      <div className="stack">
        <About benefit={benefit} />
        <Spent benefit={benefit} />
        <Card title={t('benefits.tab.uses')} flush>
          <UsesList benefit={benefit.id} empty={<EmptyTeach title={t('benefits.noUses')} text={t('benefits.noUsesText')} />} />
        </Card>
      </div>
      {ending ? <TrialDrawer title={t('benefits.trial.endTitle', { name: benefit.name })} tried={{ benefit: benefit.id }} onClose={() => setEnding(false)} /> : null}
      {editing ? <BenefitForm benefit={benefit} onClose={() => setEditing(false)} /> : null}
    </>
  );
}
