#!/usr/bin/env python3
"""Writes a Taobao order report and its item report (GB18030) of N orders from a seed.

    bench/taobao_files.py ORDERS DIRECTORY [SEED]

Lines per order average 2.2. One order in ten has a masked buyer. Prints the two paths.
"""
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

ORDER_HEADER = "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,是否上传小票,是否代付,定金排名,修改后的sku,修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,新零售交易类型,新零售导购门店名称,新零售导购门店id,新零售发货门店名称,新零售发货门店id,退款金额,预约门店,确认收货时间,打款商家金额,含应开票给个人的个人红包,"
ITEM_HEADER = "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ["秀英", "伟", "敏", "静", "丽", "强", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明", "超"]
PLACES = ["浙江省 杭州市 西湖区 文三路", "上海 上海市 浦东新区 世纪大道", "广东省 深圳市 南山区 科技园路", "北京 北京市 朝阳区 建国路", "四川省 成都市 锦江区 春熙路"]
GOODS = [(f"母婴用品 第{i}号", f"BB-{i:04d}", 990 + 37 * i) for i in range(400)]


def main() -> None:
    orders, directory = int(sys.argv[1]), Path(sys.argv[2])
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 42)
    directory.mkdir(parents=True, exist_ok=True)
    order_path, item_path = directory / "ExportOrderList.csv", directory / "ExportOrderDetailList.csv"
    buyers = max(1, orders // 3)
    start = datetime(2024, 1, 1)
    yuan = lambda fen: f"{fen // 100}.{fen % 100:02d}"
    with open(order_path, "w", encoding="gb18030", newline="") as o, open(item_path, "w", encoding="gb18030", newline="") as d:
        o.write(ORDER_HEADER + "\r\n")
        d.write(ITEM_HEADER + "\r\n")
        for n in range(orders):
            number = 4_000_000_000_000_000_000 + n * 7919
            buyer = rng.randrange(buyers)
            nick = f"熟客{buyer}" if n % 10 else "熟**"
            phone = f"13{800000000 + buyer % 100000000:09d}" if n % 10 else ""
            name = SURNAMES[buyer % 20] + GIVEN[buyer % 15]
            made = start + timedelta(seconds=rng.randrange(2 * 365 * 86400))
            roll = rng.random()
            status = "交易成功" if roll < 0.86 else "交易关闭" if roll < 0.92 else "卖家已发货，等待买家确认" if roll < 0.97 else "等待买家付款"
            lines = [(GOODS[rng.randrange(400)], rng.choice((1, 1, 1, 2))) for _ in range(rng.choice((1, 1, 2, 3, 4)))]
            goods = sum(price * count for (_, _, price), count in lines)
            shipping = 0 if goods > 9900 else 600
            unpaid = status in ("等待买家付款", "交易关闭")
            paid = 0 if unpaid else goods + shipping
            paid_at = "" if unpaid else f"{made + timedelta(minutes=4):%Y-%m-%d %H:%M:%S}"
            done_at = f"{made + timedelta(days=6):%Y-%m-%d %H:%M:%S}" if status == "交易成功" else ""
            cells = [f'="{number}"', nick, phone, yuan(goods), yuan(shipping), "0", yuan(goods + shipping), "0", yuan(paid), "0", status, "", name, f"{PLACES[buyer % 5]} {n % 900}号", "快递", "'null", f"'{phone}" if phone else "'null", f"{made:%Y-%m-%d %H:%M:%S}", paid_at, "，".join(t for (t, _, _), _ in lines), str(len(lines)), f"No:SF{n:012d}", "顺丰速运", "'null", str(sum(c for _, c in lines)), "134363478", "晴天母婴旗舰店", "订单未关闭", "0", "0元", "'null", "手机订单", "", "", "否", "否", "否"] + [""] * 12 + ["0", "", done_at, f"{yuan(paid)}元", "0.00元", ""]
            o.write(",".join(cells) + "\r\n")
            for (title, code, price), count in lines:
                d.write(f'"=""{number}""",{title},{yuan(price)},{count},{code},规格:均码,null,null,{status},{code}\r\n')
    print(order_path)
    print(item_path)


if __name__ == "__main__":
    main()
