use gongkai_statute::closed_list;

closed_list! {
    /// 信息的分量 — how much is at stake; decided by the kind of document and by what the check found, not by who
    /// drafts it.
    pub enum Risk {
        /// 一般信息.
        Ordinary = "ordinary", "一般信息";
        /// 重要信息.
        Important = "important", "重要信息";
    }
}
