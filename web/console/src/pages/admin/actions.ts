/** What the log records, in the order in which people look for it. A test holds this list against the sources of the server. */
export const ACTIONS = [
  'session.begun',
  'import.started', 'import.stop', 'import.resumed', 'import.finished', 'import.undo', 'import.undone', 'quarantine.repair', 'quarantine.discard', 'quarantine.reopen',
  'member.unmasked', 'member.changed', 'member.merged', 'member.unmerged', 'member.erased', 'review.merged', 'review.kept_apart',
  'segment.created', 'segment.changed', 'segment.archived', 'segment.restored',
  'portrait_target.created', 'portrait_target.changed', 'portrait_target.archived', 'portrait_target.restored',
  'member.tagged', 'member.untagged', 'members.tagged', 'tag.created', 'tag.changed', 'tag.deleted', 'tag.rule_set', 'tag.rule_removed',
  'tag_category.created', 'tag_category.changed', 'tag_category.deleted',
  'batch.created', 'batch.changed', 'batch.frozen', 'batch.exported', 'batch.results', 'batch.closed', 'outreach.resumed',
  'programme.created', 'programme.changed', 'programme.paused', 'programme.resumed', 'programme.archived', 'programme.version_posted', 'programme.version_withdrawn', 'programme.rerun',
  'promotion.created', 'promotion.changed', 'promotion.published', 'promotion.version_withdrawn', 'promotion.paused', 'promotion.resumed', 'promotion.archived', 'price_settings.published', 'price_settings.version_withdrawn',
  'card.created', 'card.changed', 'card.paused', 'card.resumed', 'card.archived', 'card.trial', 'card.gift', 'card.given_up',
  'benefit.created', 'benefit.changed', 'benefit.set_active', 'benefit.set_paused', 'benefit.set_archived',
  'benefit_pack.created', 'benefit_pack.changed', 'benefit_pack.set_active', 'benefit_pack.set_paused', 'benefit_pack.set_archived',
  'growth_task.created', 'growth_task.changed', 'growth_task.set_active', 'growth_task.set_paused', 'growth_task.set_archived',
  'reward.created', 'reward.changed', 'reward.set_active', 'reward.set_paused', 'reward.set_archived', 'reward.picture_changed', 'reward.stock_changed', 'redemption.address_changed', 'redemption.unmasked',
  'coupon_template.created', 'coupon_template.changed', 'coupon_template.set_active', 'coupon_template.set_paused', 'coupon_template.set_archived',
  'coupon_batch.created', 'coupon_batch.changed', 'coupon_batch.set_active', 'coupon_batch.set_paused', 'coupon_batch.set_archived', 'coupon_batch.stock_changed',
  'coupon.revoked', 'coupon_exception.settled', 'coupon_codes.exported',
  'export.requested', 'export.downloaded', 'export.deleted', 'points.ending_exported', 'points.trial_exported', 'points.rerun_exported', 'benefits.trial_exported', 'redemptions.exported', 'redemptions.addresses_exported', 'benefit_tasks.exported', 'sql.asked',
  'shopper.link_made', 'shopper.claim_tried', 'shopper.links_ended', 'shopper.page_changed',
  'occasion.created', 'occasion.changed', 'occasion.removed', 'job.cancelled', 'job.resumed', 'job.retried',
  'staff.role_granted', 'staff.removed', 'staff.renamed', 'staff.disabled', 'staff.enabled', 'staff.locked',
  'staff.password_set', 'staff.password_reset', 'staff.totp_enabled', 'staff.totp_reset', 'key.created', 'key.revoked',
  'merchant.created', 'merchant.changed', 'shop.created', 'shop.changed',
  'webhook.created', 'webhook.changed', 'webhook.removed', 'webhook.disabled', 'webhook.replayed', 'webhook.secret_rotated',
  'privacy.requested', 'privacy.completed', 'privacy.copied', 'privacy.key_rotation_requested', 'privacy.keys_rotated', 'privacy.old_keys_removed',
  'suppressions.imported', 'suppression.lifted',
] as const;

/** Under which key the words of an action stand. */
export const wordOf = (action: string): string => `audit.word.${action.replaceAll('.', '_')}`;
