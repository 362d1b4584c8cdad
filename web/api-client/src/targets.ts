/** Wished-for portraits are as the server's document words them. */
export type {
  PortraitDay,
  PortraitDays,
  PortraitLevel,
  PortraitStanding,
  PortraitSubject,
  PortraitTarget,
  PortraitWish,
  PortraitWishStanding,
} from './generated';
