/** What lists tell of points or tier there: one figure as it is; several each with its list and day, never added. */
import type { ToldStanding } from '@api';
import { useTranslation } from 'react-i18next';
import { Time, useSourceName } from '../../ui/bits';

export function ToldList({ told, of }: { told: ToldStanding[]; of: 'points' | 'tier' }) {
  const { t } = useTranslation();
  const sourceName = useSourceName();
  const lines = told.filter((one) => one[of]);
  return (
    <>
      <ul className="told">
        {lines.map((one, n) => (
          <li key={n}>
            {one[of]}{' '}
            <span className="muted small">
              {sourceName(one.source)} · <Time at={one.at} day />
            </span>
          </li>
        ))}
      </ul>
      {of === 'points' && lines.length > 1 ? <span className="muted small">{t('members.toldApart')}</span> : null}
    </>
  );
}
