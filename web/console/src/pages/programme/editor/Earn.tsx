/** The rules of earning, each a sentence with its numbers in it. */
import PlusOutlined from '@ant-design/icons/PlusOutlined';
import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { Card, EmptyTeach } from '../../../ui/bits';
import { addRule, EARN_KINDS, type EarnKind, earnOf } from '../model/rules';
import { useEditor } from './context';
import { EarnRow } from './EarnRow';

function AddRule({ primary }: { primary?: boolean }) {
  const { t } = useTranslation();
  const { rules, put } = useEditor();
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: EARN_KINDS.map((kind) => ({ key: kind, label: t(`programme.earnKind.${kind}`) })),
        onClick: ({ key }) => put(addRule(rules, key as EarnKind, t(`programme.earnKind.${key}`))),
      }}
    >
      <Button {...(primary ? { type: 'primary' as const } : {})} icon={<PlusOutlined aria-hidden="true" />}>
        {t('programme.addRule')}
      </Button>
    </Dropdown>
  );
}

export function EarnCard() {
  const { t } = useTranslation();
  const { rules } = useEditor();
  const earn = earnOf(rules);
  return (
    <Card title={t('programme.earn')}>
      <p className="muted">{t('programme.earnNote')}</p>
      {earn.length === 0 ? (
        <EmptyTeach title={t('programme.noEarn')} text={t('programme.noEarnText')} actions={<AddRule primary />} />
      ) : (
        <>
          <ol className="rules" aria-label={t('programme.earn')}>
            {earn.map((rule, i) => (
              <EarnRow key={`${earn.length} ${i}`} rule={rule} index={i} />
            ))}
          </ol>
          <AddRule />
        </>
      )}
    </Card>
  );
}
