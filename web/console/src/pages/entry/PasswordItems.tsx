/** A new password, typed twice. */
import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

export function PasswordItems({ name = 'password' }: { name?: string }) {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item
        name={name}
        label={t('entry.newPassword')}
        extra={t('entry.passwordNote')}
        rules={[
          { required: true, message: t('common.required') },
          { min: 10, message: t('entry.passwordShort') },
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('entry.passwordAgain')}
        dependencies={[name]}
        rules={[
          { required: true, message: t('common.required') },
          ({ getFieldValue }) => ({
            validator: (_rule, value: string) =>
              !value || value === getFieldValue(name) ? Promise.resolve() : Promise.reject(new Error(t('entry.passwordDiffers'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </>
  );
}
