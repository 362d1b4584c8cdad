/** One step of an example: when, what, and the few things that it needs to know. */
import DeleteOutlined from '@ant-design/icons/DeleteOutlined';
import { Button, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../../app/format';
import { Instant, Whole, Yuan } from '../editor/inputs';
import { ASKS, asKind, type Do, ordersIn, STEP_KINDS, type Step, withPaid } from '../model/example';
import { categoriesOf, put, type Rules } from '../model/rules';

interface Props {
  step: Step;
  index: number;
  steps: Step[];
  rules: Rules;
  fault: string | null;
  onChange: (step: Step) => void;
  onRemove: () => void;
}

function useControls({ step, steps, rules, onChange }: Props): ReactNode[] {
  const { t } = useTranslation();
  const { do: d } = step;
  const set = (next: Do) => onChange({ ...step, do: next });
  const categories = categoriesOf(rules);
  /** Earlier spends or holds, by the step that made them. */
  const earlier = (kind: 'spend' | 'hold') =>
    steps.flatMap((one, n) => (one.do.kind === kind && one.do.id ? [{ value: one.do.id, label: t('programme.ofStep', { n: n + 1, points: formatNumber(one.do.points) }) }] : []));
  const named = (kind: 'spend' | 'hold') => (
    <Select key={kind} aria-label={t(`programme.ask.${kind}`)} placeholder={t(`programme.ask.${kind}`)} {...(d[kind] ? {} : { status: 'warning' as const })} value={d[kind] || undefined} options={earlier(kind)} onChange={(id: string) => set({ ...d, [kind]: id })} popupMatchSelectWidth={false} />
  );
  const one: Record<(typeof ASKS)[string][number], () => ReactNode> = {
    order: () => <Input key="order" className="step-order" aria-label={t('programme.ask.order')} prefix={t('programme.ask.order')} maxLength={20} value={d.order ?? ''} onChange={(e) => set({ ...d, order: e.target.value })} />,
    known: () => (
      <Select
        key="known"
        aria-label={t('programme.ask.order')}
        value={d.order}
        options={[...new Set([...ordersIn(steps), ...(d.order ? [d.order] : [])])].map((value) => ({ value, label: t('programme.orderNamed', { name: value }) }))}
        onChange={(order: string) => set({ ...d, order })}
        popupMatchSelectWidth={false}
      />
    ),
    net_fen: () => <Yuan key="net" label={t('programme.ask.net_fen')} path="" value={d.net_fen} onChange={(n) => set(d.kind === 'order_paid' ? withPaid(d, { net_fen: n }) : put(d, 'net_fen', n))} />,
    points: () => <Whole key="points" label={t('programme.points')} path="" value={d.points} min={d.kind === 'adjust' ? -1_000_000_000 : 1} unit={t('programme.points')} onChange={(n) => set(put(d, 'points', n))} />,
    some: () => <Whole key="some" label={t('programme.ask.some')} path="" value={d.points} min={1} free placeholder={t('programme.ask.some')} onChange={(n) => set(put(d, 'points', n))} />,
    value: () => <Whole key="value" label={t('programme.metric.growth')} path="" value={d.value} min={-1_000_000_000} unit={t('programme.metric.growth')} onChange={(n) => set(put(d, 'value', n))} />,
    spend: () => named('spend'),
    hold: () => named('hold'),
  };
  const controls = (ASKS[d.kind] ?? []).map((ask) => one[ask]());
  if (d.kind !== 'order_paid' || categories.length === 0) return controls;
  const line = d.lines?.[0];
  controls.push(
    <Select
      key="category"
      aria-label={t('programme.ask.category')}
      placeholder={t('programme.ask.category')}
      allowClear
      value={line?.category}
      options={categories.map((value) => ({ value, label: value }))}
      onChange={(category: string | undefined) => set(withPaid(d, { category: category ?? null }))}
      popupMatchSelectWidth={false}
    />,
  );
  if (line?.category) controls.push(<Whole key="qty" label={t('programme.ask.qty')} path="" value={line.qty ?? 1} min={1} unit={t('programme.ask.qty')} onChange={(qty) => set(withPaid(d, { qty: qty ?? 1 }))} />);
  return controls;
}

export function StepForm(props: Props) {
  const { t } = useTranslation();
  const { step, index, steps, fault, onChange, onRemove } = props;
  const controls = useControls(props);
  const kinds = STEP_KINDS.some((kind) => kind === step.do.kind) ? STEP_KINDS : [...STEP_KINDS, step.do.kind];
  const late = step.do.time !== undefined;
  return (
    <div className="trial-step" role="group" aria-label={t('programme.stepNo', { n: index + 1 })}>
      <span className="trial-no" aria-hidden="true">
        {index + 1}
      </span>
      <div className="say">
        <Instant label={t('programme.ask.at')} path="" value={step.at} onChange={(at) => at && onChange({ ...step, at })} />
        <Select
          aria-label={t('programme.ask.kind')}
          value={step.do.kind}
          options={kinds.map((value) => ({ value, label: t(`programme.step.${value}`, { defaultValue: value }) }))}
          onChange={(kind: string) => onChange(asKind(step, kind, steps))}
          popupMatchSelectWidth={false}
          listHeight={360}
        />
        {controls}
        {late ? (
          <span className="say">
            <span className="muted small">{t('programme.happened')}</span>
            <Instant label={t('programme.ask.time')} path="" value={step.do.time} onChange={(time) => onChange({ ...step, do: put(step.do, 'time', time) })} />
          </span>
        ) : null}
        <Button type="text" size="small" icon={<DeleteOutlined aria-hidden="true" />} aria-label={t('programme.dropStep', { n: index + 1 })} onClick={onRemove} />
      </div>
      {fault ? (
        <p className="bad-text small rule-fault" role="alert">
          {fault}
        </p>
      ) : null}
    </div>
  );
}
