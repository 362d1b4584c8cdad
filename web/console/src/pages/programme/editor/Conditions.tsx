/** Thresholds of a tier, any or all of which must be met. */
import DeleteOutlined from '@ant-design/icons/DeleteOutlined';
import PlusOutlined from '@ant-design/icons/PlusOutlined';
import { Button, Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Condition, METRICS, put, replaced, type Threshold, thresholdsOf, without, withThresholds } from '../model/rules';
import { Say } from './context';
import { Whole, Yuan } from './inputs';

interface Props {
  label: string;
  path: string;
  value: Condition | null | undefined;
  onChange: (value: Condition) => void;
}

const USUAL: Record<string, number> = { net_spend: 50_000, orders: 5, growth: 1_000 };

export function Conditions({ label, path, value, onChange }: Props) {
  const { t } = useTranslation();
  const { joint, of } = thresholdsOf(value);
  const write = (next: Threshold[]) => onChange(withThresholds(value, joint, next));
  const row = (threshold: Threshold, i: number) => {
    const at = `${path}.${joint}[${i}]`;
    const metric = threshold.metric ?? 'net_spend';
    const min = { label: `${label} · ${t('programme.min')}`, path: at, value: threshold.min, onChange: (n: number | undefined) => write(replaced(of, i, put(threshold, 'min', n))) };
    const known = METRICS.some((one) => one === metric);
    return (
      <li key={i}>
        <Say
          text={t('programme.threshold')}
          slots={{
            metric: (
              <Select
                aria-label={`${label} · ${t('programme.metricTitle')}`}
                value={metric}
                options={[...METRICS, ...(known ? [] : [metric])].map((one) => ({ value: one, label: t(`programme.metric.${one}`, { defaultValue: one }) }))}
                // The number of one measure means nothing in another.
                onChange={(next: string) => write(replaced(of, i, { ...threshold, metric: next, min: USUAL[next] ?? 0 }))}
                popupMatchSelectWidth={false}
              />
            ),
            min: metric === 'net_spend' ? <Yuan {...min} /> : <Whole {...min} {...(metric === 'orders' ? { unit: t('programme.ordersUnit') } : {})} />,
          }}
        />
        <Button type="text" icon={<DeleteOutlined aria-hidden="true" />} aria-label={t('programme.dropCondition')} disabled={of.length < 2} onClick={() => write(without(of, i))} />
      </li>
    );
  };
  return (
    <div className="conditions" role="group" aria-label={label}>
      {of.length > 1 ? (
        <Segmented<'any' | 'all'>
          size="small"
          aria-label={`${label} · ${t('programme.jointTitle')}`}
          value={joint}
          options={[
            { value: 'any', label: t('programme.jointAny') },
            { value: 'all', label: t('programme.jointAll') },
          ]}
          onChange={(next) => onChange(withThresholds(value, next, of))}
        />
      ) : null}
      <ul>{of.map(row)}</ul>
      <Button size="small" icon={<PlusOutlined aria-hidden="true" />} onClick={() => write([...of, { metric: of.at(-1)?.metric === 'orders' ? 'net_spend' : 'orders', min: of.at(-1)?.metric === 'orders' ? 50_000 : 5 }])}>
        {t('programme.addCondition')}
      </Button>
    </div>
  );
}
