use std::fmt;

use crate::error::Refusal;

/// Why a posting was not recorded.
#[derive(Debug, PartialEq, Eq)]
pub enum PostingRefusal {
    Missing,
    Forbidden,
    EntryNotPublic,
    Blank {
        field: &'static str,
        label: &'static str,
    },
    TooLong {
        field: &'static str,
        label: &'static str,
        most: usize,
    },
    ChannelMissing,
    DayUnreadable {
        field: &'static str,
    },
    InFuture,
    EndsBefore,
    LinkUnreadable,
    ProofMissing {
        is_online: bool,
    },
    NoPicture,
    /// The same thing, in the same place, on the same day: sent twice on a bad line.
    Twice,
    AlreadyRemoved,
    /// Someone has confirmed that the copy is gone.
    AlreadyTakenDown,
}

impl fmt::Display for PostingRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use PostingRefusal as R;
        match self {
            R::Missing => f.write_str("没有这条发布记录，请从列表重新进入。"),
            R::Forbidden => f.write_str("您没有在该机关登记发布的权限，请联系系统管理员。"),
            R::EntryNotPublic => {
                f.write_str("这条信息还没有公开，不能登记它在别处的发布。请等审签公开后再登记。")
            }
            R::Blank { label, .. } => write!(f, "请填写{label}。"),
            R::TooLong { label, most, .. } => write!(f, "{label}不能超过 {most} 个字，请精简。"),
            R::ChannelMissing => f.write_str("请选择发布渠道。"),
            R::DayUnreadable { .. } => f.write_str("日期请写成“2026-11-02”的样子，并且是真实存在的日期。"),
            R::InFuture => f.write_str("发布日期不能晚于今天。发布以后再来登记。"),
            R::EndsBefore => f.write_str("截止日期不能早于发布日期，请核对。"),
            R::LinkUnreadable => f.write_str("链接请以 https:// 或 http:// 开头，从浏览器地址栏完整复制。"),
            R::ProofMissing { is_online: true } => f.write_str("请填写链接，或者上传截图。"),
            R::ProofMissing { is_online: false } => f.write_str("请拍一张现场照片，或者填写链接。"),
            R::NoPicture => f.write_str("照片请用 JPEG 或 PNG 格式。"),
            R::Twice => f.write_str("同一天、同一渠道、同一地点已经登记过，不用重复登记。"),
            R::AlreadyRemoved => f.write_str("这条发布记录已经作废。"),
            R::AlreadyTakenDown => f.write_str("这份副本已经确认撤下，不用再确认。"),
        }
    }
}

impl Refusal for PostingRefusal {
    fn field(&self) -> Option<&'static str> {
        use PostingRefusal as R;
        match self {
            R::Blank { field, .. } | R::TooLong { field, .. } | R::DayUnreadable { field } => Some(field),
            R::ChannelMissing => Some("channel"),
            R::InFuture => Some("posted_on"),
            R::EndsBefore => Some("until_on"),
            R::LinkUnreadable => Some("link"),
            R::ProofMissing { is_online: true } => Some("link"),
            R::ProofMissing { is_online: false } | R::NoPicture => Some("photo"),
            R::EntryNotPublic => Some("entry"),
            _ => None,
        }
    }

    fn is_missing(&self) -> bool {
        *self == PostingRefusal::Missing
    }

    fn is_forbidden(&self) -> bool {
        *self == PostingRefusal::Forbidden
    }
}
