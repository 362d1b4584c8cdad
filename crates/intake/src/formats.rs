//! The formats: for each, the headers that its exports have had, what they mean there, how its rows
//! make up orders, and how its words are read. A format is data; the reading itself is shared.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::field::Field;
use crate::header;
use crate::record::Part;
use crate::vocab::{self, Kinds};

/// What a file tells about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Orders.
    Order,
    /// Lines of orders that another report tells about.
    Item,
    /// Members.
    Member,
    /// Products.
    Product,
    /// Suppressions.
    Suppression,
    /// Tags of members who are there.
    Tag,
    /// Weather by region and day.
    Weather,
}

impl Kind {
    /// Whether a row that was settled once is known when it comes again: what a later file says of goods, weather or tags takes the
    /// place of what an earlier one said, so a row of these that comes again has to be said again.
    pub const fn is_known_again(self) -> bool {
        matches!(self, Self::Order | Self::Item | Self::Member | Self::Suppression)
    }

    /// The vocabulary that its headers are looked up in.
    pub const fn vocabulary(self) -> Kinds {
        match self {
            Self::Order | Self::Item => vocab::ORDER,
            Self::Member => vocab::MEMBER,
            Self::Product => vocab::PRODUCT,
            Self::Suppression => vocab::SUPPRESSION,
            Self::Tag => vocab::TAG,
            Self::Weather => vocab::WEATHER,
        }
    }
}

/// Whose status words a file has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Words {
    /// The Chinese platforms and ERPs.
    Common,
    /// WooCommerce.
    Woo,
    /// Shopify: two words.
    Shopify,
    /// No words: a row is a completed sale.
    Sale,
}

/// A format.
pub struct Format {
    /// Its name in answers.
    pub id: &'static str,
    /// Its platform.
    pub platform: &'static str,
    /// What it tells about.
    pub kind: Kind,
    /// How a row belongs to its order.
    pub part: Part,
    /// Whose words.
    pub words: Words,
    /// Header names divided by `|`, each with `=field` where it means something to us. One that
    /// nobody else's files have is marked `*`, one that few others' have `~`; the rest prove nothing.
    headers: &'static str,
    /// Fields without which it is not this format.
    pub needs: &'static [Field],
    /// Status words that nobody else has.
    pub own_words: &'static [&'static str],
    /// The form of its order numbers, if they have one of their own.
    pub number_form: Option<fn(&str) -> bool>,
    /// Refused when the number has not this form.
    pub strict_number: bool,
    /// Net paid can be told without a refund column (the status word tells of refunds).
    pub net_without_refund: bool,
    /// Net paid is told at all.
    pub tells_net: bool,
    /// A remark on what the layout does not tell.
    pub note: Option<&'static str>,
    /// The currency where no column tells it.
    pub currency: &'static str,
    /// The zone of its bare times.
    pub zone: &'static str,
}

const BASE: Format = Format {
    id: "plain",
    platform: "plain",
    kind: Kind::Order,
    part: Part::Whole,
    words: Words::Common,
    headers: "",
    needs: &[],
    own_words: &[],
    number_form: None,
    strict_number: false,
    net_without_refund: false,
    tells_net: true,
    note: None,
    currency: "CNY",
    zone: "Asia/Shanghai",
};

fn pdd_number(s: &str) -> bool {
    let b = s.as_bytes();
    b.len() == 22 && b[6] == b'-' && b.iter().enumerate().all(|(i, c)| i == 6 || c.is_ascii_digit())
}
fn youzan_number(s: &str) -> bool {
    s.len() >= 20 && s.starts_with('E') && s[1..].bytes().all(|b| b.is_ascii_digit())
}
fn hash_number(s: &str) -> bool {
    s.strip_prefix('#').is_some_and(|r| !r.is_empty() && r.len() <= 12 && r.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

use Field as F;

/// Every format that is recognised. The order breaks ties.
pub static FORMATS: &[Format] = &[
    Format {
        id: "taobao_order_report",
        platform: "taobao",
        headers: "订单编号=order_no|*买家会员名=buyer_account|*买家支付宝账号=buyer_pay_account|*买家应付货款=goods_payable|*买家应付邮费=shipping|*买家支付积分|总金额=order_total|*返点积分|*买家实际支付金额=paid|*买家实际支付积分|订单状态=status|买家留言=buyer_memo|收货人姓名=receiver_name|收货地址=address|运送方式|联系电话=receiver_tel|联系手机=receiver_phone|订单创建时间=created_at|订单付款时间=paid_at|~宝贝标题=titles|*宝贝种类|物流单号=tracking_no|物流公司=carrier|订单备注=seller_memo|*宝贝总数量=qty_total|店铺Id=shop_id|店铺名称=shop_name|~订单关闭原因=close_reason|*卖家服务费|*买家服务费|发票抬头|*是否手机订单|*分阶段订单信息|*特权订金订单id|*是否上传合同照片|*是否上传小票|是否代付|*定金排名|*修改后的sku|*修改后的收货地址|异常信息|*天猫卡券抵扣|*集分宝抵扣|*是否是O2O交易|*新零售交易类型|*新零售导购门店名称|*新零售导购门店id|*新零售发货门店名称|*新零售发货门店id|退款金额=refund|预约门店|确认收货时间=completed_at|*打款商家金额=merchant_received|*含应开票给个人的个人红包|*购物金=|数据采集时间|发货时间=shipped_at",
        needs: &[F::OrderNo, F::Status],
        own_words: &["买家已付款，等待卖家发货", "卖家已发货，等待买家确认", "等待买家付款"],
        ..BASE
    },
    Format {
        id: "taobao_order_report_2026",
        platform: "taobao",
        headers: "订单编号=order_no|支付单号|*买家应付货款=goods_payable|*买家应付邮费=shipping|总金额=goods_list|*买家实付金额=paid|订单状态=status|收货地址=address|运送方式|订单创建时间=created_at|商品标题=titles|*宝贝种类|物流单号=tracking_no|物流公司=carrier|*备注标签|商家备注=seller_memo|*宝贝总数量=qty_total|开票信息|*手机订单|*商品属性SKU|发货时间=shipped_at",
        needs: &[F::OrderNo, F::Status],
        own_words: &["买家已付款，等待卖家发货", "卖家已发货，等待买家确认", "等待买家付款"],
        tells_net: false,
        note: Some("this layout has no 付款时间: paid_at is unknown, it is null here"),
        ..BASE
    },
    Format {
        id: "taobao_item_report",
        platform: "taobao",
        kind: Kind::Item,
        headers: "订单编号=order_no|~标题=line_title|~价格=unit_price|~购买数量=quantity|*外部系统编号=line_outer_code|~商品属性=line_spec|*套餐信息|备注=seller_memo|订单状态=status|商家编码=line_code",
        needs: &[F::OrderNo, F::Quantity],
        own_words: &["买家已付款，等待卖家发货", "卖家已发货，等待买家确认", "等待买家付款"],
        ..BASE
    },
    Format {
        id: "taobao_suborder_report_2026",
        platform: "taobao",
        kind: Kind::Item,
        headers: "~子订单编号=sub_order_no|~主订单编号=order_no|商品标题=line_title|~商品价格=unit_price|~购买数量=quantity|~商品属性=line_spec|订单状态=status|*买家实付金额=line_paid|退款状态=after_sale|退款金额=line_refund|商品ID=product_id|发货时间=shipped_at",
        needs: &[F::OrderNo, F::SubOrderNo],
        own_words: &["买家已付款，等待卖家发货", "卖家已发货，等待买家确认", "等待买家付款"],
        ..BASE
    },
    Format {
        id: "taobao_member_list",
        platform: "taobao",
        kind: Kind::Member,
        headers: "会员昵称=nick|会员等级=tier|~交易总额=spent|~交易笔数=orders|*平均客单价|~最近交易时间=last_order_at|*关闭交易笔数|*关闭交易金额|*宝贝件数|分组=tags|省份=province|城市=city|性别=gender|生日=birthday|手机号=phone|~入会时间=joined_at|~会员来源=source|积分=points|备注=seller_memo",
        needs: &[F::Nick],
        ..BASE
    },
    Format {
        id: "jd_order_export",
        platform: "jd",
        part: Part::LineRepeated,
        headers: "订单号=order_no|商品ID=product_id|商品名称=line_title|~订购数量=quantity|支付方式=payment_method|下单时间=created_at|*京东价=unit_price|订单金额=order_total|~结算金额|*余额支付|应付金额=paid|订单状态=status|订单类型|*下单帐号=buyer_account|~客户姓名=receiver_name|~客户地址=address|联系电话=receiver_phone|订单备注=buyer_memo|发票类型|发票抬头|发票内容|商家备注=seller_memo|*商家备注等级|~运费金额=shipping|*付款确认时间=paid_at|*增值税发票|货号=line_code|订单完成时间=completed_at|订单来源=channel|~订单渠道|*送装服务|服务费|仓库id|仓库名称",
        needs: &[F::OrderNo, F::Status],
        own_words: &["等待出库", "等待确认收货", "(删除)等待出库", "(删除)等待付款"],
        tells_net: false,
        note: Some("应付金额 is the order level amount repeated on each line; JD export has no refund amount"),
        ..BASE
    },
    Format {
        id: "pdd_order_export",
        platform: "pdd",
        headers: "商品=line_title|订单号=order_no|订单状态=status|~商品总价=goods_list|*店铺优惠折扣=discount_shop|*平台优惠折扣=discount_platform|邮费=shipping|*上门安装费|*送货入户费|*送货入户并安装费|*用户实付金额=paid|~商家实收金额=merchant_received|商品数量=quantity|身份证姓名|身份证号码|收货人=receiver_name|手机=receiver_phone|是否审核中|省=province|市=city|区=district|街道=street|支付时间=paid_at|*拼单成功时间|订单确认时间|承诺发货时间|发货时间=shipped_at|确认收货时间=completed_at|商品id=product_id|商品规格=line_spec|*用户购买手机号=buyer_phone|*样式ID|*商家编码-SKU维度=line_code|*商家编码-商品维度=line_outer_code|快递单号=tracking_no|快递公司=carrier|*海淘清关订单号|支付ID|支付方式=payment_method|*是否抽奖或0元试用|*是否顺丰加价|商家备注=seller_memo|售后状态=after_sale|买家留言=buyer_memo|关联货品编码|货品名称|货品类型|子货品|仓库名称|仓库所在地址|是否门店自提|门店名称|门店自定义编码|*旅行类信息|消费者资料",
        needs: &[F::OrderNo, F::Status],
        own_words: &["已发货，待收货", "未发货，退款成功", "已发货，退款成功", "已收货，退款成功", "已发货，待签收"],
        number_form: Some(pdd_number),
        strict_number: true,
        net_without_refund: true,
        note: Some("the file has no order creation time; its date is in the order number (yymmdd-)"),
        ..BASE
    },
    Format {
        id: "pdd_order_export_2026",
        platform: "pdd",
        headers: "~订单成交时间=paid_at|商品=line_title|订单号=order_no|订单状态=status|~商品总价=goods_list|邮费=shipping|*店铺优惠折扣=discount_shop|*平台优惠折扣=discount_platform|*多多支付立减金额=discount|*用户实付金额=paid|~商家实收金额=merchant_received|商品数量=quantity|发货时间=shipped_at|确认收货时间=completed_at|商品id=product_id|商品规格=line_spec|*样式ID|*商家编码-规格维度=line_code|*商家编码-商品维度=line_outer_code|商家备注=seller_memo|售后状态=after_sale|快递单号=tracking_no|快递公司=carrier",
        needs: &[F::OrderNo, F::Status],
        own_words: &["已发货，待收货", "未发货，退款成功", "已发货，退款成功", "已收货，退款成功", "已发货，待签收"],
        number_form: Some(pdd_number),
        strict_number: true,
        net_without_refund: true,
        ..BASE
    },
    Format {
        id: "douyin_order_export",
        platform: "douyin",
        part: Part::LineSummed,
        headers: "~主订单编号=order_no|~子订单编号=sub_order_no|*选购商品=line_title|商品规格=line_spec|商品数量=quantity|商家编码=line_code|~订单应付金额=paid|运费=shipping|收件人=receiver_name|收件人手机号=receiver_phone|详细地址=address|~订单提交时间=created_at|商家备注=seller_memo|订单完成时间=completed_at|订单状态=status|售后状态=after_sale|取消原因=close_reason|发货时间=shipped_at|*平台实际承担优惠金额=discount_platform|*商家实际承担优惠金额=discount_shop|*达人实际承担优惠金额=discount_influencer|支付完成时间=paid_at|买家留言=buyer_memo|支付方式=payment_method|商品ID=product_id|*达人昵称|~流量来源|省=province|市=city|区=district|街道=street",
        needs: &[F::OrderNo, F::Status],
        note: Some("订单应付金额 is per sub order and without 运费 here; the file has no pay time and no refund amount"),
        ..BASE
    },
    Format {
        id: "youzan_order_export",
        platform: "youzan",
        headers: "订单号=order_no|~销售渠道=channel|~归属店铺=shop_name|订单类型|订单状态=status|*推广方式|订单来源|订单创建时间=created_at|~买家付款时间=paid_at|~交易成功时间=completed_at|付款方式=payment_method|支付流水号|~商品金额合计=goods_list|运费=shipping|~店铺优惠合计=discount_shop|*应收订单金额=order_total|~订单实付金额=paid|*支付优惠合计=discount|~订单实收金额=merchant_received|*订单抵用积分数|*店铺优惠方式|*支付优惠方式|*全部商品名称=titles|*商品种类数|*订单配送方式|*同城送达时间/提货时间|收货人省份=province|收货人城市=city|收货人地区=district|*详细收货地址/提货地址=address|*收货人/提货人=receiver_name|*收货人手机号/提货人手机号=receiver_phone|买家备注=buyer_memo|*订单星级|买家昵称=buyer_nick|~买家是否会员=is_member|买家手机号=buyer_phone|*下单网点|收银员|分销员|销售导购|*专属导购|订单退款状态=after_sale|~订单已退款金额=refund|~商家订单备注=seller_memo|桌号|*挂账主体|*挂账手机号|*团长订单|*订单风险标签|分销员手机号|分销员所属店铺|*分销员所属团队|分销员所属分组|分销员等级|订单佣金类型|订单佣金金额|订单下级卖货提成类型|订单下级卖货提成金额",
        needs: &[F::OrderNo, F::Status],
        number_form: Some(youzan_number),
        ..BASE
    },
    Format {
        id: "youzan_customer_export",
        platform: "youzan",
        kind: Kind::Member,
        headers: "~客户姓名=name|~客户昵称=nick|~客户手机号=phone|~客户生日=birthday|~客户性别=gender|标签=tags|是否会员=is_member|~成长值=growth|*免费等级=tier|*付费等级=paid_tier|*权益卡|~客户积分=points|*客户储值余额=balance|~消费次数=orders|消费金额=spent|累计退款金额=refund|*累计退款订单数|*笔单价|~上次消费时间=last_order_at|分销员|导购员|*企微好友|来源渠道|来源方式=source|*成为客户时间=joined_at|*成为会员时间=member_since|*成为会员店铺=shop_name|公众号|*公众号关注时间|最近浏览时间|*微信地域|所属区域=district|*指定时间消费次数|*指定时间消费金额",
        needs: &[F::Phone],
        ..BASE
    },
    Format {
        id: "shopify_orders_export",
        platform: "shopify",
        words: Words::Shopify,
        headers: "Name=order_no|Email=buyer_email|*Financial Status=financial_status|~Paid at=paid_at|*Fulfillment Status=fulfilment_status|~Fulfilled at=shipped_at|*Accepts Marketing|Currency=currency|Subtotal=goods_payable|Shipping=shipping|Taxes=tax|Total=paid|Discount Code=discount_code|Discount Amount=discount_shop|Shipping Method|Created at=created_at|*Lineitem quantity=quantity|*Lineitem name=line_title|*Lineitem price=unit_price|*Lineitem compare at price|*Lineitem sku=line_code|*Lineitem requires shipping|*Lineitem taxable|*Lineitem fulfillment status|Billing Name|~Billing Street|Billing Address1|Billing Address2|Billing Company|Billing City|Billing Zip|Billing Province|Billing Country|Billing Phone|Shipping Name=receiver_name|~Shipping Street=address|Shipping Address1|Shipping Address2|Shipping Company|Shipping City=city|Shipping Zip=zip|Shipping Province=province|Shipping Country=country|Shipping Phone=receiver_phone|Notes=seller_memo|*Note Attributes|~Cancelled at=closed_at|Payment Method=payment_method|Payment Reference|~Refunded Amount=refund|Vendor|*Outstanding Balance|Employee|Location|Device ID|Id=internal_no|Tags|~Risk Level|Source=channel|*Lineitem discount|Tax 1 Name|Tax 1 Value|Tax 2 Name|Tax 2 Value|Tax 3 Name|Tax 3 Value|Tax 4 Name|Tax 4 Value|Tax 5 Name|Tax 5 Value|Phone=buyer_phone|Receipt Number|Duties|Billing Province Name|Shipping Province Name|Payment ID|Payment Terms Name|Next Payment Due At|Payment References",
        needs: &[F::OrderNo, F::FinancialStatus],
        number_form: Some(hash_number),
        note: Some("the export has no completion time: a fulfilled order is shipped"),
        ..BASE
    },
    Format {
        id: "shopify_customers_export",
        platform: "shopify",
        kind: Kind::Member,
        headers: "Customer ID=customer_id|First Name=first_name|Last Name=last_name|Email=email|*Accepts Email Marketing=consent_email|*Default Address Company|*Default Address Address1=address|*Default Address Address2|*Default Address City=city|*Default Address Province Code=province|*Default Address Country Code=country|*Default Address Zip=zip|*Default Address Phone|Phone=phone|*Accepts SMS Marketing=consent_sms|~Total Spent=spent|~Total Orders=orders|Note=seller_memo|*Tax Exempt|Tags=tags",
        ..BASE
    },
    Format {
        id: "woocommerce_order_export",
        platform: "woocommerce",
        words: Words::Woo,
        headers: "~order_id=order_no|order_number=internal_no|order_date=created_at|~paid_date=paid_at|status=status|~shipping_total=shipping|*shipping_tax_total|~fee_total|*fee_tax_total|tax_total=tax|*cart_discount|*order_discount|discount_total=discount_shop|~order_total=paid|~order_subtotal=goods_list|~order_currency=currency|payment_method|~payment_method_title=payment_method|transaction_id|*customer_ip_address|*customer_user_agent|shipping_method|customer_id=customer_id|*customer_user|~customer_email=buyer_email|billing_first_name|billing_last_name|billing_company|billing_email|billing_phone=buyer_phone|billing_address_1|billing_address_2|~billing_postcode|billing_city|~billing_state|billing_country|shipping_first_name|shipping_last_name|shipping_company|shipping_phone=receiver_phone|shipping_address_1=address|shipping_address_2|~shipping_postcode=zip|shipping_city=city|~shipping_state=province|shipping_country=country|customer_note=buyer_memo|*wt_import_key|*shipping_items|*fee_items|*tax_items|*coupon_items=discount_code|*refund_items=packed_refunds|order_notes|*download_permissions|*line_item_1=packed_line",
        needs: &[F::OrderNo, F::Status],
        note: Some("times are the shop zone (Asia/Shanghai); the file has no shipping and completion time"),
        ..BASE
    },
    Format {
        id: "online_retail_invoices",
        platform: "invoice",
        part: Part::LineSummed,
        words: Words::Sale,
        headers: "*InvoiceNo=order_no|*Invoice=order_no|*StockCode=line_code|Description=line_title|Quantity=quantity|*InvoiceDate=created_at|UnitPrice=unit_price|Price=unit_price|CustomerID=customer_id|Customer ID=customer_id|Country=country",
        needs: &[F::OrderNo, F::LineCode, F::Quantity, F::UnitPrice, F::CreatedAt],
        currency: "GBP",
        zone: "Europe/London",
        ..BASE
    },
    Format {
        id: "cdnow_master",
        platform: "cdnow",
        words: Words::Sale,
        headers: "~customer_id=customer_id|~date=created_at|*cds=quantity|~amount=paid|*master_id",
        needs: &[F::CustomerId, F::CreatedAt, F::Quantity, F::Paid],
        currency: "USD",
        zone: "America/New_York",
        ..BASE
    },
    Format {
        id: "jushuitan_orders",
        platform: "erp",
        part: Part::LineRepeated,
        headers: "*内部订单号=internal_no|*线上订单号=order_no|店铺=shop_name|店铺编号=shop_id|*店铺站点=platform|站点=platform|订单状态=status|*线上状态|买家账号=buyer_account|买家帐号=buyer_account|下单时间=created_at|订单日期=created_at|付款日期=paid_at|付款时间=paid_at|发货日期=shipped_at|应付金额=order_total|已付金额=paid|实付金额=paid|*运费收入=shipping|运费=shipping|优惠金额=discount|平台订单金额|收货人=receiver_name|收件人=receiver_name|手机=receiver_phone|省份=province|省=province|城市=city|市=city|区县=district|区=district|街道=street|地址=address|快递公司=carrier|快递单号=tracking_no|买家留言=buyer_memo|卖家备注=seller_memo|订单类型|异常类型|标签|分销商|业务员|子订单编号=sub_order_no|商品编码=line_code|~款式编码=line_outer_code|款号=line_outer_code|商品名称=line_title|~颜色规格=line_spec|~颜色及规格=line_spec|数量=quantity|单价=unit_price|基本售价|商品金额=line_paid|金额=line_paid|*原始线上订单号=line_order_no|退款状态=after_sale|退货金额|*线上子订单编号=sub_order_no",
        needs: &[F::OrderNo, F::InternalNo],
        ..BASE
    },
    Format {
        id: "wangdiantong_orders",
        platform: "erp",
        part: Part::LineRepeated,
        headers: "订单编号=internal_no|*系统订单号=internal_no|*原始单号=order_no|*原始子单号=sub_order_no|*子单原始单号=line_order_no|店铺名称=shop_name|店铺=shop_name|~平台类型=platform|平台=platform|订单来源=channel|*客户网名=buyer_account|网名=buyer_account|收件人=receiver_name|收货人=receiver_name|手机=receiver_phone|固话=receiver_tel|收货地区|收件地区|收货地址=address|地址=address|下单时间=created_at|付款时间=paid_at|发货时间=shipped_at|订单状态=status|订单总金额=order_total|应收金额=order_total|实付金额=paid|已付=paid|已付金额=paid|邮费=shipping|优惠=discount|物流公司=carrier|物流单号=tracking_no|客户备注=buyer_memo|买家备注=buyer_memo|~客服备注=seller_memo|商家编码=line_code|~货品编号=line_outer_code|货品名称=line_title|~规格名称=line_spec|~规格码|下单数量=quantity|货品数量=quantity|数量=quantity|标价|成交价=unit_price|*货品成交价=unit_price|*货品成交总价=line_paid|*分摊后总价=line_paid|退款状态=after_sale|*赠品方式|*货品总数=qty_total|*货品种类数",
        needs: &[F::OrderNo, F::InternalNo],
        ..BASE
    },
    Format {
        id: "guanyi_orders",
        platform: "erp",
        part: Part::LineRepeated,
        headers: "*单据编号=internal_no|*平台单号=order_no|店铺名称=shop_name|*店铺代码=shop_id|~会员名称=buyer_account|*会员代码|*拍单时间=created_at|付款时间=paid_at|发货时间=shipped_at|订单状态=status|平台状态=status|发货状态|审核状态|收货人=receiver_name|~收货人手机=receiver_phone|收货人电话=receiver_tel|收货地址=address|省名称=province|市名称=city|区名称=district|支付金额=paid|实付金额=paid|应收邮费=shipping|~物流费用=shipping|物流公司=carrier|物流单号=tracking_no|买家留言=buyer_memo|卖家备注=seller_memo|*二次备注|*商品代码=line_outer_code|*规格代码=line_code|商品名称=line_title|规格名称=line_spec|数量=quantity|*标准单价|*实际单价=unit_price|*让利金额=discount|*让利后金额=line_paid|商品条码|子订单号=sub_order_no|退款状态=after_sale",
        needs: &[F::OrderNo, F::InternalNo],
        ..BASE
    },
];

/// The formats that are proposed rather than recognised, by kind.
pub static PLAIN_ORDER: Format = BASE;
/// Orders with a row per line, their amounts repeated.
pub static PLAIN_ORDER_LINES: Format = Format { part: Part::LineRepeated, ..BASE };
/// Orders with a row per line, their amounts divided among the rows.
pub static PLAIN_ORDER_SHARES: Format = Format { part: Part::LineSummed, ..BASE };
/// Sales without status words.
pub static PLAIN_SALES: Format = Format { part: Part::LineRepeated, words: Words::Sale, ..BASE };
/// Lines only.
pub static PLAIN_ITEMS: Format = Format { kind: Kind::Item, ..BASE };
/// A list of members.
pub static MEMBER_LIST: Format = Format { id: "member_list", kind: Kind::Member, ..BASE };
/// A list of products.
pub static PRODUCT_FILE: Format = Format { id: "product_file", kind: Kind::Product, ..BASE };
/// A suppression list.
pub static SUPPRESSION_LIST: Format = Format { id: "suppression_list", kind: Kind::Suppression, ..BASE };
/// A list of who has which tags.
pub static TAG_LIST: Format = Format { id: "tag_list", kind: Kind::Tag, ..BASE };
/// Weather by region and day.
pub static WEATHER_FILE: Format = Format { id: "weather_file", kind: Kind::Weather, ..BASE };

/// A header of a format: what it means, and how much it proves (2: nobody else has it, 1: few have).
type Known = (Option<Field>, u8);

static HEADERS: LazyLock<HashMap<&'static str, HashMap<String, Known>>> = LazyLock::new(|| {
    let fields: HashMap<&str, Field> = Field::ALL.iter().map(|f| (f.word(), *f)).collect();
    let of = |h: &'static str| {
        let (proof, h) = match h.as_bytes().first() {
            Some(b'*') => (2, &h[1..]),
            Some(b'~') => (1, &h[1..]),
            _ => (0, h),
        };
        let (name, field) = h.split_once('=').unwrap_or((h, ""));
        (header::key(name), (fields.get(field).copied(), proof))
    };
    FORMATS.iter().map(|f| (f.id, f.headers.split('|').filter(|h| !h.is_empty()).map(of).collect())).collect()
});

impl Format {
    /// What this format calls a header with this key: `None` if it has no such header.
    pub fn header(&self, key: &str) -> Option<Option<Field>> {
        HEADERS.get(self.id)?.get(key).map(|k| k.0)
    }

    /// How much a header with this key proves that a file is of this format: 2 where nobody else has
    /// it, 1 where few have, 0 for everybody's.
    pub fn proof(&self, key: &str) -> u8 {
        HEADERS.get(self.id).and_then(|h| h.get(key)).map_or(0, |k| k.1)
    }

    /// The fields that its headers tell.
    pub fn tells(&self, field: Field) -> bool {
        HEADERS.get(self.id).is_some_and(|h| h.values().any(|k| k.0 == Some(field)))
    }

    /// Whether any format has a header with this key.
    pub fn knows(key: &str) -> bool {
        HEADERS.values().any(|h| h.contains_key(key))
    }

    /// The format with this name.
    pub fn by_id(id: &str) -> Option<&'static Format> {
        FORMATS.iter().chain([&PLAIN_ORDER, &MEMBER_LIST, &PRODUCT_FILE, &SUPPRESSION_LIST, &TAG_LIST, &WEATHER_FILE]).find(|f| f.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_word_in_the_tables_exists() {
        for f in FORMATS {
            for h in f.headers.split('|') {
                if let Some((_, word)) = h.split_once('=') {
                    assert!(word.is_empty() || Field::ALL.iter().any(|x| x.word() == word), "{}: {h}", f.id);
                }
            }
        }
    }
}
