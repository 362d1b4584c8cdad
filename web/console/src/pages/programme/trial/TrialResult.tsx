/** What came of a trial: the moves as a matrix that opens to its members, points before and after, and what is assumed. */
import { Alert, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoney, formatNumber } from '../../../app/format';
import { useNarrow } from '../../../app/prefs';
import { Facts, Time } from '../../../ui/bits';
import { Tile } from '../../../ui/figures';
import type { Asked, By, Cell, Moves, TierName, Trial, TrialInput, Worth } from './contract';
import { TriedMembers } from './TriedMembers';

/** What tiers are called before and after; a tier may be there in one of the two only. */
export function namesOf(answer: Pick<Trial, 'ladder_before' | 'ladder_after'>): Map<string, string> {
  return new Map([...(answer.ladder_before ?? []), ...(answer.ladder_after ?? [])].map((tier) => [tier.id, tier.name]));
}

function Change({ cell, label, onOpen }: { cell: Cell | undefined; label: string; onOpen: (cell: Cell) => void }) {
  if (!cell) return <span className="muted">–</span>;
  return (
    <button type="button" className={`trial-cell trial-${cell.change}`} aria-label={`${label}: ${formatNumber(cell.members)}`} onClick={() => onOpen(cell)}>
      {formatNumber(cell.members)}
    </button>
  );
}

function Matrix({ moves, before, after, onOpen }: { moves: Moves; before: TierName[] | null; after: TierName[] | null; onOpen: (cell: Cell) => void }) {
  const { t } = useTranslation();
  const narrow = useNarrow();
  const named = (tiers: TierName[] | null, id: string | null) => tiers?.find((tier) => tier.id === id)?.name ?? id ?? t('trial.noLadder');
  const move = (cell: Cell) => `${named(before, cell.from)} → ${named(after, cell.to)}`;
  if (narrow) {
    const order = { down: 0, up: 1, same: 2 };
    const cells = [...moves.cells].sort((a, b) => order[a.change] - order[b.change] || b.members - a.members);
    return (
      <ul className="trial-moves">
        {cells.map((cell) => (
          <li key={`${cell.from} ${cell.to}`}>
            <span>{move(cell)}</span>
            <Change cell={cell} label={move(cell)} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    );
  }
  const rows = before?.map((tier) => tier.id as string | null) ?? [null];
  const columns = after?.map((tier) => tier.id as string | null) ?? [null];
  return (
    <div className="table-scroll table-wide" role="region" aria-label={t('trial.moves')} tabIndex={0}>
      <table className="table dense trial-matrix">
        <thead>
          <tr>
            <th scope="col">{t('trial.fromTo')}</th>
            {columns.map((to) => (
              <th key={to} scope="col" className="right">
                {named(after, to)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((from) => (
            <tr key={from}>
              <th scope="row">{named(before, from)}</th>
              {columns.map((to) => {
                const cell = moves.cells.find((one) => one.from === from && one.to === to);
                return (
                  <td key={to} className="right">
                    <Change cell={cell} label={`${named(before, from)} → ${named(after, to)}`} onOpen={onOpen} />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Before, after and the difference, in points and in yuan. */
function Points({ title, note, before, after }: { title: string; note: string; before: Worth; after: Worth }) {
  const { t } = useTranslation();
  const difference = { amount: after.cost.amount - before.cost.amount, currency: after.cost.currency };
  const line = (worth: Worth) => t('trial.worth', { points: formatNumber(worth.points), value: formatMoney(worth.value), cost: formatMoney(worth.cost) });
  return (
    <section>
      <h3 className="sub-title">{title}</h3>
      <p className="muted small">{note}</p>
      <Facts
        rows={[
          [t('trial.before'), line(before)],
          [t('trial.after'), line(after)],
          [
            t('trial.difference'),
            <span className="strong">
              {t('trial.differenceLine', { points: formatNumber(after.points - before.points), cost: formatMoney(difference) })}
            </span>,
          ],
        ]}
      />
    </section>
  );
}

export function TrialResult({ programme, asked, answer }: { programme: string; asked: TrialInput; answer: Trial }) {
  const { t } = useTranslation();
  const [by, setBy] = useState<By>('held');
  const [list, setList] = useState<Asked>({ which: 'losing' });
  const moves = answer[by];
  const { earning } = answer;
  const open = (cell: Cell) => setList({ which: 'all', by, ...(cell.from === null ? {} : { tier_before: cell.from }), ...(cell.to === null ? {} : { tier_after: cell.to }) });
  return (
    <div className="stack">
      <p className="muted small">
        {t('trial.readOf', { n: formatNumber(answer.members), seconds: (Math.max(answer.took_ms, 10) / 1000).toFixed(answer.took_ms < 10_000 ? 2 : 0) })} <Time at={answer.from} /> → <Time at={answer.as_of} />
      </p>
      {answer.unreckoned > 0 ? <Alert type="warning" showIcon title={t('trial.unreckoned', { n: formatNumber(answer.unreckoned) })} /> : null}
      <div className="tiles tiles-small">
        <Tile label={t('trial.losing')} value={formatNumber(answer.losing)} note={t('trial.losingNote')} />
        <Tile label={t('trial.up')} value={formatNumber(moves.up)} note={t(`trial.byNote.${by}`)} />
        <Tile label={t('trial.down')} value={formatNumber(moves.down)} note={t(`trial.byNote.${by}`)} />
        <Tile label={t('trial.same')} value={formatNumber(moves.same)} />
      </div>
      <section>
        <h3 className="sub-title">{t('trial.moves')}</h3>
        <Segmented<By> aria-label={t('trial.by')} className="gap-below" value={by} onChange={setBy} options={(['held', 'judged'] as const).map((value) => ({ value, label: t(`trial.byOf.${value}`) }))} />
        <p className="muted small">{t(`trial.byText.${by}`)}</p>
        <Matrix moves={moves} before={answer.ladder_before} after={answer.ladder_after} onOpen={open} />
      </section>
      {earning ? (
        <>
          <Points title={t('trial.earning')} note={t('trial.earningNote', { months: earning.months, orders: formatNumber(earning.orders) })} before={earning.before} after={earning.after} />
          <p>{t('trial.moreLess', { more: formatNumber(earning.members_more), pointsMore: formatNumber(earning.points_more), less: formatNumber(earning.members_less), pointsLess: formatNumber(earning.points_less) })}</p>
        </>
      ) : null}
      {answer.issued.before.points !== 0 || answer.issued.after.points !== 0 ? <Points title={t('trial.issued')} note={t('trial.issuedNote')} before={answer.issued.before} after={answer.issued.after} /> : null}
      <TriedMembers programme={programme} asked={asked} list={list} names={namesOf(answer)} months={earning?.months ?? null} onList={setList} />
      <section>
        <h3 className="sub-title">{t('trial.assumed')}</h3>
        <ul className="plain-list muted">
          {answer.assumed.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}
