//! Statements that read all members.

shuke_store::statements! {
    /// Members after one, in the order of their ids.
    LIVING = "SELECT id FROM member WHERE merchant = $1 AND id > $2 AND state = 'live' ORDER BY id LIMIT $3";
    /// The tiers of the open books of members from one to another.
    TIERS = "SELECT member, tier FROM points_book WHERE merchant = $1 AND programme = $2 AND member >= $3 AND member <= $4 AND state = 'open' ORDER BY member";
    /// Who of members from one to another is in a segment.
    INSIDE = "SELECT member FROM segment_member WHERE merchant = $1 AND segment = $2 AND member >= $3 AND member <= $4 ORDER BY member";
    /// Uses of a benefit by members from one to another, since a time, each member's in the order of time. The benefit is hidden
    /// from the planner: by its index all uses of the benefit would be read for every step.
    USES = "SELECT member, used_at, programme, tier, grant_id, cost FROM benefit_use WHERE merchant = $1 AND member >= $2 AND member <= $3 AND COALESCE(benefit, benefit) = $4 AND used_at >= $5 AND undone_at IS NULL ORDER BY member, used_at, id";
    /// On a list that is kept by hand: those who were merged away.
    MERGED = "SELECT s.member FROM segment_member s JOIN member m ON m.merchant = s.merchant AND m.id = s.member WHERE s.merchant = $1 AND s.segment = $2 AND m.state <> 'live' ORDER BY s.member";
}
