/**
 * Tags that no person gives, by the screens: a rule set, seen to be applied, changed and taken away; a sheet of tags
 * loaded, its sources listed, and on the member's page who says what.
 */
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { check, launch, LOOKS, openPage, settle } from '../lib/browser.mjs';
import { Api, OWNER, startServer } from '../lib/server.mjs';
import { words } from '../lib/texts.mjs';
import { handOf, walk } from '../lib/walk.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const phone = (i) => `138001380${String(i).padStart(2, '0')}`;

for (const look of LOOKS.filter((l) => ['wide-zh', 'phone-en'].includes(l.name))) {
  describe(`tags, ${look.name}`, () => {
    const t = words(look.language);
    const test = walk();
    let server, api, page, context, quiet, ids;
    const { open, take, dialog, button } = handOf(look, () => page, () => server.base);

    before(async () => {
      server = await startServer();
      api = new Api(server.base);
      await api.setUp(server.token(), OWNER);
      const items = Array.from({ length: 24 }, (_, i) => ({
        external: { source: 'own', id: `m${i}` },
        name: '王芳',
        gender: i < 15 ? 'female' : 'male',
        keys: [{ kind: 'phone', value: phone(i), verified: true }],
      }));
      const made = await api.call('POST', '/members/batch', { items });
      ids = made.results.map((r) => r.id);
      await api.call('POST', '/segments', { name: '女性会员', kind: 'living', text: 'gender = "female"' });
      const category = await api.call('POST', '/tag-categories', { name: '基本' });
      await api.call('POST', '/tags', { name: '女性', category: category.id, color: 'pink' });
      await api.call('POST', '/tags', { name: '敏感肌', category: category.id, color: 'amber' });
      ({ page, context, quiet } = await openPage(browser, look));
      const [name, value] = api.cookie.split(/=(.*)/s);
      await context.addCookies([{ name, value, url: server.base }]);
    });
    after(async () => {
      await context?.close();
      await server?.stop();
    });

    test('a rule is set and applied', async () => {
      await open('/tags');
      await page.getByRole('button', { name: new RegExp(`^${t('tags.rule')} 女性`) }).first().click();
      await dialog().getByLabel(t('tags.ruleSegment'), { exact: true }).click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: '女性会员' }).click();
      await dialog().getByRole('button', { name: t('common.save') }).click();
      await dialog().waitFor({ state: 'hidden' });
      await page.getByText(t('tags.ruleState.applied')).first().waitFor();
      await settle(page);
      await page.getByRole('button', { name: new RegExp(`^${t('tags.rule')} 女性`) }).first().click();
      await dialog().getByText(t('tags.nMembers', { n: 15 })).first().waitFor();
      await dialog().getByText(t('tags.dayGiven'), { exact: true }).first().waitFor();
      await settle(page);
      await take('tag-rule');
      await page.keyboard.press('Escape');
    });

    test('a sheet of tags is loaded, and its sources are told', async () => {
      const rows = ids.map((_, i) => `${phone(i)},${i % 2 ? '母婴、户外' : '运动达人'},兴趣,巨量云图,0.${50 + i},2099-12-31`);
      const sheet = `手机号,标签,分类,来源,得分,有效期至\n${rows.join('\n')}\n`;
      const done = await api.load([{ name: '巨量人群.csv', bytes: sheet }]);
      assert.equal(done.counts.tags, 24);
      await open(`/imports/${done.id}`);
      await page.getByText(t('imports.count.tags'), { exact: true }).first().waitFor();
      await check(page, 'import of tags');
      await open('/tags');
      await page.getByText('巨量云图').first().waitFor();
      await page.getByText('户外').first().waitFor();
      await take('tag-sources');
    });

    test('the member tells who says it', async () => {
      await open(`/members/${ids[1]}`);
      await page.locator('.tag-chip').filter({ hasText: '母婴' }).first().waitFor();
      await settle(page);
      await check(page, 'member with imported tags');
      await page.locator('.tag-said').getByText('母婴 · 巨量云图').waitFor();
    });

    test('the rule is taken away, the tag stays', async () => {
      await open('/tags');
      await page.getByRole('button', { name: new RegExp(`^${t('tags.rule')} 女性`) }).first().click();
      await button(t('tags.ruleRemove')).click();
      await dialog().waitFor({ state: 'hidden' });
      await page.getByText(t('tags.nMembers', { n: 15 })).first().waitFor();
      await settle(page);
      quiet();
    });
  });
}
