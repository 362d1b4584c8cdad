/** Promotions, their settings and priced carts are as the server's document words them. */
export type { OfferNotApplied, PricedCart, PriceSettings, PriceSettingsVersion, Promotion, PromotionDraft, PromotionLine, PromotionRulesChecked, PromotionVersion } from './generated';
