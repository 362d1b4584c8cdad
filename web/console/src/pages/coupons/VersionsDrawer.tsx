/** What a template said in each of its versions; coupons and batches keep the one that they were made by. */
import '../../styles/benefits.css';
import type { CouponTemplate } from '@api';
import { Drawer, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { useWhoName } from '../../app/who';
import { Time } from '../../ui/bits';
import { ProblemAlert } from '../../ui/problem';
import { useCouponWords, useVersions } from './use';

export function VersionsDrawer({ template, onClose }: { template: CouponTemplate; onClose: () => void }) {
  const { t } = useTranslation();
  const who = useWhoName();
  const words = useCouponWords();
  const answer = useVersions(template.id);
  return (
    <Drawer open size={640} title={template.name} onClose={onClose}>
      <ProblemAlert error={answer.error} retry={() => void answer.refetch()} />
      {answer.isPending ? <Skeleton active /> : null}
      <ol className="coupon-versions">
        {(answer.data ?? []).map((version) => (
          <li key={version.no}>
            <h3 className="sub-title">{t('coupons.versionNo', { n: version.no })}</h3>
            <p className="form-says">{words.template(version.definition)}</p>
            {version.definition.description ? <p className="break">{version.definition.description}</p> : null}
            <p className="muted small">
              <Time at={version.made_at} /> · {who(version.made_by)}
            </p>
          </li>
        ))}
      </ol>
    </Drawer>
  );
}
