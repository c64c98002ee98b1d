use super::{LONGEST_DAYS, MOST};
use crate::error::Refusal;

/// Why a connection was not made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionRefusal {
    Forbidden,
    Missing,
    NameMissing,
    NameTooLong,
    NoScope,
    DaysOutOfRange,
    TooMany,
    Ended,
    UrlUnreadable,
    UrlNotSecure,
    UrlWithPassword,
    UrlPrivate,
}

impl std::fmt::Display for ConnectionRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Forbidden => f.write_str("您没有为该机关办理系统对接的权限，请联系该机关的政务公开专干。"),
            Self::Missing => f.write_str("没有这一项，请返回列表重新选择。"),
            Self::NameMissing => f.write_str("请填写是哪个系统使用，以便日后分辨。"),
            Self::NameTooLong => f.write_str("系统名称超过 60 字，请精简。"),
            Self::NoScope => f.write_str("请至少选择一项权限。"),
            Self::DaysOutOfRange => write!(f, "有效期应是 1 到 {LONGEST_DAYS} 天的整数，请修改。"),
            Self::TooMany => write!(f, "一个机关最多 {MOST} 个，请先撤销不再使用的。"),
            Self::Ended => f.write_str("已经撤销或者停用，不能再操作。"),
            Self::UrlUnreadable => f.write_str("接收地址无法识别，请写成 https://name.example.cn/path 的样子。"),
            Self::UrlNotSecure => f.write_str("接收地址应以 https:// 开头，以免内容被人改动。"),
            Self::UrlWithPassword => f.write_str("接收地址中不能有用户名和密码，请去掉。"),
            Self::UrlPrivate => {
                f.write_str("接收地址在内部网络上，本站不向内部网络发送。确有需要的，请系统管理员修改设置 webhooks.private_networks。")
            }
        }
    }
}

impl Refusal for ConnectionRefusal {
    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NameMissing | Self::NameTooLong => Some("name"),
            Self::NoScope => Some("scope"),
            Self::DaysOutOfRange => Some("days"),
            Self::UrlUnreadable | Self::UrlNotSecure | Self::UrlWithPassword | Self::UrlPrivate => {
                Some("url")
            }
            Self::Forbidden | Self::Missing | Self::TooMany | Self::Ended => None,
        }
    }

    fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }

    fn is_forbidden(&self) -> bool {
        matches!(self, Self::Forbidden)
    }
}
