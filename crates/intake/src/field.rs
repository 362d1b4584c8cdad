//! The semantic fields: what a column *means*, whatever a shop's export calls it and wherever it stands.

use serde::{Deserialize, Serialize};

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What a column means.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field { $($(#[$doc])* $name,)* }
        impl Field {
            /// Every field, in the order of the console's choice list.
            pub const ALL: &'static [Field] = &[$(Field::$name,)*];
            /// The word used in mappings: the same as its serialised form.
            pub const fn word(self) -> &'static str { match self { $(Field::$name => $word,)* } }
        }
    };
}

fields! {
    /// The platform's order number.
    OrderNo = "order_no",
    /// The number of a sub-order (one line with a life of its own).
    SubOrderNo = "sub_order_no",
    /// The platform's order number of one line, where an ERP has merged several orders into one row.
    LineOrderNo = "line_order_no",
    /// Another number of the same order: an ERP's own, or a shop system's row id.
    InternalNo = "internal_no",
    /// The status word of the order (or of the row, where a row is a line).
    Status = "status",
    /// Shopify's word for the payment.
    FinancialStatus = "financial_status",
    /// Shopify's word for the dispatch.
    FulfilmentStatus = "fulfilment_status",
    /// The word for refund or after-sale.
    AfterSale = "after_sale",
    /// Why it was closed.
    CloseReason = "close_reason",
    /// When it was placed.
    CreatedAt = "created_at",
    /// When it was paid.
    PaidAt = "paid_at",
    /// When it was dispatched.
    ShippedAt = "shipped_at",
    /// When it was completed.
    CompletedAt = "completed_at",
    /// When it was cancelled or closed.
    ClosedAt = "closed_at",
    /// Goods at list price.
    GoodsList = "goods_list",
    /// Goods after discounts, without shipping.
    GoodsPayable = "goods_payable",
    /// The order's total as the platform states it.
    OrderTotal = "order_total",
    /// Shipping.
    Shipping = "shipping",
    /// What the buyer paid, including shipping.
    Paid = "paid",
    /// What was refunded.
    Refund = "refund",
    /// What the merchant received.
    MerchantReceived = "merchant_received",
    /// Discount at the shop's expense.
    DiscountShop = "discount_shop",
    /// Discount at the platform's expense.
    DiscountPlatform = "discount_platform",
    /// Discount at the influencer's expense.
    DiscountInfluencer = "discount_influencer",
    /// A discount whose payer the file does not tell.
    Discount = "discount",
    /// Tax.
    Tax = "tax",
    /// Pieces in the order.
    QtyTotal = "qty_total",
    /// The buyer's account name.
    BuyerAccount = "buyer_account",
    /// The buyer's nick where it is only a display name.
    BuyerNick = "buyer_nick",
    /// The buyer's payment account (Alipay).
    BuyerPayAccount = "buyer_pay_account",
    /// The phone that the platform states as the account's.
    BuyerPhone = "buyer_phone",
    /// The e-mail that the platform states as the account's.
    BuyerEmail = "buyer_email",
    /// The platform's open id of the buyer.
    OpenId = "open_id",
    /// The shop system's id of the customer.
    CustomerId = "customer_id",
    /// Whether the buyer is a member, in the platform's word.
    IsMember = "is_member",
    /// The receiver's (or billed person's) name.
    ReceiverName = "receiver_name",
    /// The receiver's mobile phone.
    ReceiverPhone = "receiver_phone",
    /// The receiver's land line.
    ReceiverTel = "receiver_tel",
    /// The address in one cell.
    Address = "address",
    /// Province.
    Province = "province",
    /// City.
    City = "city",
    /// District.
    District = "district",
    /// Street.
    Street = "street",
    /// Postcode.
    Zip = "zip",
    /// Country.
    Country = "country",
    /// The shop's id at the platform.
    ShopId = "shop_id",
    /// The shop's name.
    ShopName = "shop_name",
    /// The platform, in a file of several.
    Platform = "platform",
    /// How it was paid.
    PaymentMethod = "payment_method",
    /// The buyer's message.
    BuyerMemo = "buyer_memo",
    /// The merchant's note.
    SellerMemo = "seller_memo",
    /// The parcel's number.
    TrackingNo = "tracking_no",
    /// The carrier.
    Carrier = "carrier",
    /// Where the order came from.
    Channel = "channel",
    /// ISO 4217.
    Currency = "currency",
    /// The code that gave a discount.
    DiscountCode = "discount_code",
    /// All titles of the order in one cell.
    Titles = "titles",
    /// The line's title.
    LineTitle = "line_title",
    /// The line's variant.
    LineSpec = "line_spec",
    /// The line's merchant code (SKU).
    LineCode = "line_code",
    /// The line's code at goods level, or in an outer system.
    LineOuterCode = "line_outer_code",
    /// The platform's id of the goods.
    ProductId = "product_id",
    /// Pieces of the line.
    Quantity = "quantity",
    /// Price of one piece.
    UnitPrice = "unit_price",
    /// What was paid for the line.
    LinePaid = "line_paid",
    /// Refunded of the line.
    LineRefund = "line_refund",
    /// Packed lines of a WooCommerce export.
    PackedLine = "packed_line",
    /// Packed refunds of a WooCommerce export.
    PackedRefunds = "packed_refunds",
    /// A member's nick or account name.
    Nick = "nick",
    /// A person's name.
    Name = "name",
    /// Given name.
    FirstName = "first_name",
    /// Family name.
    LastName = "last_name",
    /// A member's phone.
    Phone = "phone",
    /// A member's e-mail.
    Email = "email",
    /// Birthday.
    Birthday = "birthday",
    /// Gender.
    Gender = "gender",
    /// The tier, in the source's word.
    Tier = "tier",
    /// The paid tier, in the source's word.
    PaidTier = "paid_tier",
    /// Points.
    Points = "points",
    /// Growth value.
    Growth = "growth",
    /// Number of orders.
    Orders = "orders",
    /// Amount spent.
    Spent = "spent",
    /// Store credit.
    Balance = "balance",
    /// Time of the last order.
    LastOrderAt = "last_order_at",
    /// When the person joined or became a customer.
    JoinedAt = "joined_at",
    /// When the customer became a member.
    MemberSince = "member_since",
    /// Tags or groups.
    Tags = "tags",
    /// Where the member came from.
    Source = "source",
    /// Consent to e-mail.
    ConsentEmail = "consent_email",
    /// Consent to SMS.
    ConsentSms = "consent_sms",
    /// The merchant's own id of the member.
    OwnId = "own_id",
    /// A product's code.
    Sku = "sku",
    /// A product's title.
    Title = "title",
    /// A product's category.
    Category = "category",
    /// A product's list price.
    Price = "price",
    /// What a product costs the merchant.
    Cost = "cost",
    /// Pieces in stock.
    Stock = "stock",
    /// Bar code.
    Barcode = "barcode",
    /// Brand.
    Brand = "brand",
    /// Channel of a suppression.
    SuppressChannel = "suppress_channel",
    /// Phone or e-mail that must not be written to.
    SuppressValue = "suppress_value",
    /// Why.
    SuppressReason = "suppress_reason",
    /// Since when.
    SuppressAt = "suppress_at",
    /// The category of a tag.
    TagCategory = "tag_category",
    /// Who says that a member has a tag.
    TagSource = "tag_source",
    /// How sure or how strong that is.
    TagScore = "tag_score",
    /// Until when it holds.
    TagUntil = "tag_until",
    /// The day of a region's weather.
    WeatherDay = "weather_day",
    /// What it was like, in words.
    WeatherWords = "weather_words",
    /// The highest temperature, degrees Celsius.
    WeatherHigh = "weather_high",
    /// The lowest.
    WeatherLow = "weather_low",
    /// Both in one cell.
    WeatherBoth = "weather_both",
    /// Rain and melted snow, millimetres.
    WeatherRain = "weather_rain",
}

#[cfg(test)]
mod tests {
    use super::Field;

    #[test]
    fn words_are_the_serialised_form() {
        for f in Field::ALL {
            assert_eq!(serde_json::to_value(f).ok(), Some(serde_json::Value::from(f.word())));
        }
    }
}
