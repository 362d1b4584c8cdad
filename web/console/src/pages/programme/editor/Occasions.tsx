/** Points without an order: for checking in, with more for days in a row, and on the birthday. */
import DeleteOutlined from '@ant-design/icons/DeleteOutlined';
import PlusOutlined from '@ant-design/icons/PlusOutlined';
import { Button, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { Card } from '../../../ui/bits';
import { put, replaced, type StreakStep, without } from '../model/rules';
import { FaultLine, Say, useEditor } from './context';
import { Whole } from './inputs';

function CheckIn() {
  const { t } = useTranslation();
  const { rules, put: write } = useEditor();
  const checkIn = rules.check_in;
  const streak = checkIn?.streak ?? [];
  const set = (next: StreakStep[]) => write({ ...rules, check_in: { ...checkIn, streak: next } });
  return (
    <div className="rule-row">
      <div className="rule-head">
        <Switch
          aria-label={t('programme.checkIn')}
          checked={Boolean(checkIn)}
          onChange={(on) => write(put(rules, 'check_in', on ? { points: 5, streak: [{ days: 7, bonus: 20 }] } : undefined))}
        />
        <strong>{t('programme.checkIn')}</strong>
      </div>
      {checkIn ? (
        <>
          <Say
            text={t('programme.say.check_in')}
            slots={{ points: <Whole label={t('programme.checkInPoints')} path="check_in.points" value={checkIn.points} onChange={(n) => write({ ...rules, check_in: put(checkIn, 'points', n) })} /> }}
          />
          {streak.length > 0 ? (
            <ol className="bands" aria-label={t('programme.streak')}>
              {streak.map((step, i) => (
                <li key={i}>
                  <Say
                    text={t('programme.say.streak')}
                    slots={{
                      days: <Whole label={t('programme.streakDays')} path={`check_in.streak[${i}].days`} value={step.days} min={1} max={36_600} onChange={(n) => set(replaced(streak, i, put(step, 'days', n)))} />,
                      bonus: <Whole label={t('programme.streakBonus')} path={`check_in.streak[${i}].bonus`} value={step.bonus} onChange={(n) => set(replaced(streak, i, put(step, 'bonus', n)))} />,
                    }}
                  />
                  <Button type="text" icon={<DeleteOutlined aria-hidden="true" />} aria-label={t('programme.dropStreak')} onClick={() => set(without(streak, i))} />
                </li>
              ))}
            </ol>
          ) : null}
          <Button size="small" icon={<PlusOutlined aria-hidden="true" />} onClick={() => set([...streak, { days: (streak.at(-1)?.days ?? 0) + 7, bonus: 20 }])}>
            {t('programme.addStreak')}
          </Button>
        </>
      ) : null}
      <FaultLine at="check_in" />
    </div>
  );
}

function Birthday() {
  const { t } = useTranslation();
  const { rules, put: write } = useEditor();
  const birthday = rules.birthday;
  return (
    <div className="rule-row">
      <div className="rule-head">
        <Switch aria-label={t('programme.birthday')} checked={Boolean(birthday)} onChange={(on) => write(put(rules, 'birthday', on ? { points: 100 } : undefined))} />
        <strong>{t('programme.birthday')}</strong>
      </div>
      {birthday ? (
        <Say
          text={t('programme.say.birthday')}
          slots={{ points: <Whole label={t('programme.birthdayPoints')} path="birthday.points" value={birthday.points} onChange={(n) => write({ ...rules, birthday: put(birthday, 'points', n) })} /> }}
        />
      ) : null}
      <FaultLine at="birthday" />
    </div>
  );
}

export function OccasionsCard() {
  const { t } = useTranslation();
  return (
    <Card title={t('programme.occasions')}>
      <CheckIn />
      <Birthday />
    </Card>
  );
}
