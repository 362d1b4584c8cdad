/** A reward's picture, and the box in which one is chosen. */
import type { Reward } from '@api';
import GiftOutlined from '@ant-design/icons/GiftOutlined';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../app/session';
import { fitting } from './picture';

export function Picture({ reward, large }: { reward: Pick<Reward, 'picture' | 'name'>; large?: boolean }) {
  const { merchant } = useSession();
  const size = large ? 'reward-picture reward-large' : 'reward-picture';
  if (!reward.picture) {
    return (
      <span className={size} aria-hidden="true">
        <GiftOutlined />
      </span>
    );
  }
  return <img className={size} src={`${reward.picture}&merchant=${merchant.id}`} alt="" loading="lazy" />;
}

export type Chosen = { blob: Blob } | 'none' | null;

/** `null` leaves the picture as it is; `none` takes it away. */
export function PictureBox({ reward, chosen, onChange }: { reward: Reward | null; chosen: Chosen; onChange: (chosen: Chosen) => void }) {
  const { t } = useTranslation();
  const box = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => {
    if (!chosen || chosen === 'none') {
      setShown(null);
      return;
    }
    const url = URL.createObjectURL(chosen.blob);
    setShown(url);
    return () => URL.revokeObjectURL(url);
  }, [chosen]);
  const take = async (file: File | undefined) => {
    if (!file) return;
    setFault(false);
    try {
      onChange({ blob: await fitting(file) });
    } catch {
      setFault(true);
    }
  };
  const has = shown !== null || (chosen === null && Boolean(reward?.picture));
  return (
    <div className="form-field">
      <div className="field-label">{t('rewards.picture')}</div>
      <div className="picture-box">
        {shown ? <img className="reward-picture reward-large" src={shown} alt="" /> : <Picture reward={{ name: reward?.name ?? '', picture: chosen === 'none' ? null : (reward?.picture ?? null) }} large />}
        <div className="row-gap tight">
          <input
            ref={box}
            type="file"
            accept="image/*"
            className="visually-hidden"
            aria-label={t('rewards.pictureFile')}
            tabIndex={-1}
            onChange={(e) => {
              void take(e.target.files?.[0]);
              e.target.value = '';
            }}
          />
          <Button onClick={() => box.current?.click()}>{t(has ? 'rewards.pictureOther' : 'rewards.pictureChoose')}</Button>
          {has ? <Button onClick={() => onChange(reward?.picture ? 'none' : null)}>{t('rewards.pictureRemove')}</Button> : null}
        </div>
      </div>
      {fault ? <p className="bad-text small form-note">{t('rewards.pictureFault')}</p> : <p className="muted small form-note">{t('rewards.pictureNote')}</p>}
    </div>
  );
}
