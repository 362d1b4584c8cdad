/** Every page of a shop in which nothing is yet, in every look; in one of them each is loaded by its address. */
import { after, before } from 'node:test';
import { launch, LOOKS } from '../lib/browser.mjs';
import { looks, PAGES } from '../lib/screens.mjs';
import { Api, startServer } from '../lib/server.mjs';

let browser, server, api;
before(async () => {
  browser = await launch();
  server = await startServer();
  api = new Api(server.base);
  await api.setUp(server.token());
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

for (const look of LOOKS) looks(() => ({ browser, server, api, pages: PAGES }), look, { name: 'empty', anew: look === LOOKS[0] });
