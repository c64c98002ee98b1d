//! What a column of a list holds, and how much of it the public may see. 《条例》第十五条;《个人信息保护法》第二十八条.

use gongkai_statute::closed_list;
use jiff::civil::Date;

closed_list! {
    /// 栏里是什么 — what a column holds.
    pub enum Held {
        /// 姓名.
        Name = "name", "姓名";
        /// 身份证号.
        Identity = "identity", "身份证件号码";
        /// 电话.
        Phone = "phone", "电话";
        /// 银行账号.
        Account = "account", "银行账号";
        /// 住址.
        Address = "address", "住址";
        /// 健康、残疾状况.
        Health = "health", "健康和残疾情况";
        /// 出生日期、年龄.
        Birth = "birth", "出生日期或者年龄";
        /// 金额.
        Amount = "amount", "金额";
        /// 备注、原因：随手写的话，常有病情和家事.
        Remark = "remark", "备注或者原因";
        /// 其他.
        Other = "other", "其他";
    }
}

closed_list! {
    /// 怎样公开 — how a column is shown.
    pub enum Shown {
        /// 照录.
        AsIs = "as_is", "照录";
        /// 隐去一部分.
        Masked = "masked", "隐去一部分";
        /// 不公开.
        Dropped = "dropped", "不公开";
    }
}

/// Words of health and disability, in a head or below it.
const HEALTH: [&str; 10] = ["残疾", "疾病", "病种", "病情", "健康", "诊断", "致残", "伤残", "重病", "大病"];

impl Held {
    /// What the law lets be shown, and no more: a list names who gets what, where they live by village, and how much.
    pub const fn shown(self, masks_names: bool) -> Shown {
        match self {
            Held::Name if masks_names => Shown::Masked,
            Held::Name | Held::Amount | Held::Other => Shown::AsIs,
            Held::Address => Shown::Masked,
            Held::Identity | Held::Phone | Held::Account | Held::Health | Held::Birth | Held::Remark => {
                Shown::Dropped
            }
        }
    }

    /// By the head, and when that says nothing by what stands below it.
    pub(super) fn of(head: &str, cells: &[&str]) -> Held {
        let has = |words: &[&str]| words.iter().any(|word| head.contains(word));
        if has(&["身份证", "证件号", "证号", "公民身份"]) {
            return Held::Identity;
        }
        if has(&["电话", "手机", "联系方式"]) {
            return Held::Phone;
        }
        if has(&["账号", "帐号", "账户", "卡号", "一卡通", "开户"]) {
            return Held::Account;
        }
        if has(&HEALTH) {
            return Held::Health;
        }
        if has(&["备注", "说明", "原因", "家庭情况", "困难情况"]) {
            return Held::Remark;
        }
        if has(&["出生", "年龄", "生日"]) {
            return Held::Birth;
        }
        if has(&["住址", "地址", "住所", "门牌"]) {
            return Held::Address;
        }
        if has(&["金额", "补贴", "资金", "合计", "标准", "面积", "元"]) && !has(&["项目", "类型", "名称"])
        {
            return Held::Amount;
        }
        if has(&["姓名", "户主", "对象", "受益人", "申请人", "监护人"]) && !has(&["类型", "类别"])
        {
            return Held::Name;
        }
        let filled: Vec<&str> = cells.iter().copied().filter(|cell| !cell.is_empty()).collect();
        let most = |is: fn(&str) -> bool| {
            !filled.is_empty() && filled.iter().filter(|cell| is(cell)).count() * 2 > filled.len()
        };
        if most(is_identity) {
            Held::Identity
        } else if most(is_mobile) {
            Held::Phone
        } else if most(is_account) {
            Held::Account
        } else if filled.iter().any(|cell| HEALTH.iter().any(|word| cell.contains(word))) {
            // One diagnosis among a hundred cells is one too many.
            Held::Health
        } else {
            Held::Other
        }
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

fn is_identity(text: &str) -> bool {
    let text = plain(text);
    text.len() == 18 && text[..17].bytes().all(|b| b.is_ascii_digit())
}

fn is_mobile(text: &str) -> bool {
    let text = plain(text);
    text.len() == 11 && text.starts_with('1') && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_account(text: &str) -> bool {
    let text = plain(text);
    (16..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether any cell still looks like a number that identifies a person: held against what goes out.
pub(super) fn identifies(text: &str) -> bool {
    let mut run = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() || c == 'X' || c == 'x' {
            run.push(c);
            continue;
        }
        if is_identity(&run) || is_mobile(&run) || is_account(&run) {
            return true;
        }
        run.clear();
    }
    false
}

/// 身份证号 with its check digit. GB 11643.
pub(super) fn is_sound_identity(text: &str) -> bool {
    let text = plain(text).to_ascii_uppercase();
    if !is_identity(&text) {
        return false;
    }
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: usize = text.bytes().zip(weights).map(|(b, weight)| usize::from(b - b'0') * weight).sum();
    text.as_bytes()[17] == b"10X98765432"[sum % 11]
}

/// 不满十四周岁, by the identity number.
pub(super) fn is_child(identity: &str, today: Date) -> bool {
    let text = plain(identity);
    let born = text.get(6..14).and_then(|day| {
        let number = |part: Option<&str>| part?.parse::<i16>().ok();
        let (month, day_of) = (number(day.get(4..6))?, number(day.get(6..8))?);
        Date::new(number(day.get(..4))?, i8::try_from(month).ok()?, i8::try_from(day_of).ok()?).ok()
    });
    born.is_some_and(|born| {
        let years = today.year() - born.year();
        let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
        years - i16::from(!had_birthday) < 14
    })
}

/// 张三 → 张某, 欧阳三 → 欧阳某.
pub(super) fn masked_name(name: &str) -> String {
    const DOUBLE: [&str; 12] =
        ["欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "东方"];
    let name = name.trim();
    let surname = DOUBLE.iter().find(|double| name.starts_with(**double) && name.chars().count() > 2);
    match surname {
        Some(surname) => format!("{surname}某"),
        None => name.chars().next().map_or_else(String::new, |first| format!("{first}某")),
    }
}

/// Down to the village or street office; the house goes.
pub(super) fn masked_address(address: &str) -> String {
    let address = address.trim();
    let ends = ["社区", "村", "街道", "居委会", "镇", "乡"];
    let end = ends.iter().find_map(|end| address.find(end).map(|at| at + end.len()));
    match end {
        Some(end) => address[..end].to_owned(),
        None => address.chars().take_while(|c| !c.is_ascii_digit()).take(6).collect(),
    }
}
