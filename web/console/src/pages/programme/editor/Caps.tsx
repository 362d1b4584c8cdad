/** What is earned at most, per order, day or month, by all rules together or by one. */
import DeleteOutlined from '@ant-design/icons/DeleteOutlined';
import PlusOutlined from '@ant-design/icons/PlusOutlined';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Card } from '../../../ui/bits';
import { addCap, type Cap, capsOf, earnOf, put, replaced, without } from '../model/rules';
import { FaultLine, Say, useEditor, useStatus } from './context';
import { Whole } from './inputs';

function CapRow({ cap, index }: { cap: Cap; index: number }) {
  const { t } = useTranslation();
  const { rules, put: write } = useEditor();
  const path = `caps[${index}]`;
  const status = useStatus(`${path}.rule`);
  const set = (next: Cap) => write({ ...rules, caps: replaced(capsOf(rules), index, next) });
  const known = earnOf(rules).flatMap((rule) => (rule.id ? [rule.id] : []));
  return (
    <li className="rule-row">
      <div className="clause">
        <Say
          text={t('programme.say.cap')}
          slots={{
            per: (
              <Select
                aria-label={t('programme.capPer')}
                value={cap.per ?? 'day'}
                options={['order', 'day', 'month'].map((value) => ({ value, label: t(`programme.per.${value}`) }))}
                onChange={(per: string) => set({ ...cap, per })}
                popupMatchSelectWidth={false}
              />
            ),
            rule: (
              <Select
                className="cap-rule"
                aria-label={t('programme.capRule')}
                {...status}
                value={cap.rule ?? ''}
                options={[{ value: '', label: t('programme.capAll') }, ...[...new Set([...known, ...(cap.rule ? [cap.rule] : [])])].map((value) => ({ value, label: value }))]}
                onChange={(rule: string) => set(put(cap, 'rule', rule || undefined))}
                popupMatchSelectWidth={false}
              />
            ),
            points: <Whole label={t('programme.capPoints')} path={`${path}.points`} value={cap.points} onChange={(n) => set(put(cap, 'points', n))} />,
          }}
        />
        <Button type="text" size="small" icon={<DeleteOutlined aria-hidden="true" />} aria-label={t('programme.dropCap')} onClick={() => write({ ...rules, caps: without(capsOf(rules), index) })} />
      </div>
      <FaultLine at={path} />
    </li>
  );
}

export function CapsCard() {
  const { t } = useTranslation();
  const { rules, put: write } = useEditor();
  const caps = capsOf(rules);
  return (
    <Card title={t('programme.caps')}>
      <p className="muted">{t('programme.capsNote')}</p>
      {caps.length > 0 ? (
        <ol className="rules" aria-label={t('programme.caps')}>
          {caps.map((cap, i) => (
            <CapRow key={i} cap={cap} index={i} />
          ))}
        </ol>
      ) : null}
      <Button icon={<PlusOutlined aria-hidden="true" />} onClick={() => write(addCap(rules, t('programme.newCap')))}>
        {t('programme.addCap')}
      </Button>
    </Card>
  );
}
