"""The script a careful clerk's IT colleague would write for the same folder: re and exact labels, three sums.

Reads tab-separated text reports in the folder given, prints how many it read and how many sums do not hold.
"""
import os
import re
import sys
from multiprocessing import Pool

ROWS = [
    "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开", "（二）部分公开",
    "1.属于国家秘密", "2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", "4.保护第三方合法权益",
    "5.属于三类内部事务信息", "6.属于四类过程性信息", "7.属于行政执法案卷", "8.属于行政查询事项",
    "1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确", "1.信访举报投诉类申请",
    "2.重复申请", "3.要求提供公开出版物", "4.无正当理由大量反复申请", "5.要求行政机关确认或重新出具已获取信息",
    "1.申请人无正当理由逾期不补正", "2.申请人逾期未按收费通知要求缴纳费用", "3.其他", "（七）总计", "四、结转下年度继续办理",
]
SECTION = re.compile(r"^[一二三四五六]、(总体情况|主动公开|收到和处理|政府信息公开行政复议|存在的|其他需要)", re.M)
TITLE = re.compile(r"^(.*?)(\d{4})年.*年度报告", re.M)
NUMBERS = re.compile(r"(?:\t\s*-?\d+){7}\s*$")


def check(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    title = TITLE.search(text)
    sections = SECTION.findall(text)
    rows, broken = {}, 0
    for line in text.splitlines():
        found = NUMBERS.search(line)
        if not found:
            continue
        for label in ROWS:
            if label in line:
                rows[label] = [int(number) for number in found.group().split()]
                break
    for values in rows.values():
        broken += sum(values[:6]) != values[6]
    if len(rows) == 25:
        for column in range(7):
            values = [rows[label][column] for label in ROWS]
            broken += sum(values[2:23]) != values[23]
            broken += values[0] + values[1] != values[23] + values[24]
    return bool(title), len(sections), len(rows), broken


if __name__ == "__main__":
    folder = sys.argv[1]
    paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    with Pool() as pool:
        results = pool.map(check, paths, chunksize=64)
    print(len(results), sum(r[2] for r in results), sum(r[3] for r in results))
