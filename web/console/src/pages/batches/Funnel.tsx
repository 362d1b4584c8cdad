/** From those who match to those who are handed over: what is left after each step, and who was lost there and why. */
import type { BatchFunnel } from '@api';
import { useTranslation } from 'react-i18next';
import { formatNumber, formatShare } from '../../app/format';
import { stepsOf } from './model';

interface Props {
  funnel: BatchFunnel;
  /** Where it goes: what address is asked for. */
  destination?: string | null | undefined;
  /** Opens those lost for a reason, those handed over (`treated`), or everybody (`null`). */
  onOpen?: (verdict: string | null) => void;
  chosen?: string | null;
  /** Before the freezing a loss explains itself instead of naming people. */
  onExplain?: (reason: string) => void;
}

export function Funnel({ funnel, destination, onOpen, chosen, onExplain }: Props) {
  const { t } = useTranslation();
  const open = onOpen ?? onExplain;
  const bar = (n: number) => ({ width: `${funnel.matched > 0 ? (n * 100) / funnel.matched : 0}%` });
  const steps = stepsOf(funnel);
  return (
    <ol className="funnel">
      <li className="funnel-step">
        <span className="funnel-name">{t('batches.step.matched')}</span>
        <span className="funnel-bar" aria-hidden="true">
          <span style={bar(funnel.matched)} />
        </span>
        <span className="funnel-n amount strong">{formatNumber(funnel.matched)}</span>
      </li>
      {steps.map((step) => (
        <li key={step.name} className="funnel-step">
          <span className="funnel-name">{step.name === 'addressed' && destination ? t(`batches.addressed.${destination}`, { defaultValue: t('batches.step.addressed') }) : t(`batches.step.${step.name}`)}</span>
          <span className="funnel-bar" aria-hidden="true">
            <span style={bar(step.left)} />
          </span>
          <span className={step.judged ? 'funnel-n amount strong' : 'funnel-n muted small'}>{step.judged ? formatNumber(step.left) : t('batches.unasked')}</span>
          {step.losses.length > 0 ? (
            <span className="funnel-losses">
              {step.losses.map(({ reason, n }) => {
                const text = `−${formatNumber(n)} ${t(`batches.reason.${reason}`, { defaultValue: reason })}`;
                return open ? (
                  <button key={reason} type="button" className={chosen === reason ? 'pill pill-on' : 'pill'} aria-pressed={chosen === reason} onClick={() => open(reason)}>
                    {text}
                  </button>
                ) : (
                  <span key={reason} className="muted small">
                    {text}
                  </span>
                );
              })}
            </span>
          ) : null}
        </li>
      ))}
      <li className="funnel-step funnel-end">
        <span className="funnel-name">{t('batches.step.handed_over')}</span>
        <span className="funnel-bar" aria-hidden="true">
          <span style={bar(funnel.handed_over)} />
        </span>
        <span className="funnel-n amount strong">
          {onOpen ? (
            <button type="button" className="link-button" onClick={() => onOpen('treated')}>
              {formatNumber(funnel.handed_over)}
            </button>
          ) : (
            formatNumber(funnel.handed_over)
          )}
        </span>
        <span className="funnel-losses muted small">{t('batches.ofMatched', { share: formatShare(funnel.handed_over, funnel.matched) })}</span>
      </li>
    </ol>
  );
}
