//! 申请书 — the form, as the citizen fills it in and as the officer copies it. 《条例》第二十九条.

use gongkai_disclosure::requests::{DeliveryForm, Filing};
use gongkai_statute::applicants::ApplicantColumn;

use crate::components::{ErrorSummary, Field};
use crate::forms::{Fields, FormErrors};

/// A part of a form under its own heading.
#[derive(Debug, Clone)]
pub struct FormSection {
    pub heading: &'static str,
    pub intro: String,
    pub fields: Vec<Field>,
}

/// The filing as typed.
pub(crate) fn filing(form: &Fields) -> Filing {
    let text = |name: &str| form.text(name).to_owned();
    let needs_help = form.is_ticked("needs_help");
    Filing {
        applicant_kind: ApplicantColumn::from_code(form.text("applicant_kind")),
        applicant_name: text("applicant_name"),
        identity_number: text("identity_number"),
        agent_name: text("agent_name"),
        phone: text("phone"),
        email: text("email"),
        address: text("address"),
        description: text("description"),
        delivery: DeliveryForm::from_code(form.text("delivery")),
        help_wanted: match text("help_wanted") {
            blank if blank.is_empty() && needs_help => "阅读困难或者视听障碍，需要帮助".into(),
            words => words,
        },
        offered: Vec::new(),
        stage: String::new(),
    }
}

/// The parts of the form that are the applicant's own.
pub(crate) fn sections() -> Vec<FormSection> {
    let kinds = ApplicantColumn::ALL.iter().map(|kind| {
        let label = match kind.is_organization() {
            false => "自然人（公民个人）".to_owned(),
            true => format!("法人或者其他组织：{}", kind.label()),
        };
        (kind.code(), label)
    });
    let deliveries = DeliveryForm::ALL.iter().map(|delivery| (delivery.code(), delivery.label()));
    vec![
        FormSection {
            heading: "申请人",
            intro: "只用于核对身份、联系和送达，不会公开。".into(),
            fields: vec![
                Field::radio("applicant_kind", "申请人类别", kinds).required(),
                Field::line("applicant_name", "姓名或者单位名称").required().width("w-m").autocomplete("name"),
                Field::line("identity_number", "证件号码")
                    .required()
                    .width("w-m")
                    .hint("公民填写身份证件号码，单位填写统一社会信用代码。"),
                Field::line_of("tel", "phone", "联系电话")
                    .width("w-m")
                    .autocomplete("tel")
                    .hint("电话和电子邮箱至少填一项，用于双方确认收到申请。"),
                Field::line_of("email", "email", "电子邮箱").width("w-m").autocomplete("email"),
                Field::line("address", "通信地址和邮政编码").autocomplete("street-address"),
                Field::line("agent_name", "代理人姓名").width("w-m").hint("委托他人申请的，填写代理人姓名。"),
            ],
        },
        FormSection {
            heading: "所需政府信息",
            intro: "不需要说明用途。写得越具体，找得越快。".into(),
            fields: vec![
                Field::text("description", "所需政府信息的名称、文号或者特征描述", 6).required().hint(
                    "例如：“松溪镇2025年农村危房改造对象审批名单（第二批）”。不知道名称或者文号的，写明大致时间、事项、地点、制作的机关。一件申请请只写一个事项。",
                ),
            ],
        },
        FormSection {
            heading: "获取信息的形式和途径",
            intro: "按照您的要求提供；难以按要求提供的，会说明原因并改用其他适当形式。".into(),
            fields: vec![Field::radio("delivery", "希望怎样获取", deliveries).required()],
        },
        FormSection {
            heading: "需要的帮助",
            intro: "申请公开有阅读困难或者视听障碍的，本机关提供必要的帮助（《条例》第四十三条）。".into(),
            fields: vec![
                Field::checkbox("needs_help", "是否需要帮助", [("yes", "有阅读困难或者视听障碍，需要帮助")]),
                Field::line("help_wanted", "需要什么帮助").hint("例如：当面宣读、大字版、手语或者文字沟通。没有可以不填。"),
            ],
        },
    ]
}

/// The form again with what was typed and what is wrong; the summary follows the order of the form.
pub(crate) fn with_typed(
    sections: Vec<FormSection>,
    form: &Fields,
    errors: &FormErrors,
) -> (Vec<FormSection>, ErrorSummary) {
    let sections: Vec<FormSection> = sections
        .into_iter()
        .map(|section| FormSection { fields: form.typed_into(section.fields, errors), ..section })
        .collect();
    let all = errors.above(sections.iter().flat_map(|section| &section.fields));
    (sections, all)
}
