/** A promotion, written: its kind, from what on, on what, when, for whom, beside what; above, what that does in one sentence. */
import '../../styles/benefits.css';
import '../../styles/promotions.css';
import type { Promotion, PromotionRulesChecked } from '@api';
import { Alert, Input, Select, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMerchant } from '../../app/session';
import { useAct } from '../../ui/act';
import { FormDrawer } from '../../ui/FormDrawer';
import { ProblemAlert } from '../../ui/problem';
import { Field } from '../benefits/form/parts';
import { KindFields } from './KindFields';
import { useWrong, WrongBoxes } from './inputs';
import { begin, isMissing, KINDS, type Kind, type Rules, withKind } from './rules';
import { TermsFields } from './TermsFields';
import { PROMOTION_TOUCHES, useRulesCheck, useSentence } from './use';

/** What the rules do as they stand, or what is wrong with them and where. */
function Says({ rules, shown, said, busy, error }: { rules: Rules; shown: PromotionRulesChecked | undefined; said: PromotionRulesChecked | null; busy: boolean; error: Error | null }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  // A form that is being filled in is not wrong: what is missing is no fault yet.
  const fault = said?.error && !isMissing(rules, said.error.path) ? said.error : null;
  // Without the server's word nothing can be saved, and one must know why.
  if (error) return <ProblemAlert error={error} />;
  if (fault) {
    return (
      <div className="gap-below" role="status" aria-live="polite">
        <Alert type="warning" showIcon title={fault.message} />
      </div>
    );
  }
  return (
    <div className="form-says" role="status" aria-live="polite">
      {busy ? <Spin size="small" aria-label={t('common.updating')} /> : null}
      {shown?.sentence ? <p className={said?.ok ? 'promo-says' : 'promo-says stale'}>{sentence(shown.sentence)}</p> : <p className="muted">{t('promotions.saysNothing')}</p>}
    </div>
  );
}

/** Goods that have no code yet are nobody's. */
const isWanting = (rules: Rules): boolean => [...(rules.items ?? []), ...(rules.gifts ?? [])].some((item) => item.sku === '');

/** Amounts are in the merchant's currency: the form waits until that is known. */
export function PromotionForm({ promotion, onSaved, onClose }: { promotion: Promotion | null; onSaved?: (saved: Promotion) => void; onClose: () => void }) {
  const currency = useMerchant().data?.currency;
  return currency ? <Form promotion={promotion} currency={currency} onSaved={onSaved} onClose={onClose} /> : null;
}

function Form({ promotion, currency, onSaved, onClose }: { promotion: Promotion | null; currency: string; onSaved: ((saved: Promotion) => void) | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const begun = promotion?.draft?.rules ?? promotion?.current?.rules ?? promotion?.next?.rules;
  const [name, setName] = useState(promotion?.name ?? '');
  const [rules, setRules] = useState<Rules>(() => (begun ? (begun as unknown as Rules) : begin('stepped_threshold')));
  const check = useRulesCheck(rules);
  const [wrong, tell] = useWrong();
  const save = useAct<void, Promotion>(
    (client) => (promotion ? client.put<Promotion>(`/promotions/${promotion.id}`, { name: name.trim(), rules, version: promotion.version }) : client.post<Promotion>('/promotions', { name: name.trim(), rules })),
    {
      quiet: true,
      done: t('promotions.draftSaved'),
      touches: PROMOTION_TOUCHES,
      onDone: (saved) => {
        onSaved?.(saved);
        onClose();
      },
    },
  );
  return (
    <FormDrawer title={promotion ? t('promotions.editTitle', { name: promotion.name }) : t('promotions.newTitle')} wanting={name.trim() === '' || isWanting(rules) || wrong || !check.said?.ok} save={save} onClose={onClose}>
      <Says rules={rules} shown={check.shown} said={check.said} busy={check.busy} error={check.error} />
      <Field label={t('common.name')}>{(id) => <Input id={id} maxLength={60} placeholder={t('promotions.nameHint')} value={name} onChange={(e) => setName(e.target.value)} />}</Field>
      <Field label={t('promotions.kind')}>
        {(id) => <Select id={id} className="full" value={rules.kind} options={KINDS.map((value) => ({ value, label: t(`promotions.kindOf.${value}`) }))} onChange={(kind: Kind) => setRules(withKind(rules, kind))} />}
      </Field>
      <WrongBoxes value={tell}>
        <KindFields key={rules.kind} rules={rules} currency={currency} onChange={setRules} />
        <TermsFields rules={rules} currency={currency} onChange={setRules} />
      </WrongBoxes>
      <p className="muted small">{t('promotions.draftNote')}</p>
    </FormDrawer>
  );
}
