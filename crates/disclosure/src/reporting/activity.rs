//! 工作记录 — what an office did that is neither an entry nor a request, and that section one counts:
//! interpretations by form, publications outside the site by channel, trainings and meetings.

use gongkai_statute::closed_list;

closed_list! {
    /// 工作记录的种类 — a form of interpretation, a channel, a training, a meeting.
    pub enum ActivityForm {
        /// 文字解读.
        InterpretedInText = "interpreted_in_text", "文字解读";
        /// 图表图解.
        InterpretedInCharts = "interpreted_in_charts", "图表图解";
        /// 音频视频.
        InterpretedOnVideo = "interpreted_on_video", "音频视频";
        /// 新闻发布会、媒体专访.
        InterpretedToThePress = "interpreted_to_the_press", "新闻发布会、媒体专访";
        /// 其他形式的解读.
        InterpretedOtherwise = "interpreted_otherwise", "其他形式";
        /// 政府公报.
        Gazette = "gazette", "政府公报";
        /// 政务新媒体.
        NewMedia = "new_media", "政务新媒体";
        /// 公告栏、信息屏.
        NoticeBoard = "notice_board", "公告栏、信息屏";
        /// 广播、电视、报刊.
        Broadcast = "broadcast", "广播、电视、报刊";
        /// 其他渠道.
        OtherChannel = "other_channel", "其他渠道";
        /// 业务培训.
        Training = "training", "业务培训";
        /// 工作会议.
        Meeting = "meeting", "工作会议";
    }
}

/// What a form belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityKind {
    /// 政策解读.
    Interpretation,
    /// 网站以外的公开渠道.
    OutsidePublication,
    Training,
    Meeting,
}

impl ActivityForm {
    pub const fn kind(self) -> ActivityKind {
        match self {
            Self::InterpretedInText
            | Self::InterpretedInCharts
            | Self::InterpretedOnVideo
            | Self::InterpretedToThePress
            | Self::InterpretedOtherwise => ActivityKind::Interpretation,
            Self::Gazette | Self::NewMedia | Self::NoticeBoard | Self::Broadcast | Self::OtherChannel => {
                ActivityKind::OutsidePublication
            }
            Self::Training => ActivityKind::Training,
            Self::Meeting => ActivityKind::Meeting,
        }
    }

    /// 解读·图表图解, 渠道·政府公报, 业务培训.
    pub fn figure_name(self) -> String {
        match self.kind() {
            ActivityKind::Interpretation => format!("解读·{}", self.label()),
            ActivityKind::OutsidePublication => format!("渠道·{}", self.label()),
            ActivityKind::Training | ActivityKind::Meeting => self.label().to_owned(),
        }
    }

    /// All forms of a kind, in order.
    pub fn of(kind: ActivityKind) -> impl Iterator<Item = ActivityForm> {
        Self::ALL.iter().copied().filter(move |form| form.kind() == kind)
    }
}
