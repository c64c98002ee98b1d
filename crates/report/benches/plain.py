"""The script a careful clerk's IT colleague would write for the same work: re, python-docx, pdfplumber, openpyxl, bs4,
exact labels; the cells of all three tables, their sums, and the plainest rules of the prose: stated totals with their
lists, shares, requests received and closed, the period, the notice of the form, the six parts, the fee.

    plain.py check DIR    all text reports of a folder, on all cores
    plain.py time FILE..  each file read and checked in turn; processor time without that of the imports

Prints how many it read, how many cells, how many rules do not hold, and the seconds.
"""
import os
import re
import sys
import time
from multiprocessing import Pool

ROWS = [
    "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "（一）予以公开", "（二）部分公开",
    "1.属于国家秘密", "2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", "4.保护第三方合法权益",
    "5.属于三类内部事务信息", "6.属于四类过程性信息", "7.属于行政执法案卷", "8.属于行政查询事项",
    "1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确", "1.信访举报投诉类申请",
    "2.重复申请", "3.要求提供公开出版物", "4.无正当理由大量反复申请", "5.要求行政机关确认或重新出具已获取信息",
    "1.申请人无正当理由逾期不补正", "2.申请人逾期未按收费通知要求缴纳费用", "3.其他", "（七）总计", "四、结转下年度继续办理",
]
SECTION = re.compile(r"[一二三四五六]、(总体情况|主动公开|收到和处理|政府信息公开行政复议|存在的|其他需要)")
TITLE = re.compile(r"(.*?)(\d{4})年.*年度报告")
NUMBERS = re.compile(r"(?:\t\s*-?\d+){7}\s*$")


PROACTIVE = {"规章": 3, "行政规范性文件": 3, "行政许可": 1, "行政处罚": 1, "行政强制": 1, "行政事业性收费": 1}
FIGURES = re.compile(r"(?:\t\s*-?\d+(?:\.\d+)?)+\s*$")
FIFTEEN = re.compile(r"^\s*\d+(?:\t\s*\d+){14}\s*$")
SENTENCE = re.compile(r"[。！？\n]")
LIST = re.compile(r"(\d+)(条|件|次|份|个|篇|期)[，（：]?其中(.*)")
PARTS = re.compile(r"(\d+)(条|件|次|份|个|篇|期)")
SHARE = re.compile(r"(\d+)(条|件|次|份)，占[^0-9，]*(\d+(?:\.\d+)?)%")
RECEIVED = re.compile(r"(?:收到|受理|新收)[^，；0-9]*申请[^，；0-9]*(\d+)件")
CLOSED = re.compile(r"(?:办结|答复)[^，；0-9]*(\d+)件")
PERIOD = re.compile(r"(\d{4})年1月1日")


def label_of(cells, labels):
    for label in labels:
        for cell in cells:
            if cell.startswith(label):
                return label
    return None


def prose(text, rows):
    broken = 0
    for sentence in SENTENCE.split(text):
        found = LIST.search(sentence)
        if found and not any(word in sentence for word in ("等", "余", "约", "包括")):
            parts = [int(n) for n, unit in PARTS.findall(found.group(3)) if unit == found.group(2)]
            broken += len(parts) > 1 and sum(parts) != int(found.group(1))
        for part, unit, share in SHARE.findall(sentence):
            whole = PARTS.search(sentence)
            places = len(share.partition(".")[2])
            broken += int(whole.group(1)) > 0 and round(int(part) * 100 / int(whole.group(1)), places) != float(share)
        for pattern, label in ((RECEIVED, ROWS[0]), (CLOSED, ROWS[23])):
            found = pattern.search(sentence)
            broken += bool(found) and label in rows and int(found.group(1)) != rows[label][6]
    title, period = TITLE.search(text), PERIOD.search(text)
    broken += bool(title and period) and title.group(2) != period.group(1)
    broken += "〔2019〕60号" in text and bool(title) and int(title.group(2)) > 2020
    broken += len(set(SECTION.findall(text))) < 6
    broken += "信息处理费" not in text
    return broken


def sums(rows):
    broken = 0
    for label in ROWS:
        values = rows.get(label)
        broken += bool(values) and sum(values[:6]) != values[6]
    fifteen = rows.get("四")
    if fifteen:
        broken += sum(sum(fifteen[at:at + 4]) != fifteen[at + 4] for at in (0, 5, 10))
    if all(label in rows for label in ROWS):
        for column in range(7):
            values = [rows[label][column] for label in ROWS]
            broken += sum(values[2:23]) != values[23]
            broken += values[0] + values[1] != values[23] + values[24]
    return broken


def of_text(text):
    rows = {}
    for line in text.splitlines():
        if "\t" not in line:
            continue
        found = NUMBERS.search(line)
        if found:
            for label in ROWS:
                if label in line:
                    rows[label] = [int(number) for number in found.group().split()]
                    break
        if FIFTEEN.match(line):
            rows["四"] = [int(number) for number in line.split()]
        found = FIGURES.search(line)
        label = line.split("\t", 1)[0].strip()
        if found and label in PROACTIVE:
            rows[label] = found.group().split()[:PROACTIVE[label]]
    return text, rows


def of_tables(text, tables):
    """Rows of tables as lists of cells: the last seven numbers behind the label."""
    rows = {}
    for table in tables:
        for cells in table:
            cells = [re.sub(r"\s", "", str(cell)) for cell in cells if cell is not None]
            numbers = [int(cell) for cell in cells if re.fullmatch(r"-?\d+", cell)]
            if len(numbers) == 15:
                rows["四"] = numbers
            elif len(numbers) >= 7:
                label = label_of(cells, ROWS)
                if label:
                    rows[label] = numbers[-7:]
            elif cells and cells[0] in PROACTIVE:
                figures = [cell for cell in cells[1:] if re.fullmatch(r"-?\d+(\.\d+)?", cell)]
                rows[cells[0]] = figures[:PROACTIVE[cells[0]]]
    return text, rows


def read(path):
    if path.endswith(".docx"):
        import docx
        document = docx.Document(path)
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        return of_tables(text, [[[c.text for c in row.cells] for row in t.rows] for t in document.tables])
    if path.endswith(".pdf"):
        import pdfplumber
        with pdfplumber.open(path) as document:
            text = "\n".join(page.extract_text() for page in document.pages)
            return of_tables(text, [table for page in document.pages for table in page.extract_tables()])
    if path.endswith(".xlsx"):
        import openpyxl
        book = openpyxl.load_workbook(path, data_only=True)
        rows = [list(row) for sheet in book for row in sheet.iter_rows(values_only=True)]
        return of_tables("\n".join(str(row[0]) for row in rows if row), [rows])
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if path.endswith(".html"):
        import bs4
        page = bs4.BeautifulSoup(text, "lxml")
        tables = [[[c.get_text() for c in row.find_all(["td", "th"])] for row in table.find_all("tr")]
                  for table in page.find_all("table")]
        return of_tables(page.get_text(), tables)
    return of_text(text)


def check(path):
    text, rows = read(path)
    return sum(map(len, rows.values())), sums(rows) + prose(text, rows)


if __name__ == "__main__":
    mode, places = sys.argv[1], sys.argv[2:]
    if mode == "check":
        paths = [os.path.join(places[0], name) for name in sorted(os.listdir(places[0]))]
        with Pool() as pool:
            results = pool.map(check, paths, chunksize=64)
        seconds = 0
    else:
        check(places[0])
        begin = time.process_time()
        results = [check(path) for path in places]
        seconds = time.process_time() - begin
    print(len(results), sum(r[0] for r in results), sum(r[1] for r in results), seconds)
