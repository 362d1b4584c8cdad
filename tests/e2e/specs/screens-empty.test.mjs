/** Every page of a shop in which nothing is yet, in every look; in one of them each is loaded by its address. */
import { after, before } from 'node:test';
import { launch, LOOKS } from '../lib/browser.mjs';
import { looks, PAGES } from '../lib/screens.mjs';
import { newShop } from '../lib/server.mjs';

let browser, server, api;
before(async () => {
  browser = await launch();
  ({ server, api } = await newShop());
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const look of LOOKS) looks(() => ({ browser, server, api, pages: PAGES }), look, { name: 'empty', anew: look === LOOKS[0] });
