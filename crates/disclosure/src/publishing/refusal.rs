use std::fmt;

use super::{EditionState, Genre};
use crate::error::{Failure, Refusal};
use crate::review::ReviewRefusal;
use crate::word_check::Found;

/// Why an entry was not drafted, saved, submitted, released or withdrawn.
#[derive(Debug, PartialEq, Eq)]
pub enum PublishingRefusal {
    Missing,
    Forbidden,
    LineMissing,
    /// The line was signed with an edition.
    LineSigned,
    Blank {
        field: &'static str,
        label: &'static str,
    },
    TooLong {
        field: &'static str,
        label: &'static str,
        most: usize,
    },
    NotInList {
        field: &'static str,
        label: &'static str,
    },
    DateUnreadable,
    DateInFuture,
    /// Another day of the record.
    DayUnreadable {
        field: &'static str,
        label: &'static str,
    },
    TermReversed,
    BodyEmpty,
    ClassReasonMissing,
    /// 《拟发文件属性管理意见表》.
    OpinionMissing,
    /// 政务新媒体.
    NoAccount,
    AccountAsked {
        label: &'static str,
    },
    OpinionOutOfDate,
    OpinionWaits,
    OpinionAgreed,
    OpinionSigner,
    OpinionOwn,
    OpinionDecided,
    OpinionStale,
    NeededForGenre {
        field: &'static str,
        label: &'static str,
        genre: Genre,
    },
    ValidityNotForGenre,
    /// Someone else saved in between; nothing of theirs was overwritten.
    ChangedMeanwhile {
        by: String,
        at: String,
    },
    /// What the page showed is not what is stored now.
    NotAsShown,
    NotInThisState {
        state: EditionState,
        wanted: &'static str,
    },
    AlreadyBeingRevised,
    /// It was submitted for review once; what was judged is kept.
    SubmittedOnce,
    /// Another record leads to it.
    LinkedElsewhere,
    /// The text shows a picture that is no attachment any more.
    PictureMissing,
    NoPicture {
        name: String,
    },
    AttachmentNameTaken(String),
    TooManyAttachments {
        most: usize,
    },
    /// The stored bytes do not give the hash that was signed.
    HashDiffers,
    /// 年度报告 — its text is compiled from the ledger.
    Compiled,
    /// 年度报告 that was typed or attached instead of compiled.
    ReportGenre,
    ReportYear,
    ReportIsCompiled {
        year: i16,
    },
    ReportUnread {
        name: String,
    },
    ReportNotFound,
    ReportErrors {
        place: String,
        count: usize,
        told: Vec<String>,
    },
    ReportsDiffer {
        one: String,
        other: String,
        cells: usize,
    },
    NotReleased,
    /// 定时发布 is for what everyone may read.
    NotForEveryone,
    MomentUnreadable,
    MomentPast,
    NoMoment,
    EmergencyAsked,
    EmergencyNotAsked,
    EmergencySigner,
    EmergencySigned,
    AlreadyWithdrawn,
    /// Found by the check before publication.
    MustNotStand {
        what: &'static str,
        shown: String,
        place: String,
    },
    Review(ReviewRefusal),
}

impl fmt::Display for PublishingRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use PublishingRefusal as R;
        match self {
            R::Missing => f.write_str("没有这条信息，请从信息列表重新进入。"),
            R::Forbidden => f.write_str("您没有在该机关起草信息的权限，请联系系统管理员。"),
            R::LineMissing => f.write_str("请从本机关的公开目录中选择所属事项。"),
            R::LineSigned => f.write_str("所属目录事项已随内容签发，不能再改。请在正确的事项下另行拟稿。"),
            R::Blank { label, .. } => write!(f, "请填写{label}。"),
            R::TooLong { label, most, .. } => write!(f, "{label}不能超过 {most} 个字，请精简。"),
            R::NotInList { label, .. } => write!(f, "请从列表中选择{label}。"),
            R::DateUnreadable => f.write_str("生成日期请写成“2026-11-02”的样子，并且是真实存在的日期。"),
            R::DayUnreadable { label, .. } => {
                write!(f, "{label}请写成“2026-11-02”的样子，并且是真实存在的日期。")
            }
            R::TermReversed => f.write_str("“有效期至”早于施行日期，请核对。"),
            R::DateInFuture => f.write_str("生成日期不能晚于今天，请核对。"),
            R::BodyEmpty => f.write_str("请填写正文，或者至少上传一个附件。"),
            R::ClassReasonMissing => f.write_str("依申请公开、不予公开的信息须写明理由和依据。"),
            R::NoAccount => f.write_str("本机关没有配置这个渠道的账号，请导出图文稿手工发布，或者联系系统管理员。"),
            R::AccountAsked { label } => {
                write!(f, "这一版已经发布到{label}，或者正在发布，不用再提出。")
            }
            R::OpinionMissing => f.write_str(
                "本机关要求先签署《拟发文件属性管理意见表》，请在稿件页提出公开属性意见，由部门负责人签署。",
            ),
            R::OpinionOutOfDate => f.write_str(
                "公开属性或者理由与已签署的《拟发文件属性管理意见表》不一致，请重新提出，由部门负责人签署。",
            ),
            R::OpinionWaits => f.write_str("《拟发文件属性管理意见表》已经提出，正在等部门负责人签署。"),
            R::OpinionAgreed => f.write_str("公开属性和理由与已签署的意见表一致，不用重新提出。"),
            R::OpinionSigner => f.write_str("意见表由科室负责人或者分管领导签署，您没有这个角色。"),
            R::OpinionOwn => f.write_str("意见是您提出的，须由另一人签署。"),
            R::OpinionDecided => f.write_str("这份意见表已经签署过，请刷新页面查看。"),
            R::OpinionStale => {
                f.write_str("起草人已改了公开属性或者理由，这份意见表不再对应，请起草人重新提出。")
            }
            R::NeededForGenre { label, genre, .. } => {
                write!(f, "{}须填写{label}。", genre.label())
            }
            R::ValidityNotForGenre => f.write_str("只有行政规范性文件才填写有效性，请留空或更改体裁。"),
            R::ChangedMeanwhile { by, at } => {
                write!(
                    f,
                    "{by}已在 {at} 保存了新的内容，您的修改还没有保存。请对照下方的现有内容后再次保存。"
                )
            }
            R::NotAsShown => f.write_str("页面显示以后内容又有改动，没有送审。请重新打开，核对后再送审。"),
            R::NotInThisState { state, wanted } => {
                write!(f, "这一版本{}，现在不能{wanted}。", state.label())
            }
            R::AlreadyBeingRevised => f.write_str("已有一个正在办理的新版本，请先办完或撤回它。"),
            R::SubmittedOnce => f.write_str(
                "这一版送审过，审核记录须留存，不能删除。不再需要的，可以放着不办，也可以修改后用于别的内容。",
            ),
            R::LinkedElsewhere => {
                f.write_str("台账里有别的记录引用了这条信息，不能删除。请先在那条记录里取消引用。")
            }
            R::PictureMissing => {
                f.write_str("正文里有一张图片已不在附件中，请删掉这张图片，或者重新插入后再送审。")
            }
            R::NoPicture { name } => {
                write!(f, "“{name}”不是 PNG 或 JPEG 图片，不能插入正文，请另存为这两种格式，或者作为附件上传。")
            }
            R::AttachmentNameTaken(name) => write!(f, "已有名为“{name}”的附件，请改名后再上传。"),
            R::TooManyAttachments { most } => write!(f, "附件最多 {most} 个，请合并或删除后再上传。"),
            R::HashDiffers => {
                f.write_str("存储的内容与签发时的内容不一致，发布已被拒绝。请报告系统管理员核查。")
            }
            R::Compiled => f.write_str(
                "年度报告的标题和正文由台账编制，不能手工修改。要改的，请回到“年度报告”更正后重新报送。",
            ),
            R::ReportGenre => f.write_str("标题写明是政府信息公开工作年度报告，体裁请选“年度报告”。"),
            R::ReportYear => f.write_str(
                "年度报告的标题和正文须写明同一个年度，例如“某机关2025年政府信息公开工作年度报告”，请核对。",
            ),
            R::ReportIsCompiled { year } => write!(
                f,
                "{year} 年度的报告已由台账编制，不能另外手工公开或者修订。要改的，请在“年度报告”里更正。"
            ),
            R::ReportUnread { name } => write!(f, "附件“{name}”还没有读取检查，请打开这条信息重新送审。"),
            R::ReportNotFound => f.write_str(
                "正文和附件里都没有找到年度报告的表格，不能检查。请把报告全文（连同表格）写进正文，或者上传 docx 等可读的附件。",
            ),
            R::ReportErrors { place, count, told } => {
                write!(f, "{place}的年度报告有 {count} 处错误，改正后才能送审：{}", told.join("；"))?;
                if *count > told.len() {
                    f.write_str("……全部问题可以在“年报检查”里逐条查看。")?;
                }
                Ok(())
            }
            R::ReportsDiffer { one, other, cells } => {
                write!(f, "{one}和{other}是同一份报告，却有 {cells} 格数字不同，请改成一致。")
            }
            R::NotForEveryone => f.write_str("只有主动公开的信息才能定时发布，请先核对公开属性。"),
            R::MomentUnreadable => f.write_str("发布时间请写成“2026-11-02 09:30”的样子，或者从日历中选择。"),
            R::MomentPast => f.write_str("发布时间要晚于现在。要立即发布的，不用定时。"),
            R::NoMoment => f.write_str("这一版没有定时，不需要取消。请刷新页面查看最新情况。"),
            R::EmergencyAsked => f.write_str("这次送审已经申请过紧急发布，请等候签署。"),
            R::EmergencyNotAsked => f.write_str("这次送审没有申请紧急发布，请先写明原因提出申请。"),
            R::EmergencySigner => f.write_str("紧急发布由有审签权限的两人签署，其中至少一人是领导；您没有审签权限。"),
            R::EmergencySigned => f.write_str("您已经签署过这次紧急发布，还需要另一个人签署。"),
            R::NotReleased => f.write_str("这条信息还没有发布，不需要撤回。"),
            R::AlreadyWithdrawn => f.write_str("这条信息已经撤回。"),
            R::MustNotStand { what, shown, place } => {
                write!(f, "{place}有{what}“{shown}”，请改正，或者在“发布前检查”中申请例外并由另一人同意。")
            }
            R::Review(reason) => reason.fmt(f),
        }
    }
}

impl PublishingRefusal {
    pub(super) fn must_not_stand(found: &Found) -> PublishingRefusal {
        PublishingRefusal::MustNotStand {
            what: found.kind.label(),
            shown: found.shown.clone(),
            place: found.places.first().map(|place| place.part.clone()).unwrap_or_default(),
        }
    }
}

impl Refusal for PublishingRefusal {
    fn field(&self) -> Option<&'static str> {
        use PublishingRefusal as R;
        match self {
            R::LineMissing | R::LineSigned => Some("line"),
            R::Blank { field, .. }
            | R::TooLong { field, .. }
            | R::NotInList { field, .. }
            | R::NeededForGenre { field, .. } => Some(field),
            R::DateUnreadable | R::DateInFuture => Some("made_on"),
            R::DayUnreadable { field, .. } => Some(field),
            R::TermReversed => Some("expires_on"),
            R::NotForEveryone | R::MomentUnreadable | R::MomentPast => Some("release_at"),
            R::BodyEmpty | R::Compiled | R::PictureMissing => Some("body"),
            R::ReportGenre => Some("genre"),
            R::ReportYear => Some("title"),
            R::ClassReasonMissing => Some("class_reason"),
            R::ValidityNotForGenre => Some("validity"),
            R::AttachmentNameTaken(_) | R::TooManyAttachments { .. } => Some("attachment"),
            R::Review(reason) => reason.field(),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        match self {
            PublishingRefusal::Missing => true,
            PublishingRefusal::Review(reason) => reason.is_missing(),
            _ => false,
        }
    }

    fn is_forbidden(&self) -> bool {
        match self {
            PublishingRefusal::Forbidden => true,
            PublishingRefusal::Review(reason) => reason.is_forbidden(),
            _ => false,
        }
    }
}

/// A refusal of the review room, seen from here.
pub(super) fn from_review(failure: Failure<ReviewRefusal>) -> Failure<PublishingRefusal> {
    match failure {
        Failure::Refused(reasons) => {
            Failure::Refused(reasons.into_iter().map(PublishingRefusal::Review).collect())
        }
        Failure::Unexpected(error) => Failure::Unexpected(error),
    }
}
