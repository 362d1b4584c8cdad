//! The vocabulary of headers: what shops, platforms and ERPs call each field. A header is looked
//! up exactly after [`crate::header::key`]; what is not found may still be understood by its parts,
//! with less confidence.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::field::Field;
use crate::header;

/// What sort of file a word belongs to: one bit each.
pub type Kinds = u8;
/// Orders and their lines.
pub const ORDER: Kinds = 1;
/// Members.
pub const MEMBER: Kinds = 2;
/// Products.
pub const PRODUCT: Kinds = 4;
/// Addresses not to be written to.
pub const SUPPRESSION: Kinds = 8;
/// Tags of members.
pub const TAG: Kinds = 16;
/// Weather.
pub const WEATHER: Kinds = 32;

use Field::*;

/// Field, kinds of file, names divided by `|`.
static WORDS: &[(Field, Kinds, &str)] = &[
    (
        OrderNo,
        ORDER,
        "订单编号|订单号|订单号码|单号|主订单编号|主订单号|父订单号|订单ID|平台订单号|线上订单号|线上单号|原始单号|网店订单号|外部订单号|来源单号|平台单号|交易编号|交易单号|店铺订单号|order number|order no|order id|order|orderno|ordernumber|order name|tid|订单编码|订单流水号|平台交易号|原始订单号|销售单号|销售订单号|销货单号|交易号|外部单号|平台订单编号|平台订单id|订单标识|order reference|order ref|orderreference|order code|sales order|sales order no",
    ),
    (SubOrderNo, ORDER, "子订单编号|子订单号|商品单号|子单号|原始子订单号|oid|line item id|子订单ID|商品订单号"),
    (LineOrderNo, ORDER, "子单原始单号|原始线上订单号|明细原始单号|明细订单号|明细订单编号|所属订单号"),
    (
        InternalNo,
        ORDER,
        "内部订单号|系统单号|系统订单号|ERP单号|单据编号|包裹号|包裹编号|包裹单号|发货单号|发货单编号|出库单号|package no|parcel no|shipment no|shipment id|id",
    ),
    (
        Status,
        ORDER,
        "订单状态|交易状态|状态|平台状态|平台订单状态|线上状态|订单状态名称|status|order status|单据状态|当前状态|订单进度|order state|order stage|子订单状态|商品状态",
    ),
    (FinancialStatus, ORDER, "financial status|payment status"),
    (FulfilmentStatus, ORDER, "fulfillment status|fulfilment status"),
    (AfterSale, ORDER, "售后状态|退款状态|是否退款|是否已退款|是否有退款|订单退款状态|商品售后状态|售后情况|退货状态|refund status"),
    (CloseReason, ORDER, "订单关闭原因|关闭原因|取消原因|交易关闭原因|cancel reason"),
    (
        CreatedAt,
        ORDER,
        "订单创建时间|下单时间|日期|订单提交时间|创建时间|拍单时间|拍下时间|提交时间|下单日期|订单时间|订单日期|订购时间|交易创建时间|交易时间|order date|created at|created|date|order time|date created|订单下单时间|purchase date|买家下单时间|购买时间|购买日期|下单日期时间|消费时间|销售时间|销售日期|开单时间|开单日期|成单时间|交易日期|placed at|order placed|ordered at|purchase time|purchased at|order created",
    ),
    (
        PaidAt,
        ORDER,
        "订单付款时间|付款时间|支付时间|买家付款时间|付款确认时间|支付完成时间|付款日期|订单支付时间|订单成交时间|成交时间|支付完成日期|paid at|paid date|payment date|date paid|pay time",
    ),
    (ShippedAt, ORDER, "发货时间|订单发货时间|发货日期|出库时间|实际发货时间|shipped at|fulfilled at|shipping date|ship time|date shipped"),
    (
        CompletedAt,
        ORDER,
        "确认收货时间|订单完成时间|交易成功时间|完成时间|收货时间|交易完成时间|签收时间|成交完成时间|订单结束时间|完结时间|completed at|date completed|completed date",
    ),
    (ClosedAt, ORDER, "关闭时间|取消时间|交易关闭时间|订单关闭时间|订单取消时间|cancelled at|canceled at"),
    (
        GoodsList,
        ORDER,
        "商品总价|商品金额合计|商品总金额|商品金额|商品原价合计|货款金额|商品总额|货品总额|总货款|order subtotal|subtotal before discount|宝贝总价|商品标价合计",
    ),
    (GoodsPayable, ORDER, "买家应付货款|应付货款|货款|subtotal"),
    (OrderTotal, ORDER, "总金额|订单金额|订单总金额|订单总额|应收订单金额|订单总价|交易金额|应收金额|应收合计|订单应收金额"),
    (
        Shipping,
        ORDER,
        "买家应付邮费|应付邮费|邮费|运费|运费金额|快递费|配送费|邮资|运费收入|shipping|shipping total|快递费用|配送费用|运输费|物流费|运送费|shipping fee|delivery fee|delivery cost|postage|freight|shipping cost|order shipping amount|买家运费|订单运费|物流费用",
    ),
    (
        Paid,
        ORDER,
        "买家实际支付金额|买家实付金额|实付金额|用户实付金额|实际支付金额|订单实付金额|买家实付|实付款|买家实付款|买家支付金额|支付金额|付款金额|已付金额|已付款|实付|应付金额|订单应付金额|应付款|客户实付|订单支付金额|实际付款|消费者实付|total|order total|total paid|grand total|amount paid|amount|order amount|order value|实收款|金额|合计金额|总计|消费金额|成交金额合计|买家总支付金额|总支付金额|付款额|实付总额|订单实付|实际支付|支付总额|支付额|实际支付额|paid amount|order total amount|订单实际支付金额|用户应付金额|订单合计",
    ),
    (
        Refund,
        ORDER,
        "退款金额|订单已退款金额|order refund amount|买家退款金额|已退款金额|退款总额|退款合计|退款总金额|退货金额|实退金额|refunded amount|refund amount|total refunded|amount refunded|refunded|refund|已退金额|退款总金额(元)",
    ),
    (MerchantReceived, ORDER, "打款商家金额|商家实收金额|商家实收|订单实收金额|实收金额|商家收入金额|商家应收金额|预计收入|结算实收"),
    (
        DiscountShop,
        ORDER,
        "店铺优惠折扣|店铺优惠|商家优惠|商家实际承担优惠金额|商家承担优惠金额|店铺优惠合计|商家优惠金额|商家承担|商家折扣|卖家优惠|店铺优惠金额|商家优惠承担",
    ),
    (
        DiscountPlatform,
        ORDER,
        "平台优惠折扣|平台优惠|平台实际承担优惠金额|平台承担优惠金额|平台优惠金额|平台承担|平台补贴|平台折扣|平台优惠承担",
    ),
    (DiscountInfluencer, ORDER, "达人实际承担优惠金额|达人优惠|达人承担优惠金额|达人承担|达人优惠金额|主播承担优惠金额"),
    (
        Discount,
        ORDER,
        "优惠金额|优惠|折扣金额|订单优惠|订单优惠金额|总优惠|优惠合计|支付优惠合计|discount total|discount amount|discount|discounts|抵扣金额|让利",
    ),
    (Tax, ORDER, "税费|税额|tax total|taxes|tax"),
    (QtyTotal, ORDER, "宝贝总数量|商品总数量|商品总数|总数量|商品件数|总件数|件数"),
    (
        BuyerAccount,
        ORDER,
        "买家会员名|买家昵称|买家账号|买家帐号|下单帐号|下单账号|会员名|客户账号|买家旺旺|旺旺|买家ID|用户名|买家|淘宝会员名|平台会员名|客户网名|会员昵称|用户昵称|网名|买家会员|昵称|旺旺号|买家淘宝昵称|会员账号|会员帐号|客户昵称|买家账户|买家名称|username|buyer username|buyer nickname|buyer nick|buyer account|customer username",
    ),
    (BuyerPayAccount, ORDER, "买家支付宝账号|支付宝账号|支付宝帐号|买家支付宝"),
    (
        BuyerPhone,
        ORDER,
        "买家手机号|买家手机|客户手机|客户手机号|客户电话|客户联系电话|顾客手机|顾客手机号|顾客电话|会员手机|买家电话|买家联系电话|客户手机号码|用户购买手机号|下单人手机号|下单手机号|注册手机号|会员手机号|phone|customer phone|buyer phone|billing phone|phone billing|电话号码|下单人手机",
    ),
    (
        BuyerEmail,
        ORDER,
        "买家邮箱|会员邮箱|email|e-mail|email address|customer email|email billing|电邮|billing email|buyer email|邮箱|电子邮箱|下单邮箱",
    ),
    (
        OpenId,
        ORDER | MEMBER,
        "openid|open_id|buyer_open_uid|ouid|doudian_open_id|yz_open_id|买家openid|用户openid|open id|unionid|买家开放id",
    ),
    (CustomerId, ORDER, "customer id|customer user|客户编号|客户编码|客户id|用户ID|会员编号|会员ID|customerid|customer|user id|会员号"),
    (IsMember, ORDER | MEMBER, "买家是否会员|是否会员|会员标识|is member"),
    (
        ReceiverName,
        ORDER,
        "收货人姓名|收货人|收件人|收件人姓名|客户姓名|收货人名称|收件方姓名|收货姓名|shipping name|billing name|收货人/提货人|receiver|receiver name|收货联系人|收货人名字|收货人名|收件者|收件者姓名|收件人名字|recipient|recipient name|ship to|ship to name|consignee|consignee name|buyer name",
    ),
    (
        ReceiverPhone,
        ORDER,
        "联系手机|手机|收件人手机号|收货人手机号|收货人手机|收件人手机|手机号|手机号码|联系电话|收件人电话|收货人电话|收货手机|收货电话|收货人手机号/提货人手机号|shipping phone|收货人电话号码|电话|联系方式|收货人联系电话|mobile|收件者电话|收件者手机|receiver phone|recipient phone|ship to phone|consignee phone|shipping mobile|receiver mobile",
    ),
    (ReceiverTel, ORDER, "固定电话|座机|收货人固定电话|收件人固话|固话"),
    (
        Address,
        ORDER,
        "收货地址|详细地址|客户地址|收件人地址|收货人地址|地址|收件地址|详细收货地址|详细收货地址/提货地址|收货人详细地址|shipping address|shipping street|shipping address1|address|收货详细地址|address line 1|address 1|street address|ship to address|delivery address",
    ),
    (
        Province,
        ORDER | MEMBER,
        "省|省份|收货人省份|收货省|收货省份|收件省|收件人省份|所在省份|province|shipping province|shipping state|收货人省|州省|所在省|default address province code",
    ),
    (
        City,
        ORDER | MEMBER,
        "市|城市|收货人城市|收货市|收货城市|收件市|收件人城市|所在城市|city|shipping city|收货人市|default address city",
    ),
    (District, ORDER | MEMBER, "区|区县|收货人地区|收货区|收货区县|区域|收件区|地区|所属区域|district|县区|区/县|收货人区|收货人区县"),
    (Street, ORDER | MEMBER, "街道|乡镇|镇|街道乡镇|收货街道"),
    (Zip, ORDER | MEMBER, "邮编|邮政编码|收货邮编|shipping zip|shipping postcode|postcode|zip"),
    (Country, ORDER | MEMBER, "国家|国家地区|country|shipping country|default address country code"),
    (ShopId, ORDER, "店铺id|店铺编号|店铺编码|商家id|shop id|门店编号"),
    (ShopName, ORDER | MEMBER, "店铺名称|店铺|归属店铺|所属店铺|店铺名|网店|网店名称|来源店铺|店铺简称|shop|shop name|store|成为会员店铺"),
    (Platform, ORDER | MEMBER, "平台|来源平台|平台名称|平台类型|订单平台|站点|销售平台|platform|平台站点|店铺平台"),
    (PaymentMethod, ORDER, "支付方式|付款方式|支付渠道|payment method title|payment method|结算方式"),
    (
        BuyerMemo,
        ORDER,
        "买家留言|买家备注|客户留言|客户备注|买家备注信息|订单备注客户|customer note|buyer note|note from customer|用户备注|买家附言|顾客留言|顾客备注|客户附言|buyer message|customer message|customer notes",
    ),
    (
        SellerMemo,
        ORDER,
        "商家备注|订单备注|卖家备注|商家订单备注|客服备注|卖家留言|内部备注|商家备注信息|notes|备注|note|线上备注|订单商家备注",
    ),
    (TrackingNo, ORDER, "物流单号|快递单号|运单号|物流编号|快递编号|运单编号|tracking number"),
    (Carrier, ORDER, "物流公司|快递公司|快递|物流|承运商|物流名称|carrier|快递名称"),
    (Channel, ORDER, "订单来源|销售渠道|订单渠道|来源渠道|渠道|流量来源|source|source name|订单来源渠道"),
    (Currency, ORDER | MEMBER | PRODUCT, "币种|货币|currency|order currency|订单币种"),
    (DiscountCode, ORDER, "优惠码|优惠券码|discount code|coupon code|coupon"),
    (Titles, ORDER, "宝贝标题|全部商品名称|商品信息|商品清单|宝贝名称汇总|商品列表|商品明细"),
    (
        LineTitle,
        ORDER,
        "商品标题|商品名称|选购商品|商品|标题|宝贝名称|货品名称|品名|lineitem name|line item name|item name|product name|product|description|平台商品名称|线上商品名|名称|商品全称|item|item title|product title|goods name",
    ),
    (
        LineSpec,
        ORDER,
        "商品规格|商品属性|规格|颜色规格|颜色及规格|商品属性SKU|属性|规格名称|sku规格|销售属性|lineitem variant|variant|变体|颜色/规格|款式|平台规格名称|线上颜色规格|规格型号",
    ),
    (
        LineCode,
        ORDER,
        "商家编码|货号|商家编码-SKU维度|商家编码-规格维度|SKU编码|规格编码|sku|商品编码|外部商品编码|SKU商家编码|规格商家编码|lineitem sku|stockcode|stock code|货品编号|商家SKU|商品条码编号|item sku|product sku|product code|item code|merchant sku|SKU货号|原始商品编码",
    ),
    (LineOuterCode, ORDER, "外部系统编号|商家编码-商品维度|款式编码|商品商家编码|款号|货品编码|商品款号|主商家编码"),
    (ProductId, ORDER, "商品ID|宝贝ID|商品编号|商品SKUID|product id|numiid|skuid|平台商品ID|线上商品ID"),
    (
        Quantity,
        ORDER,
        "购买数量|商品数量|订购数量|数量|下单数量|lineitem quantity|quantity|qty|商品购买数量|购买件数|实发数量|销售数量|cds|item quantity|item qty|order quantity",
    ),
    (
        UnitPrice,
        ORDER,
        "商品价格|价格|单价|商品单价|京东价|销售单价|成交单价|宝贝价格|lineitem price|unit price|price|unitprice|商品售价|标价|原价|基本售价|货品单价|销售价|售价|销售价格|成交价|成交价格|商品成交价|item price|item cost|商品原价|sale price",
    ),
    (
        LinePaid,
        ORDER,
        "商品实付金额|子订单实付金额|商品实付|货品成交总价|商品实际金额|成交金额|商品成交金额|明细实付|商品应付金额|分摊后总价|line total|商品销售金额|分摊后金额|商品已付金额",
    ),
    (LineRefund, ORDER, "商品退款金额|子订单退款金额|明细退款"),
    (PackedRefunds, ORDER, "refund items|refund_items"),
    (
        Nick,
        MEMBER,
        "会员昵称|客户昵称|昵称|会员名|买家昵称|网名|淘宝昵称|旺旺|旺旺号|用户昵称|微信昵称|nick|nickname|username|账号|会员账号|用户名|淘宝会员名|买家会员名",
    ),
    (
        Name,
        MEMBER,
        "姓名|客户姓名|会员姓名|真实姓名|名字|联系人|顾客姓名|name|full name|customer name|收货人|收货人姓名|收件人|会员名字|客户名称|顾客",
    ),
    (FirstName, MEMBER, "first name|firstname|given name"),
    (LastName, MEMBER, "last name|lastname|family name|surname"),
    (
        Phone,
        MEMBER,
        "手机号|客户手机号|会员手机号|手机|手机号码|联系电话|电话|联系手机|mobile|phone|phone number|移动电话|绑定手机|手机电话|联系方式|default address phone",
    ),
    (Email, MEMBER, "邮箱|电子邮箱|邮件|email|e-mail|email address|会员邮箱|客户邮箱"),
    (Birthday, MEMBER, "生日|客户生日|会员生日|出生日期|出生年月|出生年月日|birthday|date of birth|dob|birth date"),
    (Gender, MEMBER, "性别|客户性别|会员性别|gender|sex"),
    (Tier, MEMBER, "会员等级|等级|客户等级|免费等级|会员级别|会员卡等级|等级名称|tier|level|vip等级|会员类型|级别"),
    (PaidTier, MEMBER, "付费等级|付费会员等级|付费会员"),
    (Points, MEMBER, "积分|客户积分|会员积分|可用积分|当前积分|剩余积分|积分余额|points|loyalty points"),
    (Growth, MEMBER, "成长值|会员成长值|growth"),
    (
        Orders,
        MEMBER,
        "交易笔数|消费次数|订单数|购买次数|成交笔数|交易次数|累计订单数|下单次数|累计消费次数|total orders|orders count|orders|交易成功笔数|累计购买次数",
    ),
    (
        Spent,
        MEMBER,
        "交易总额|消费金额|累计消费金额|累计消费|消费总额|成交金额|交易额|累计消费额|购买金额|total spent|lifetime spend|lifetime value|spent|amount spent|累计交易金额|总消费金额|历史消费金额|交易金额",
    ),
    (Refund, MEMBER, "累计退款金额|退款金额"),
    (Balance, MEMBER, "储值余额|客户储值余额|余额|账户余额|会员余额|balance|store credit|储值"),
    (
        LastOrderAt,
        MEMBER,
        "最近交易时间|上次消费时间|最近消费时间|最后交易时间|最后消费时间|最近购买时间|最后下单时间|最近下单时间|上次交易时间|last order date|last order|最近一次消费时间|最近付款时间",
    ),
    (
        JoinedAt,
        MEMBER,
        "入会时间|成为客户时间|注册时间|加入时间|创建时间|注册日期|入会日期|办卡时间|开卡时间|建档时间|created at|joined at|signup date|registered at|date registered|注册",
    ),
    (MemberSince, MEMBER, "成为会员时间|会员开始时间"),
    (Tags, MEMBER, "标签|客户标签|会员标签|分组|会员分组|人群标签|tags|groups|客户分组"),
    (Source, MEMBER, "会员来源|来源方式|来源|来源渠道|客户来源|注册来源|source|渠道|注册渠道"),
    (ConsentEmail, MEMBER, "accepts email marketing|accepts marketing|email marketing consent|接受邮件营销|邮件营销|是否接受邮件|允许邮件"),
    (ConsentSms, MEMBER, "accepts sms marketing|sms marketing consent|接受短信营销|短信营销|是否接受短信|允许短信|同意短信"),
    (OwnId, MEMBER, "会员编号|会员ID|客户编号|客户ID|会员卡号|卡号|用户ID|member id|memberid|member no|会员号|编号|own id|user id|id"),
    (CustomerId, MEMBER, "customer id|customerid"),
    (SellerMemo, MEMBER, "备注|note|notes|客户备注|会员备注"),
    (Address, MEMBER, "地址|详细地址|收货地址|联系地址|address|default address address1"),
    (
        Sku,
        PRODUCT,
        "商家编码|商品编码|SKU编码|sku|货号|规格编码|商品货号|sku code|sku id|variant sku|产品编码|物料编码|货品编号|编码|款号规格|商品sku",
    ),
    (ProductId, PRODUCT, "商品ID|宝贝ID|商品数字ID|product id|spu|spu编码|款式编码|款号|商品款号|货品编码"),
    (Title, PRODUCT, "商品标题|商品名称|宝贝标题|标题|宝贝名称|名称|品名|产品名称|货品名称|title|name|product name|product|商品名"),
    (LineSpec, PRODUCT, "规格|商品规格|颜色规格|颜色及规格|规格名称|销售属性|variant|option|规格型号"),
    (
        Category,
        PRODUCT,
        "类目|商品类目|分类|商品分类|品类|类别|一级类目|宝贝类目|category|product category|type|product type|所属分类|商品类别|后台类目|叶子类目",
    ),
    (
        Price,
        PRODUCT,
        "价格|售价|销售价|一口价|商品价格|零售价|单价|标价|吊牌价|基本售价|price|retail price|variant price|list price|市场价|市场|销售价格|原价",
    ),
    (Cost, PRODUCT, "成本|成本价|采购价|进价|进货价|cost|cost per item|cost price|成本单价|供货价|成本价格"),
    (
        Stock,
        PRODUCT,
        "库存|库存数量|可用库存|数量|现货库存|总库存|库存数|可售库存|stock|inventory|quantity|qty|variant inventory qty|实际库存|可售数",
    ),
    (Barcode, PRODUCT, "条码|条形码|国际码|商品条码|barcode|ean|upc|gtin|variant barcode|国标码"),
    (Brand, PRODUCT, "品牌|品牌名称|brand|vendor"),
    (
        SuppressValue,
        SUPPRESSION,
        "手机号|手机|手机号码|电话|号码|phone|mobile|email|邮箱|退订号码|黑名单号码|地址|address|value|退订手机号|联系方式|收件人|recipient",
    ),
    (SuppressChannel, SUPPRESSION, "渠道|通道|channel|类型|type|触达渠道"),
    (
        SuppressReason,
        SUPPRESSION,
        "原因|是否退订|是否黑名单|是否拉黑|是否屏蔽|是否在黑名单|unsubscribed|退订原因|reason|黑名单原因|屏蔽原因|退订内容|回复内容",
    ),
    (
        SuppressAt,
        SUPPRESSION,
        "退订时间|加入黑名单时间|拉黑时间|屏蔽时间|unsubscribed at|suppressed at|bounced at|时间|date|at|created at|回复时间|加入时间",
    ),
    (Phone, TAG, "手机号|手机|手机号码|会员手机号|客户手机号|联系电话|电话|绑定手机|mobile|phone|phone number"),
    (Email, TAG, "邮箱|电子邮箱|email|e-mail|email address|会员邮箱"),
    (OwnId, TAG, "会员编号|会员ID|客户编号|客户ID|会员卡号|卡号|会员号|用户ID|编号|member id|memberid|member no|own id|user id|id"),
    (
        OpenId,
        TAG,
        "openid|open_id|open id|unionid|union_id|微信号|微信ID|微信openid|微信unionid|平台ID|平台用户ID|平台会员ID|买家openid|用户openid|ouid|buyer_open_uid|doudian_open_id",
    ),
    (Nick, TAG, "会员昵称|昵称|会员名|买家昵称|旺旺|旺旺号|账号|会员账号|用户名|淘宝会员名|买家会员名|nick|nickname|username"),
    (Name, TAG, "姓名|会员姓名|客户姓名|name"),
    (Platform, TAG, "平台|平台名称|platform"),
    (
        Tags,
        TAG,
        "标签|标签名|标签名称|会员标签|客户标签|人群标签|需求标签|兴趣标签|人群包|人群名称|人群包名称|tag|tags|label|labels|tag name",
    ),
    (TagCategory, TAG, "标签分类|标签类别|标签类目|标签类型|标签维度|分类|类别|类目|category|tag category|tag type"),
    (TagSource, TAG, "标签来源|来源|数据来源|来源平台|投放平台|source|tag source|data source"),
    (TagScore, TAG, "得分|分数|评分|置信度|权重|偏好度|兴趣度|偏好得分|score|confidence|weight|probability"),
    (
        TagUntil,
        TAG,
        "有效期|有效期至|有效期止|到期时间|失效时间|截止日期|截止时间|有效截止日期|valid until|expires|expires at|expiry|expiry date",
    ),
    (WeatherDay, WEATHER, "日期|天气日期|观测日期|日期时间|date|day|datetime|weather date|observation date"),
    (
        Province,
        WEATHER,
        "省|省份|省市|地区|区域|所在地区|省级|地区代码|行政区划|行政区划代码|行政区划编码|区划代码|地点|province|region|state|area|location|adcode|area code|region code|province name",
    ),
    (City, WEATHER, "市|城市|地市|地级市|城市名|城市名称|城市代码|城市编码|city|city name|city code|prefecture"),
    (
        WeatherWords,
        WEATHER,
        "天气|天气状况|天气现象|天气情况|天气类型|白天天气|白天天气现象|天气描述|weather|conditions|condition|weather condition|weather conditions|weather description|description",
    ),
    (
        WeatherHigh,
        WEATHER,
        "最高温|最高气温|最高温度|日最高气温|日最高温度|高温|白天气温|白天温度|high|high temp|high temperature|max temp|max temperature|maximum temperature|temp max|temperature max|tmax|tempmax|temperature 2m max",
    ),
    (
        WeatherLow,
        WEATHER,
        "最低温|最低气温|最低温度|日最低气温|日最低温度|低温|夜间气温|夜间温度|low|low temp|low temperature|min temp|min temperature|minimum temperature|temp min|temperature min|tmin|tempmin|temperature 2m min",
    ),
    (
        WeatherBoth,
        WEATHER,
        "气温|温度|气温范围|温度范围|最高最低气温|最高气温最低气温|最高温最低温|最高温度最低温度|最高最低温度|高温低温|temperature|temperatures|temp|high low",
    ),
    (
        WeatherRain,
        WEATHER,
        "降水|降水量|降雨|降雨量|雨量|日降水量|累计降水量|rain|rainfall|precipitation|precip|precipitation sum|rain sum|prcp",
    ),
];

/// What a list of tags may tell of a member beside the tags, in words of a list of members: one that tells
/// more is a list of members.
static BESIDE_TAGS: &[Field] = &[Phone, Email, OwnId, OpenId, CustomerId, Nick, Name, Tags, Source, Platform];

/// Whether headers are those of a list of tags, beside which a list of members says more.
pub fn tells_only_tags(keys: &[String]) -> bool {
    let more = |k: &String| {
        let of_members = exact(k, MEMBER).or_else(|| fuzzy(k, MEMBER));
        of_members.is_some_and(|f| !BESIDE_TAGS.contains(&f)) && exact(k, TAG).is_none()
    };
    !keys.iter().any(more)
}

/// Headers that by themselves say that a list is one of addresses not to be written to.
static SUPPRESSION_MARKS: &[&str] = &["退订", "黑名单", "拉黑", "屏蔽", "unsubscrib", "suppress", "bounce", "blacklist", "optout"];

static TABLE: LazyLock<HashMap<String, Vec<(Field, Kinds)>>> = LazyLock::new(|| {
    let mut t: HashMap<String, Vec<(Field, Kinds)>> = HashMap::new();
    for (field, kinds, names) in WORDS {
        for name in names.split('|') {
            let e = t.entry(header::key(name)).or_default();
            if !e.iter().any(|(_, k)| k & kinds != 0) {
                e.push((*field, *kinds));
            }
        }
    }
    t
});

/// The field of a header's key in a file of this kind.
pub fn exact(key: &str, kind: Kinds) -> Option<Field> {
    TABLE.get(key)?.iter().find(|(_, k)| k & kind != 0).map(|(f, _)| *f)
}

/// Names that say what they mean less exactly than others of their field: where two columns could tell
/// it, the lower number counts. 1 is near it, 3 is an everyday word, 4 is rather another's matter.
static VAGUE: &[(Field, u8, &str)] = &[
    (OrderNo, 1, "交易编号|交易单号|来源单号|原始单号|原始订单号|订单流水号|平台交易号|店铺订单号"),
    (OrderNo, 3, "单号|order"),
    (InternalNo, 1, "id"),
    (Status, 1, "平台状态|平台订单状态|线上状态"),
    (Status, 2, "当前状态|订单进度"),
    (Status, 3, "状态|status"),
    (Status, 4, "商品状态|子订单状态"),
    (CreatedAt, 1, "创建时间|交易时间|created at|created"),
    (CreatedAt, 3, "日期|date"),
    (PaidAt, 1, "成交时间|订单成交时间"),
    (Paid, 1, PAYABLE),
    (Paid, 3, "金额|amount|消费金额"),
    (UnitPrice, 1, "价格|price|item price|item cost|货品单价"),
    (UnitPrice, 3, "标价|原价|基本售价"),
    (Quantity, 1, "数量|quantity|qty"),
    (Quantity, 3, "实发数量|销售数量"),
    (LineTitle, 1, "商品|标题|product|item|品名"),
    (LineTitle, 3, "名称|description"),
    (LineCode, 1, "商品编码|货品编号|原始商品编码"),
    (LineCode, 3, "商品条码编号"),
    (LineSpec, 1, "属性|款式"),
    (ReceiverPhone, 1, "联系电话|联系方式|电话"),
    (ReceiverPhone, 3, "shipping phone"),
    (BuyerAccount, 1, "昵称|用户名|买家|用户昵称|买家名称|username"),
    (Address, 1, "地址|address"),
    (SellerMemo, 1, "备注|note|notes"),
    (Name, 1, "收货人|收货人姓名|收件人|联系人|客户名称|顾客"),
    (Phone, 1, "联系电话|电话|联系方式"),
    (Phone, 3, "default address phone"),
    (OwnId, 1, "编号|id|user id|用户ID"),
    (JoinedAt, 1, "创建时间|created at|建档时间"),
    (Title, 1, "名称|name|标题|title"),
    (Price, 1, "单价|原价"),
    (Price, 3, "标价|吊牌价|市场价|市场|list price"),
    (Stock, 1, "数量|quantity|qty"),
    (Sku, 1, "编码"),
    (SuppressReason, 3, "是否退订|是否黑名单|是否拉黑|是否屏蔽|是否在黑名单|unsubscribed"),
];

/// What is or was to be paid.
const PAYABLE: &str = "应付金额|订单应付金额|应付款|total|order total|grand total|总计|合计金额|order amount|order value|成交金额合计|order total amount|用户应付金额|订单合计";

static RANKS: LazyLock<HashMap<(Field, String), u8>> =
    LazyLock::new(|| VAGUE.iter().flat_map(|(f, rank, names)| names.split('|').map(|n| ((*f, header::key(n)), *rank))).collect());

/// How vaguely a name says that it means the field: 0 is exact.
pub fn vagueness(field: Field, key: &str) -> u8 {
    RANKS.get(&(field, key.to_owned())).copied().unwrap_or(0)
}

/// Whether the name is one for what was to be paid.
pub fn is_payable(key: &str) -> bool {
    vagueness(Paid, key) == 1
}

/// Whether the name is a word of this kind of file alone. Weather has everybody's words for days and places
/// and takes nothing from them.
pub fn only(key: &str, kind: Kinds) -> bool {
    TABLE.get(key).is_some_and(|e| e.iter().all(|(_, k)| k & !(kind | WEATHER) == 0))
}

/// Whether the key is a word of any kind of file.
pub fn known(key: &str) -> bool {
    TABLE.contains_key(key)
}

/// Whether a header marks a suppression list.
pub fn marks_suppression(key: &str) -> bool {
    SUPPRESSION_MARKS.iter().any(|m| key.contains(m))
}

/// What a header seems to mean by its parts, where no exact word is known.
pub fn fuzzy(key: &str, kind: Kinds) -> Option<Field> {
    let has = |w: &str| key.contains(w);
    let any = |ws: &[&str]| ws.iter().any(|w| key.contains(w));
    let time = any(&["时间", "日期"]) || key.ends_with("date") || key.ends_with("at") || key.ends_with("time");
    let id = any(&["编号", "单号", "编码", "number"]) || key.ends_with("号") || key.ends_with("id") || key.ends_with("no");
    let points = any(&["积分", "points", "比例", "率", "是否"]);
    if kind == ORDER {
        return Some(match () {
            () if points => return None,
            () if time && any(&["付款", "支付", "成交", "paid", "payment"]) => PaidAt,
            () if time
                && any(&["承诺", "最晚", "预计", "预约", "应发", "审核", "打印", "送达", "导出", "退款", "售后", "更新", "修改"]) =>
            {
                return None;
            }
            () if time && any(&["发货", "出库", "shipped", "fulfilled"]) => ShippedAt,
            () if time && any(&["收货", "完成", "签收", "成功", "completed"]) => CompletedAt,
            () if time && any(&["关闭", "取消", "cancel"]) => ClosedAt,
            () if time && any(&["下单", "创建", "拍下", "订单", "提交", "created", "order"]) => CreatedAt,
            () if time => return None,
            () if id && has("子订单") => SubOrderNo,
            () if id && any(&["订单", "order"]) && !any(&["特权", "海淘", "支付", "关联", "售后", "退款"]) => OrderNo,
            () if any(&["退款", "refund"]) && any(&["金额", "amount", "total"]) => Refund,
            () if has("状态") && any(&["退款", "售后"]) => AfterSale,
            () if has("状态") && any(&["订单", "交易"]) => Status,
            () if any(&["实付", "实际支付", "实际付款", "paid"]) => Paid,
            () if any(&["商家实收", "实收", "打款"]) => MerchantReceived,
            () if any(&["平台"]) && any(&["优惠", "补贴", "折扣"]) => DiscountPlatform,
            () if any(&["店铺", "商家", "卖家"]) && any(&["优惠", "折扣"]) => DiscountShop,
            () if any(&["达人", "主播"]) && any(&["优惠", "承担"]) => DiscountInfluencer,
            () if any(&["运费", "邮费", "快递费", "配送费"]) && !any(&["险", "模板", "方式"]) => Shipping,
            () if any(&["昵称", "会员名", "旺旺", "下单帐号", "下单账号"]) => BuyerAccount,
            () if any(&["买家", "下单人"]) && any(&["手机", "电话"]) => BuyerPhone,
            () if any(&["收货人", "收件人", "收货"]) && any(&["手机", "电话"]) => ReceiverPhone,
            () if any(&["手机号"]) => ReceiverPhone,
            () if has("地址") && any(&["收货", "收件", "详细"]) => Address,
            () if any(&["商品", "宝贝", "货品"]) && any(&["标题", "名称"]) => LineTitle,
            () if any(&["商家编码", "sku编码", "规格编码"]) => LineCode,
            () if any(&["单价", "unitprice"]) => UnitPrice,
            () if any(&["购买数量", "商品数量", "订购数量", "quantity"]) => Quantity,
            () if any(&["商家备注", "卖家备注"]) => SellerMemo,
            () if any(&["买家留言", "买家备注"]) => BuyerMemo,
            () if any(&["email", "邮箱"]) => BuyerEmail,
            () => return None,
        });
    }
    if kind == MEMBER {
        return Some(match () {
            () if time && any(&["生日", "birth"]) => Birthday,
            () if time && any(&["最近", "上次", "最后", "last"]) && any(&["交易", "消费", "购买", "下单", "order", "付款"]) => {
                LastOrderAt
            }
            () if time && any(&["入会", "注册", "成为", "加入", "建档", "join", "regist"]) => JoinedAt,
            () if has("积分") && !any(&["累计", "消耗", "过期", "冻结"]) => Points,
            () if any(&["手机", "电话", "mobile", "phone"]) && !has("是否") => Phone,
            () if any(&["邮箱", "email"]) && !any(&["accept", "营销", "是否"]) => Email,
            () if has("等级") => Tier,
            () if any(&["昵称", "会员名"]) => Nick,
            () if has("姓名") => Name,
            () if any(&["生日", "birthday"]) => Birthday,
            () if has("性别") => Gender,
            () if any(&["消费", "交易", "购买"]) && any(&["次数", "笔数"]) => Orders,
            () if any(&["消费", "交易"]) && any(&["金额", "总额"]) => Spent,
            () => return None,
        });
    }
    if kind == PRODUCT {
        return Some(match () {
            () if any(&["成本", "进价", "cost"]) => Cost,
            () if any(&["库存", "stock", "inventory"]) => Stock,
            () if any(&["类目", "分类", "category"]) => Category,
            () if any(&["sku", "商家编码", "商品编码", "货号"]) => Sku,
            () if any(&["标题", "名称", "title"]) => Title,
            () if any(&["售价", "价格", "price"]) => Price,
            () if any(&["条码", "barcode"]) => Barcode,
            () => return None,
        });
    }
    None
}
