/** A code that somebody shows or reads out: of which batch it is, who has it, what became of it. */
import type { CouponCodeFound } from '@api';
import { Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatNumber } from '../../app/format';
import { useAct } from '../../ui/act';
import { EmptyTeach, Facts } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { State } from '../benefits/words';
import { CouponFacts } from './CouponDrawer';

export function CodeTab() {
  const { t } = useTranslation();
  const id = useId();
  const [code, setCode] = useState('');
  const [found, setFound] = useState<CouponCodeFound | null>(null);
  // It goes in the body: neither the address nor a log has it.
  const find = useAct<string, CouponCodeFound>((client, typed) => client.post<CouponCodeFound>('/coupons/codes/find', { code: typed }), { quiet: true, onDone: setFound });
  const look = (typed: string) => {
    if (typed.trim() === '') return;
    setFound(null);
    find.mutate(typed.trim());
  };
  return (
    <div className="tab-pad">
      <label className="field-label" htmlFor={id}>
        {t('coupons.codeLook')}
      </label>
      <Input.Search id={id} className="code-look" maxLength={100} autoComplete="off" placeholder="7KQF-2M9X-…" enterButton={t('coupons.codeFind')} loading={find.isPending} value={code} onChange={(e) => setCode(e.target.value)} onSearch={look} />
      <p className="muted small form-note">{t('coupons.codeNote')}</p>
      <ProblemAlert error={find.error} />
      {found ? (
        <section className="code-found" aria-label={t('coupons.codeFound')} aria-live="polite">
          <h3 className="sub-title">{t(found.no == null ? 'coupons.isWord' : 'coupons.isCode')}</h3>
          <Facts
            rows={[
              [t('coupons.batch'), <Link to={`/coupons/${found.batch}`}>{found.batch_name}</Link>],
              [t('coupons.batchState'), <State state={found.batch_state} />],
              ...(found.no == null ? [] : ([[t('coupons.codeNo'), formatNumber(found.no)]] as [string, string][])),
            ]}
          />
          {found.found ? <CouponFacts found={found.found} /> : <EmptyTeach title={t(found.no == null ? 'coupons.wordFree' : 'coupons.codeFree')} text={t(found.no == null ? 'coupons.wordFreeText' : 'coupons.codeFreeText')} />}
        </section>
      ) : null}
    </div>
  );
}
