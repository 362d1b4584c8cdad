/** What one member's page and a review in clear tell, as the server's document words it. */
import type { Member } from './contract';
import type { ToldStanding } from './generated';

export type { ReviewUncovered, TagHeld, TagPreview, ToldStanding, UncoveredSide } from './generated';

/** A member by id: what lists tell of them stands record by record. */
export interface MemberPage extends Member {
  told: ToldStanding[];
}
