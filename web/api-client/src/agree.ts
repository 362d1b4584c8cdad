/**
 * Console and server agree: each answer that the server's document describes fits the shape that the screens read.
 * Nothing here runs; the compiler refuses what does not fit.
 */
import type * as Bat from './batches';
import type * as C from './contract';
import type { Export } from './exports';
import type * as G from './generated';
import type * as M from './members';
import type * as Seg from './segments';
import type * as S from './settlement';
import type * as Q from './sql';
import type { Standing } from './standing';
import type * as T from './tags';
import type { TimelineEntry } from './timeline';

type Fits<Answer extends Wanted, Wanted> = Answer;

export type Agreed = [
  Fits<G.SqlAnswer, Q.SqlAnswer>,
  Fits<G.SqlTables, Q.SqlTables>,
  Fits<G.Session, C.Session>,
  Fits<G.SetupState, C.Setup>,
  Fits<G.Staff, C.Staff>,
  Fits<G.StaffInvited, C.StaffInvite>,
  Fits<G.ApiKey, C.ApiKey>,
  Fits<G.ApiKeyCreated, C.ApiKeyCreated>,
  Fits<G.Merchant, C.Merchant>,
  Fits<G.AuditEntry, C.AuditEntry>,
  Fits<G.AuditVerdict, C.AuditVerdict>,
  Fits<G.Webhook, C.Webhook>,
  Fits<G.WebhookDelivery, C.WebhookDelivery>,
  Fits<G.Job, C.Job>,
  Fits<G.Member, C.Member>,
  Fits<G.MemberPage, M.MemberPage>,
  Fits<G.MemberIdentity, C.MemberIdentity>,
  Fits<G.Consent, C.Consent>,
  Fits<G.Merge, C.Merge>,
  Fits<G.Behaviour, C.BehaviourEvent>,
  Fits<G.UnmergeDone, C.UnmergeOutcome>,
  Fits<G.Review, C.Review>,
  Fits<G.Suppression, C.Suppression>,
  Fits<G.PrivacyRequest, C.PrivacyRequest>,
  Fits<G.RegisterColumn, C.RegisterColumn>,
  Fits<G.Order, C.Order>,
  Fits<G.Refund, C.Refund>,
  Fits<G.Product, C.Product>,
  Fits<G.Overview, C.Overview>,
  Fits<G.ImportOut, C.ImportDetail>,
  Fits<G.PreviewOut, C.ImportPreview>,
  Fits<G.FieldOut, C.MappingField>,
  Fits<G.MappingOut, C.Mapping>,
  Fits<G.QuarantinedOut, C.QuarantineEntry>,
  Fits<G.SavedView, C.SavedView>,
  Fits<G.Tag, T.Tag>,
  Fits<G.TagCategory, T.TagCategory>,
  Fits<G.MemberTag, T.MemberTag>,
  Fits<G.BulkTagged, T.BulkTagged>,
  Fits<G.MemberStanding, Standing>,
  Fits<G.TimelineEntry, TimelineEntry>,
  Fits<G.Export, Export>,
  Fits<G.Settlement, S.SettlementReport>,
  Fits<G.SettlementOrder, S.SettlementOrder>,
  Fits<G.Segment, Seg.Segment>,
  Fits<G.SegmentMember, Seg.SegmentMember>,
  Fits<G.SegmentDay, Seg.SegmentSize>,
  Fits<G.SegmentWhy, Seg.SegmentWhy>,
  Fits<G.SegmentOverlap, Seg.Overlap>,
  Fits<G.Batch, Bat.Batch>,
  Fits<G.BatchPreview, Bat.BatchPreview>,
  Fits<G.BatchMember, Bat.BatchMember>,
  Fits<G.BatchReport, Bat.BatchReport>,
  Fits<G.BatchReceipts, Bat.BatchReceipts>,
  Fits<G.SegmentCount, Seg.SegmentCount>,
  Fits<G.SegmentChecked, Seg.ExpressionCheck>,
  Fits<G.Problem, C.ProblemBody>,
  Fits<C.SetupRequest, G.SetupRequest>,
  Fits<C.SessionRequest, G.SignIn>,
];
