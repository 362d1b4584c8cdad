/**
 * What walks through the screens share: steps that build on each other, and a hand on one page that opens, presses,
 * checks and takes the guide's pictures.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test as step } from 'node:test';
import { check, settle, shot } from './browser.mjs';
import { root } from './server.mjs';

export const pictures = join(root, 'docs/guide/img');

/** The steps of a walk build on each other: after a failure the rest would only fail more slowly. */
export function walk() {
  let broken = false;
  return (name, body) =>
    step(name, async () => {
      assert.ok(!broken, 'an earlier step of this walk failed');
      broken = true;
      await body();
      broken = false;
    });
}

/** A hand on the page of a look; `page` and `base` are asked for when they are there. */
export function handOf(look, page, base) {
  return {
    button: (name) => page().getByRole('button', { name, exact: true }),
    dialog: () => page().getByRole('dialog'),
    open: async (path) => {
      await page().goto(base() + path);
      await page().getByRole('heading', { level: 1 }).waitFor();
      await settle(page());
    },
    /** The screen passes, and its picture is taken. */
    take: async (name) => {
      await check(page(), name);
      await shot(page(), join(pictures, `${name}-${look.name}.png`));
    },
  };
}
