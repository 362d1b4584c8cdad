/** The card as a member would see it under these rules: tier, part of the way to the next, points. */
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../app/format';
import { Card } from '../../../ui/bits';
import { previewAt } from '../model/card';
import { labelOf, type Rules, tiersOf } from '../model/rules';
import { amountOf } from './words';

export function CardFace({ shop, tier, points, percent, sentence }: { shop: string; tier: string | null; points: number; percent: number | null; sentence: string }) {
  const { t } = useTranslation();
  return (
    <div className="face">
      <div className="face-top">
        <span>{shop}</span>
        {tier ? <span className="face-tier">{tier}</span> : null}
      </div>
      <div className="face-points">
        <span className="face-number">{formatNumber(points)}</span> <span>{t('programme.points')}</span>
      </div>
      {percent === null ? null : (
        <div className="face-track" role="img" aria-label={t('programme.progress', { n: percent })}>
          <span style={{ width: `${percent}%` }} />
        </div>
      )}
      {sentence ? <p className="face-say">{sentence}</p> : null}
    </div>
  );
}

/** Points on a card that nobody has yet. */
const SAMPLE_POINTS = 1_280;

export function MemberCard({ rules, name }: { rules: Rules; name: string }) {
  const { t } = useTranslation();
  const tiers = tiersOf(rules);
  const [chosen, setChosen] = useState(0);
  const at = Math.min(chosen, Math.max(0, tiers.length - 1));
  const preview = previewAt(rules, at);
  const next = preview?.next;
  const wanting = next?.of.map((one) => t(`programme.more.${one.metric}`, { n: amountOf(one.metric, one.missing), defaultValue: `${one.metric} ${one.missing}` })).join(t(`programme.cardJoint.${next.joint}`));
  return (
    <Card
      title={t('programme.card')}
      extra={
        tiers.length > 1 ? (
          <Select size="small" aria-label={t('programme.cardTier')} value={at} options={tiers.map((tier, value) => ({ value, label: labelOf(tier) || '…' }))} onChange={setChosen} popupMatchSelectWidth={false} />
        ) : null
      }
    >
      <CardFace
        shop={name || t('programme.unnamed')}
        tier={preview?.tier ?? null}
        points={SAMPLE_POINTS}
        percent={preview ? preview.percent : null}
        sentence={!preview ? '' : next ? (wanting ? t('programme.upgrade', { more: wanting, tier: next.tier }) : '') : t('programme.highest')}
      />
      <p className="muted small">{t('programme.cardNote')}</p>
    </Card>
  );
}
