/** Cards of paid membership are as the server's document words them. */
export type { Card, CardGivenUp, CardHolder, CardInput, CardPurchase, CardStanding, CardTerm } from './generated';
