/**
 * The rules as they are written: the ladder as steps, earning as sentences, what keeps points; or the same rules as
 * JSON. Both are of one draft, so that going from the one to the other and back loses nothing.
 */
import RedoOutlined from '@ant-design/icons/RedoOutlined';
import UndoOutlined from '@ant-design/icons/UndoOutlined';
import { Alert, Button, Input, Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../../ui/bits';
import { Trial } from '../example/TryTab';
import type { Rules } from '../model/rules';
import type { useCheck } from '../use';
import { CapsCard } from './Caps';
import { CheckPanel } from './CheckPanel';
import { EditorContext } from './context';
import { EarnCard } from './Earn';
import { KeepingCard } from './Keeping';
import { LadderCard } from './Ladder';
import { MemberCard } from './MemberCard';
import { OccasionsCard } from './Occasions';
import type { Draft } from './useDraft';

interface Props {
  draft: Draft;
  check: ReturnType<typeof useCheck>;
  running: Rules | null;
  name: string;
  /** What stands above the rules: name and shops of a new programme. */
  children?: ReactNode;
}

function AsText({ draft }: { draft: Draft }) {
  const { t } = useTranslation();
  return (
    <Card title={t('programme.asText')}>
      <p className="muted">{t('programme.asTextNote')}</p>
      {!draft.formable && draft.wrong === null ? <Alert type="info" showIcon className="gap-below" title={t('programme.notFormable')} /> : null}
      <Input.TextArea
        className="mono"
        aria-label={t('programme.asText')}
        autoSize={{ minRows: 12, maxRows: 40 }}
        spellCheck={false}
        value={draft.text}
        {...(draft.wrong ? { status: 'error' as const } : {})}
        onChange={(e) => draft.setText(e.target.value)}
      />
      {draft.wrong ? (
        <p className="bad-text small" role="alert">
          {t('programme.notJson', { why: draft.wrong })}
        </p>
      ) : null}
    </Card>
  );
}

export function Editor({ draft, check, running, name, children }: Props) {
  const { t } = useTranslation();
  const [trying, setTrying] = useState(false);
  const fault = check.said && !check.said.ok ? (check.said.error ?? null) : null;
  return (
    <EditorContext.Provider value={{ rules: draft.rules, put: draft.put, fault, running }}>
      <div className="edit-grid">
        <div className="stack">
          {children}
          <div className="builder-bar programme-bar">
            <Segmented<'form' | 'text' | 'try'>
              value={trying ? 'try' : draft.mode}
              aria-label={t('programme.mode')}
              options={[
                { value: 'form', label: t('programme.asForm'), disabled: draft.mode === 'text' && (draft.wrong !== null || !draft.formable) },
                { value: 'text', label: t('programme.asText') },
                { value: 'try', label: t('programme.asTry'), disabled: draft.wrong !== null || !draft.formable },
              ]}
              onChange={(next) => {
                setTrying(next === 'try');
                if (next !== 'try') draft.setMode(next);
              }}
            />
            <span className="grow" />
            <Button icon={<UndoOutlined />} aria-label={t('builder.undo')} title={t('builder.undo')} disabled={!draft.canUndo || trying || draft.mode === 'text'} onClick={draft.undo} />
            <Button icon={<RedoOutlined />} aria-label={t('builder.redo')} title={t('builder.redo')} disabled={!draft.canRedo || trying || draft.mode === 'text'} onClick={draft.redo} />
          </div>
          {trying ? (
            <Card flush>
              <Trial rules={draft.rules} />
            </Card>
          ) : draft.mode === 'text' ? (
            <AsText draft={draft} />
          ) : (
            <>
              <LadderCard />
              <EarnCard />
              <CapsCard />
              <OccasionsCard />
              <KeepingCard />
            </>
          )}
        </div>
        <div className="edit-side stack" role="region" aria-label={t('programme.inWords')} tabIndex={0}>
          {draft.formable ? <MemberCard rules={draft.rules} name={name} /> : null}
          <CheckPanel {...check} />
        </div>
      </div>
    </EditorContext.Provider>
  );
}
