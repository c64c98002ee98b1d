//! 申请书 — what a person writes on the form, and what is wrong with it. 《条例》第二十九条.

use gongkai_statute::applicants::ApplicantColumn;
use gongkai_statute::channels::Channel;
use gongkai_statute::receipt::{Evidence, Receipt, received};
use jiff::civil::Date;

use super::offers::Offered;
use super::{DeliveryForm, RequestRefusal as R};
use crate::privacy::Particulars;

/// 政府信息公开申请书. What is not chosen is `None`; texts are as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filing {
    pub applicant_kind: Option<ApplicantColumn>,
    pub applicant_name: String,
    pub identity_number: String,
    pub agent_name: String,
    pub phone: String,
    pub email: String,
    pub address: String,
    pub description: String,
    pub delivery: Option<DeliveryForm>,
    pub help_wanted: String,
    /// 已经公开的信息 that was shown before sending, and whether it was what is sought.
    pub offered: Vec<Offered>,
    /// The token under which its files wait; empty when there are none.
    pub stage: String,
}

/// A filing in which nothing is missing.
pub(super) struct Complete {
    pub kind: ApplicantColumn,
    pub name: String,
    pub agent_name: Option<String>,
    pub particulars: Particulars,
    pub description: String,
    pub delivery: DeliveryForm,
    pub help_wanted: String,
    pub offered: Vec<Offered>,
    pub stage: String,
}

impl Filing {
    /// Everything that is wrong with it.
    pub fn faults(&self, channel: Channel) -> Vec<R> {
        self.checked(channel).err().unwrap_or_default()
    }

    /// The filing as typed values, or everything that is wrong with it.
    pub(super) fn checked(&self, channel: Channel) -> Result<Complete, Vec<R>> {
        let mut faults = Vec::new();
        let mut fault = |field, words: &str| faults.push(R::field(field, words));
        if self.applicant_kind.is_none() {
            fault("applicant_kind", "请选择申请人的类别。");
        }
        let is_organization = self.applicant_kind.is_some_and(ApplicantColumn::is_organization);
        match (text(&self.applicant_name, 100), is_organization) {
            (Text::Blank, true) => fault("applicant_name", "请填写单位名称。"),
            (Text::Blank, false) => fault("applicant_name", "请填写姓名。"),
            (Text::TooLong, _) => fault("applicant_name", "姓名或者名称不超过100字，请缩短。"),
            (Text::Good, _) => {}
        }
        match (text(&self.identity_number, 40), is_organization) {
            (Text::Blank, true) => fault("identity_number", "请填写统一社会信用代码。"),
            (Text::Blank, false) => fault("identity_number", "请填写身份证件号码。"),
            (Text::TooLong, _) => fault("identity_number", "证件号码不超过40个字符，请核对。"),
            (Text::Good, false) if has_wrong_check_digit(&self.identity_number) => {
                fault("identity_number", "居民身份证号码的校验码不符，可能输错了一位，请核对。");
            }
            (Text::Good, _) => {}
        }
        if text(&self.agent_name, 100) == Text::TooLong {
            fault("agent_name", "代理人姓名不超过100字，请缩短。");
        }

        let (phone, email, address) = (self.phone.trim(), self.email.trim(), self.address.trim());
        if !phone.is_empty() && !looks_like_phone(phone) {
            fault("phone", "联系电话只写数字、短横线、空格和括号，5至25个字符，请核对。");
        }
        if !email.is_empty() && !looks_like_email(email) {
            fault("email", "电子邮箱应当像 name@example.com 这样，请核对。");
        }
        if text(address, 200) == Text::TooLong {
            fault("address", "通信地址不超过200字，请缩短。");
        }
        match channel {
            Channel::Online | Channel::Fax if phone.is_empty() && email.is_empty() => {
                fault("phone", "请填写联系电话或者电子邮箱：双方确认收到申请后，答复期限才开始计算。");
            }
            _ if phone.is_empty() && email.is_empty() && address.is_empty() => {
                fault("phone", "请填写联系方式：联系电话、电子邮箱、通信地址至少一项。");
            }
            _ => {}
        }

        match (text(&self.description, 2000), self.description.trim().chars().count()) {
            (Text::Blank, _) => fault(
                "description",
                "请写明所需政府信息的名称、文号，或者便于查询的其他特征（时间、事项、地点等）。",
            ),
            (Text::TooLong, _) => fault("description", "所需政府信息的描述不超过2000字，请精简。"),
            (Text::Good, length) if length < 4 => {
                fault("description", "描述太短，请写明所需政府信息的名称、文号或者其他特征。");
            }
            _ => {}
        }
        match self.delivery {
            None => fault("delivery", "请选择获取信息的形式和途径。"),
            Some(DeliveryForm::ElectronicByEmail) if email.is_empty() => {
                fault("email", "选择了发送到电子邮箱，请填写电子邮箱。");
            }
            Some(DeliveryForm::PaperByPost) if address.is_empty() => {
                fault("address", "选择了邮寄，请填写通信地址和邮政编码。");
            }
            Some(_) => {}
        }
        if text(&self.help_wanted, 200) == Text::TooLong {
            fault("help_wanted", "需要的帮助不超过200字，请精简。");
        }

        match (self.applicant_kind, self.delivery) {
            (Some(kind), Some(delivery)) if faults.is_empty() => Ok(Complete {
                kind,
                name: self.applicant_name.trim().into(),
                agent_name: Some(self.agent_name.trim().to_owned()).filter(|name| !name.is_empty()),
                particulars: Particulars {
                    identity_number: self.identity_number.trim().into(),
                    phone: phone.into(),
                    email: email.into(),
                    address: address.into(),
                },
                description: self.description.trim().into(),
                delivery,
                help_wanted: self.help_wanted.trim().into(),
                offered: self.offered.clone(),
                stage: self.stage.clone(),
            }),
            _ => Err(faults),
        }
    }
}

/// 收件情况 — how and when a request came, as the office writes it down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    pub channel: Option<Channel>,
    pub submitted_on: Option<Date>,
    pub signed_on: Option<Date>,
    pub confirmed_on: Option<Date>,
}

impl Arrival {
    pub(super) fn evidence(&self) -> Evidence {
        Evidence {
            submitted_on: self.submitted_on,
            signed_on: self.signed_on,
            confirmed_on: self.confirmed_on,
        }
    }

    /// Everything that is wrong with the dates. 互联网渠道 files for itself on the portal; e-mail is
    /// registered here.
    pub(super) fn faults(&self, today: Date) -> Vec<R> {
        let mut faults = Vec::new();
        if self.channel.is_none() {
            faults.push(R::field("channel", "请选择申请的渠道。"));
        }
        if self.submitted_on.is_none() {
            faults.push(R::field("submitted_on", "请填写提交或者寄到的日期。"));
        }
        for (field, date) in [
            ("submitted_on", self.submitted_on),
            ("signed_on", self.signed_on),
            ("confirmed_on", self.confirmed_on),
        ] {
            if date.is_some_and(|date| date > today) {
                faults.push(R::field(field, "日期不能晚于今天，请核对。"));
            }
        }
        for (field, date) in [("signed_on", self.signed_on), ("confirmed_on", self.confirmed_on)] {
            if date.is_some_and(|date| self.submitted_on.is_some_and(|earliest| date < earliest)) {
                faults.push(R::field(field, "不能早于提交或者寄到的日期，请核对。"));
            }
        }
        // A letter that is signed for has come; without the day it cannot be counted.
        if self.channel == Some(Channel::RegisteredPost) && self.signed_on.is_none() {
            faults.push(R::field("signed_on", "请填写本机关签收的日期，这一天为收到申请之日。"));
        }
        faults
    }

    /// The day of receipt, when it is known already.
    pub(super) fn received_on(&self) -> Option<Date> {
        match received(self.channel?, &self.evidence()) {
            Receipt::Received { on, .. } => Some(on),
            Receipt::NotYet { .. } => None,
        }
    }
}

#[derive(PartialEq, Eq)]
enum Text {
    Blank,
    Good,
    TooLong,
}

fn text(typed: &str, most: usize) -> Text {
    match typed.trim().chars().count() {
        0 => Text::Blank,
        n if n > most => Text::TooLong,
        _ => Text::Good,
    }
}

fn looks_like_phone(phone: &str) -> bool {
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    (5..=25).contains(&phone.len())
        && digits >= 5
        && phone.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ' ' | '(' | ')' | '+'))
}

fn looks_like_email(email: &str) -> bool {
    email.len() <= 100
        && !email.contains(char::is_whitespace)
        && email.split_once('@').is_some_and(|(name, domain)| {
            !name.is_empty()
                && !domain.contains('@')
                && domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
        })
}

/// Whether this is shaped like an identity card number (GB 11643) whose last character is wrong. Other
/// documents have no check digit and are taken as they are.
fn has_wrong_check_digit(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let characters: Vec<char> = number.trim().to_ascii_uppercase().chars().collect();
    let Some((last, digits)) = characters.split_last() else { return false };
    let values: Vec<u32> = digits.iter().filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != 17 || values.len() != 17 || !(last.is_ascii_digit() || *last == 'X') {
        return false;
    }
    let sum: u32 = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    "10X98765432".chars().nth((sum % 11) as usize) != Some(*last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Filing {
        Filing {
            applicant_kind: Some(ApplicantColumn::NaturalPerson),
            applicant_name: "何小舟".into(),
            identity_number: "990102199001011234".into(),
            phone: "0990-6600123".into(),
            description: "2025年农村危房改造补助名单（第二批）".into(),
            delivery: Some(DeliveryForm::ElectronicOnline),
            ..Filing::default()
        }
    }

    fn fields(filing: &Filing, channel: Channel) -> Vec<&'static str> {
        use crate::error::Refusal;
        match filing.checked(channel) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.iter().filter_map(Refusal::field).collect(),
        }
    }

    #[test]
    fn all_faults_are_said_at_once() {
        assert_eq!(
            fields(&Filing::default(), Channel::Online),
            ["applicant_kind", "applicant_name", "identity_number", "phone", "description", "delivery"]
        );
    }

    #[test]
    fn the_wished_form_needs_its_address() {
        let with =
            |delivery| Filing { delivery: Some(delivery), identity_number: "护照E1".into(), ..good() };
        assert_eq!(fields(&with(DeliveryForm::ElectronicByEmail), Channel::Online), ["email"]);
        assert_eq!(fields(&with(DeliveryForm::PaperByPost), Channel::Online), ["address"]);
        assert_eq!(fields(&with(DeliveryForm::OnSite), Channel::Online), Vec::<&str>::new());
    }

    #[test]
    fn a_letter_may_give_an_address_alone_but_the_web_form_may_not() {
        let filing = Filing {
            phone: String::new(),
            address: "青禾区柳岸街道柳堤路1号".into(),
            identity_number: "护照E1".into(),
            ..good()
        };
        assert_eq!(fields(&filing, Channel::RegisteredPost), Vec::<&str>::new());
        assert_eq!(fields(&filing, Channel::Online), ["phone"]);
    }

    #[test]
    fn a_slip_in_an_identity_number_is_found() {
        // The check digit of 99010219900101123 is computed by hand: the weighted sum is 258, 258 mod 11 is 5, which stands for 7.
        assert!(!has_wrong_check_digit("990102199001011237"));
        assert!(has_wrong_check_digit("990102199001011234"));
        assert!(!has_wrong_check_digit("护照E12345678"), "other documents have none");
    }

    #[test]
    fn dates_in_the_future_or_in_the_wrong_order_are_refused() {
        use crate::error::Refusal;
        let today = jiff::civil::date(2026, 3, 10);
        let arrival = Arrival {
            channel: Some(Channel::OrdinaryPost),
            submitted_on: Some(jiff::civil::date(2026, 3, 9)),
            signed_on: Some(jiff::civil::date(2026, 3, 11)),
            confirmed_on: Some(jiff::civil::date(2026, 3, 6)),
        };
        let fields: Vec<_> = arrival.faults(today).iter().filter_map(Refusal::field).collect();
        assert_eq!(fields, ["signed_on", "confirmed_on"]);
        let registered = Arrival { channel: Some(Channel::RegisteredPost), ..Arrival::default() };
        let fields: Vec<_> = registered.faults(today).iter().filter_map(Refusal::field).collect();
        assert_eq!(fields, ["submitted_on", "signed_on"]);
    }
}
