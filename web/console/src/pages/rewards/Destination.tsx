/** Where goods are sent: the member's last address, offered masked and used without being seen, another one, or none. */
import type { DeliveryAddress, OfferedAddress } from '@api';
import { useQuery } from '@tanstack/react-query';
import { Input, Radio } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../app/api';
import { useSession } from '../../app/session';
import { ProblemAlert } from '../../ui/problem';
import { Field } from '../benefits/form/parts';

type How = 'last' | 'other' | 'none';

const EMPTY: Required<DeliveryAddress> = { receiver: '', phone: '', province: '', city: '', district: '', street: '' };
/** How long each part may be, as the server takes it. */
const LENGTHS: Record<keyof DeliveryAddress, number> = { receiver: 60, phone: 30, province: 30, city: 30, district: 30, street: 200 };

/** What is asked for of where something goes, and the fields that ask it; `asked` is null while a part is missing. */
export function useDestination(member: string, { needed, none }: { needed: boolean; none: boolean }) {
  const { t } = useTranslation();
  const { merchant } = useSession();
  const offered = useQuery<OfferedAddress>({
    queryKey: ['delivery-address', merchant.id, member],
    queryFn: () => api.get<OfferedAddress>(`/members/${encodeURIComponent(member)}/delivery-address`),
    staleTime: 0,
  });
  const [chosen, setChosen] = useState<How | null>(null);
  const [typed, setTyped] = useState(EMPTY);
  const last = offered.data?.last ?? null;
  const wanted = chosen ?? (!needed ? 'none' : last ? 'last' : 'other');
  // What was chosen while it could be is not kept when it no longer can.
  const how: How = wanted === 'none' && !none ? (last ? 'last' : 'other') : wanted;
  const whole = Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, text.trim()])) as Required<DeliveryAddress>;
  const missing = Object.entries(whole).some(([name, text]) => name !== 'district' && text === '');
  const asked = how === 'none' ? {} : how === 'last' && last ? { address_of: last.of } : missing ? null : { address: whole };
  const box = (name: keyof DeliveryAddress, area = false): ReactNode => (
    <Field label={t(`rewards.address.${name}`)}>
      {(id) =>
        area ? (
          <Input.TextArea id={id} rows={2} maxLength={LENGTHS[name]} value={typed[name]} onChange={(e) => setTyped({ ...typed, [name]: e.target.value.replace(/\s*\n\s*/g, ' ') })} />
        ) : (
          <Input id={id} autoComplete="off" maxLength={LENGTHS[name]} value={typed[name]} onChange={(e) => setTyped({ ...typed, [name]: e.target.value })} />
        )
      }
    </Field>
  );
  const fields = (
    <fieldset className="choices">
      <legend className="field-label">{t('rewards.sendTo')}</legend>
      <ProblemAlert error={offered.error} />
      <Radio.Group value={how} onChange={(e) => setChosen(e.target.value as How)}>
        {last ? (
          <Radio value="last">
            <span className="choice">
              <span>{t('rewards.toLast')}</span>
              <span className="muted small break">
                {last.address.receiver} {last.address.phone} {last.address.address}
              </span>
            </span>
          </Radio>
        ) : null}
        <Radio value="other">{t(last ? 'rewards.toOther' : 'rewards.toTyped')}</Radio>
        {none ? <Radio value="none">{t('rewards.toNone')}</Radio> : null}
      </Radio.Group>
      {how === 'other' ? (
        <div className="address-fields">
          <div className="form-row">
            {box('receiver')}
            {box('phone')}
          </div>
          <div className="form-row form-thirds">
            {box('province')}
            {box('city')}
            {box('district')}
          </div>
          {box('street', true)}
        </div>
      ) : null}
    </fieldset>
  );
  return { asked, fields };
}
