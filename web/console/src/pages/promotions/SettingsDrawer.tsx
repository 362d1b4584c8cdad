/** What holds for every order: whose tiers and points, how many coupons, points as cash, lowest prices. Posted as a new version. */
import '../../styles/benefits.css';
import '../../styles/promotions.css';
import type { PriceSettings } from '@api';
import { Input, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { minorOf, plainMoney } from '../../app/format';
import { useCan, useMerchant } from '../../app/session';
import { useAct } from '../../ui/act';
import { FormDrawer } from '../../ui/FormDrawer';
import { ProblemAlert } from '../../ui/problem';
import { Field, ProgrammeField } from '../benefits/form/parts';
import { MoneyBox, RateBox, useWrong, WholeBox, WrongBoxes } from './inputs';
import { type Change, part } from './rules';
import { WRITE_PROMOTIONS } from './scopes';
import { PROMOTION_TOUCHES, usePriceSettings } from './use';

interface Points {
  points?: number;
  fen?: number;
  max_share?: string;
  max_fen?: number;
  min_goods?: number;
}

interface Coupons {
  shop?: number;
  platform?: number;
  shipping?: number;
}

interface Settings {
  max_coupons?: Coupons;
  points_cash?: Points;
  floors?: Record<string, number>;
}

/** `A 12.50`, one goods a line. */
const floorsText = (floors: Record<string, number> | undefined, currency: string): string =>
  Object.entries(floors ?? {})
    .map(([sku, amount]) => `${sku} ${plainMoney({ amount, currency })}`)
    .join('\n');

/** The lowest prices that were typed; `null` where a line is none. */
export function floorsOf(text: string, minor: (amount: string) => number | null): Record<string, number> | null {
  const floors: Record<string, number> = {};
  for (const line of text.split('\n').filter((l) => l.trim() !== '')) {
    const found = /^(.+?)[\s,]+(\S+)$/.exec(line.trim());
    const amount = found ? minor(found[2] ?? '') : null;
    if (!found || amount === null) return null;
    floors[(found[1] ?? '').trim()] = amount;
  }
  return floors;
}

export function SettingsDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const answer = usePriceSettings();
  const currency = useMerchant().data?.currency;
  if (answer.data && currency) return <Form settings={answer.data} currency={currency} onClose={onClose} />;
  return (
    <FormDrawer title={t('promotions.settings')} wanting save={{ error: null, isPending: false, mutate: () => undefined }} onClose={onClose}>
      {answer.error ? <ProblemAlert error={answer.error} retry={() => void answer.refetch()} /> : <Skeleton active />}
    </FormDrawer>
  );
}

function Form({ settings, currency, onClose }: { settings: PriceSettings; currency: string; onClose: () => void }) {
  const { t } = useTranslation();
  const may = useCan(WRITE_PROMOTIONS);
  const begun = settings.next ?? settings.current;
  const [programme, setProgramme] = useState<string | null>(begun?.programme ?? null);
  // Keys that the form does not know stay as they are.
  const [said, setSaid] = useState<Settings>(() => (begun?.settings ?? {}) as unknown as Settings);
  const [floors, setFloors] = useState(() => floorsText(said.floors, currency));
  const [wrong, tell] = useWrong();
  const read = floorsOf(floors, (amount) => minorOf(amount, currency));
  const points = (change: Change<Points>) => setSaid(part<Settings>(said, { points_cash: part<Points>(said.points_cash, change) }));
  const coupons = (change: Change<Coupons>) => setSaid(part<Settings>(said, { max_coupons: part<Coupons>(said.max_coupons, change) }));
  const cash = said.points_cash;
  const half = cash !== undefined && (cash.points === undefined || cash.fen === undefined);
  const save = useAct((client) => client.post('/pricing/settings/versions', { settings: part<Settings>(said, { floors: read ?? {} }), programme, after: begun?.no ?? 0 }), { quiet: true, done: t('common.saved'), touches: PROMOTION_TOUCHES, onDone: onClose });
  return (
    <FormDrawer title={t('promotions.settings')} wanting={!may || wrong || read === null || half || (cash !== undefined && programme === null)} save={save} onClose={onClose}>
      <p className="muted">{t('promotions.settingsNote')}</p>
      <ProgrammeField value={programme} clear note={t('promotions.programmeNote')} onChange={setProgramme} />
      <h3 className="sub-title">{t('promotions.pointsCash')}</h3>
      <WrongBoxes value={tell}>
        <div className="form-row">
          <WholeBox label={t('promotions.pointsUnit')} min={1} placeholder={t('promotions.noPointsCash')} value={cash?.points} onChange={(n) => points({ points: n })} />
          <MoneyBox label={t('promotions.pointsBuy')} currency={currency} value={cash?.fen} onChange={(fen) => points({ fen })} />
          <RateBox label={t('promotions.pointsShare')} value={cash?.max_share} onChange={(max_share) => points({ max_share })} />
          <MoneyBox label={t('promotions.pointsMost')} currency={currency} value={cash?.max_fen} onChange={(max_fen) => points({ max_fen })} />
          <MoneyBox label={t('promotions.pointsFrom')} currency={currency} value={cash?.min_goods} onChange={(min_goods) => points({ min_goods })} />
        </div>
      </WrongBoxes>
      <h3 className="sub-title">{t('promotions.maxCoupons')}</h3>
      <div className="form-row">
        {(['shop', 'platform', 'shipping'] as const).map((of) => (
          <WholeBox key={of} label={t(`promotions.couponsOf.${of}`)} placeholder="1" value={said.max_coupons?.[of]} onChange={(n) => coupons({ [of]: n })} />
        ))}
      </div>
      <p className="muted small">{t('promotions.couponsNote')}</p>
      <h3 className="sub-title">{t('promotions.floors')}</h3>
      <Field label={t('promotions.floorsLabel')} note={read === null ? t('promotions.floorsWrong') : t('promotions.floorsNote')}>
        {(id) => <Input.TextArea id={id} rows={4} {...(read === null ? { status: 'error' as const } : {})} value={floors} onChange={(e) => setFloors(e.target.value)} />}
      </Field>
    </FormDrawer>
  );
}
