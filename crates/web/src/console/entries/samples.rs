//! Invented things to show the pages with.

use gongkai_disclosure::accounts::{Agency, Role, Staff};
use gongkai_disclosure::catalogue::Line;
use gongkai_disclosure::publishing::desk::{DeskEdition, DeskEntry, EntryHead};
use gongkai_disclosure::publishing::{Attachment, Edition, EditionState, content_hash};
use gongkai_disclosure::review::{
    CaseStage, ConfidentialityChecklist, Review, ReviewState, SignOff, Subject, SubjectKind, Verdict,
};

pub(crate) fn line() -> Line {
    Line {
        id: "line-1".into(),
        agency_id: "agency-1".into(),
        code: "SX-07".into(),
        category: "budgets".into(),
        title: "财政收支执行情况".into(),
        elements: "本级财政收支完成情况、主要支出项目及说明".into(),
        basis: "《条例》第二十条第七项".into(),
        time_limit: "季度结束后20个工作日内".into(),
        period_days: Some(92),
        channels: "政府网站、公开栏".into(),
        responsible_office: "财政所".into(),
        position: 1,
        topic: "财政".into(),
        audience: String::new(),
        method: "proactive".into(),
        levels: "乡级".into(),
        retired_on: None,
        retired_reason: String::new(),
        version: 1,
        entries: 4,
        newest_on: Some("2026-07-20".into()),
    }
}

pub(crate) fn officer() -> Staff {
    let text = String::new;
    let agency = Agency {
        id: "agency-1".into(),
        code: "songxi".into(),
        name: "松溪镇人民政府".into(),
        kind: "town".into(),
        parent_id: None,
        region: text(),
        address: text(),
        office_hours: text(),
        phone: text(),
        email: text(),
        reconsideration_body: text(),
        court: text(),
        document_word: text(),
        position: 1,
    };
    Staff {
        user_id: "user-1".into(),
        username: "songxi.officer".into(),
        name: "田小满".into(),
        title: "政务公开专干".into(),
        grants: vec![(agency.id.clone(), Role::DisclosureOfficer)],
        agency,
    }
}

/// An entry whose newest edition is in this state, after the review that led there.
pub(crate) fn entry(state: EditionState) -> DeskEntry {
    let is_out = state == EditionState::Released;
    let attachments = vec![Attachment::sample()];
    let mut edition = Edition { state: state.code().into(), ..Edition::sample() };
    let hash = content_hash(&edition, &attachments);
    edition.content_hash = (!state.is_open()).then(|| hash.clone());
    let signed = |verdict, person: &str, opinion: &str, checklist| {
        Some(SignOff {
            person_id: person.into(),
            ticked: Vec::new(),
            on_behalf_of: None,
            person_name: person.into(),
            verdict,
            checklist,
            opinion: opinion.into(),
            signed_at: "2026-11-02T01:30:00.000Z".into(),
        })
    };
    let checklist = ConfidentialityChecklist {
        state_secrets: Some(false),
        work_secrets: Some(false),
        trade_secrets: Some(false),
        personal_privacy: Some(false),
        ground: "对照《条例》第十四条、第十五条逐项审查".into(),
    };
    let sign_offs = match state {
        EditionState::Returned => {
            vec![signed(Verdict::Returned, "俞春山", "补助标准与原件不一致，请核对第三段。", None)]
        }
        EditionState::Released => vec![
            signed(Verdict::Signed, "俞春山", "同意。", None),
            signed(Verdict::Signed, "凌霜降", "", Some(checklist)),
            signed(Verdict::Signed, "祝南星", "", None),
        ],
        _ => Vec::new(),
    };
    let mut sign_offs = sign_offs.into_iter();
    let stages = SubjectKind::Edition
        .preset()
        .into_iter()
        .map(|stage| CaseStage { stage, sign_off: sign_offs.next().flatten() })
        .collect();
    let review_state = match state {
        EditionState::Returned => ReviewState::Returned,
        EditionState::InReview => ReviewState::Open,
        _ => ReviewState::Signed,
    };
    let review = Review {
        id: "review-1".into(),
        agency_id: "agency-1".into(),
        subject: Subject::Edition(edition.id.clone()),
        content_hash: hash,
        state: review_state,
        opened_at: "2026-11-02T01:00:00.000Z".into(),
        closed_at: (review_state != ReviewState::Open).then(|| "2026-11-02T01:30:00.000Z".into()),
        stages,
        author_ids: vec!["user-1".into()],
        chain: "全部信息".into(),
        deputies: Vec::new(),
    };
    let released_at = is_out.then(|| "2026-11-02T01:30:00.000Z".to_owned());
    let line = line();
    DeskEntry {
        head: EntryHead {
            id: "entry-1".into(),
            agency_id: "agency-1".into(),
            agency_code: "songxi".into(),
            agency_name: "松溪镇人民政府".into(),
            line_id: line.id,
            line_code: line.code,
            line_title: line.title,
            category: line.category,
            index_number: is_out.then(|| "songxi/2026-00017".into()),
            live_edition_id: is_out.then(|| edition.id.clone()),
            first_released_at: released_at.clone(),
            last_released_at: released_at.clone(),
            withdrawn_at: None,
            withdrawal_class: None,
            withdrawal_reason: None,
            created_by_name: "田小满".into(),
            created_at: "2026-11-01T01:00:00.000Z".into(),
        },
        editions: vec![DeskEdition {
            edition,
            author_name: "田小满".into(),
            released_at,
            attachments,
            reviews: vec![review],
        }],
    }
}
