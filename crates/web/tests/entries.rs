//! The officers' pages for entries, over both engines: what was typed is never lost, what is refused is said.

#![allow(clippy::unwrap_used)]

mod browser;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, COOKIE};
use axum::http::{Request, StatusCode};
use browser::{Answer, Desk};
use gongkai_disclosure::accounts::AgencyKind;
use gongkai_disclosure::catalogue;
use gongkai_disclosure::db::testing::{TestDb, databases};
use gongkai_disclosure::publishing::desk;
use gongkai_disclosure::testing::{complete_draft, drafted, monday, office, signed_by_all, submitted};
use gongkai_web::App;

fn app(test: &TestDb) -> App {
    browser::app(test, 4_000)
}

impl Desk {
    async fn upload(&self, path: &str, csrf: &str, files: &[(&str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, bytes) in files {
            body.extend_from_slice(
                format!(
                    "--cut\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n"
                )
                .as_bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--cut--\r\n");
        let request = Request::post(format!("{path}?csrf={csrf}"))
            .header(COOKIE, &self.cookie)
            .header(CONTENT_TYPE, "multipart/form-data; boundary=cut");
        self.ask(request.body(Body::from(body)).unwrap()).await
    }
}

#[tokio::test]
async fn a_refused_draft_keeps_what_was_typed_and_a_saved_one_says_what_it_lacks() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        drafted(&test.db, &office, &complete_draft("医保缴费通知")).await;
        let app = app(&test);
        let desk = Desk::of(&app, &office.officer).await;
        let lines = catalogue::lines(&mut test.db.read().await.unwrap(), &office.agency.id).await.unwrap();
        let line = &lines[1];
        let form = desk.get(&format!("/console/entries/new?line={}", line.id)).await;
        assert_eq!(form.status, StatusCode::OK);
        assert!(form.body.contains(&line.elements), "what the line asks for");

        let typed =
            [("line", line.id.as_str()), ("title", " "), ("made_on", "2026-02-30"), ("body", "不能丢的正文")];
        let refused = desk.post("/console/entries", &typed).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for words in ["请填写标题", "真实存在的日期", "不能丢的正文", "2026-02-30"] {
            assert!(refused.body.contains(words), "{words}: {}", refused.body);
        }
        assert!(refused.body.contains(&format!("value=\"{}\" selected", line.id)), "the line stays chosen");

        let preview =
            desk.post("/console/entries", &[("body", "一\n<script>x()</script>二"), ("then", "preview")]);
        let preview = preview.await;
        assert_eq!(preview.status, StatusCode::OK);
        assert!(preview.body.contains("<p>一</p>\n<p>二</p>"), "{}", preview.body);

        let typed = [("line", line.id.as_str()), ("title", "新的通知"), ("then", "submit")];
        let saved = desk.post("/console/entries", &typed).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        assert!(saved.to.ends_with("/edit?check=1"), "{}", saved.to);
        let lacking = desk.get(&saved.to).await.body;
        for words in
            ["已保存为草稿，还没有送审", "请填写内容概述", "请从列表中选择公开属性", "请填写生成日期"]
        {
            assert!(lacking.contains(words), "{words}: {lacking}");
        }
        let list = desk.get("/console/entries?tab=drafting&mine=1&sort=title&q=%E6%96%B0").await.body;
        assert!(list.contains("新的通知") && !list.contains("医保缴费通知"), "{list}");
    }
}

#[tokio::test]
async fn whoever_saves_second_sees_what_the_first_saved() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let draft = drafted(&test.db, &office, &complete_draft("医保缴费通知")).await;
        let app = app(&test);
        let (first, second) =
            (Desk::of(&app, &office.officer).await, Desk::of(&app, &office.other_officer).await);
        let path = format!("/console/entries/{}/edit", draft.entry_id);
        let typed = |summary| {
            [
                ("edition", draft.edition_id.as_str()),
                ("version", "1"),
                ("title", "医保缴费通知"),
                ("summary", summary),
                ("source", "松溪镇人民政府"),
            ]
        };
        assert_eq!(first.post(&path, &typed("先保存的概述")).await.status, StatusCode::SEE_OTHER);
        let refused = second.post(&path, &typed("后保存的概述")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        for words in [
            "您的修改还没有保存",
            "<del>先保存的概述</del>",
            "<ins>后保存的概述</ins>",
            "name=\"version\" value=\"2\"",
        ] {
            assert!(refused.body.contains(words), "{words}: {}", refused.body);
        }
        let mut again = typed("后保存的概述");
        again[1].1 = "2";
        assert_eq!(second.post(&path, &again).await.status, StatusCode::SEE_OTHER);
        let entry = second.get(&format!("/console/entries/{}", draft.entry_id)).await.body;
        assert!(entry.contains("后保存的概述") && !entry.contains("先保存的概述"), "{entry}");
    }
}

#[tokio::test]
async fn files_are_added_several_at_once_and_each_refusal_is_told() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let draft = drafted(&test.db, &office, &complete_draft("医保缴费通知")).await;
        let app = app(&test);
        let desk = Desk::of(&app, &office.officer).await;
        let page = format!("/console/entries/{}", draft.entry_id);
        let path = format!("{page}/files");
        let large = vec![b'a'; 5_000];
        let files: [(&str, &[u8]); 4] =
            [("名单.txt", b"a"), ("large.txt", &large), ("fake.pdf", b"text"), ("second.txt", b"b")];
        assert_eq!(desk.upload(&path, "", &files).await.status, StatusCode::FORBIDDEN, "no token");

        let answer = desk.upload(&path, &desk.csrf, &files).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for words in ["添加了 2 个附件", "“large.txt”：文件不能超过", "“fake.pdf”的内容其实是", "名单.txt"]
        {
            assert!(answer.body.contains(words), "{words}: {}", answer.body);
        }
        let again = desk.upload(&path, &desk.csrf, &[("second.txt", b"c")]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("已有名为“second.txt”的附件"), "{}", again.body);
        let none = desk.upload(&path, &desk.csrf, &[("", b"")]).await;
        assert!(none.body.contains("请先选择要添加的文件"), "{}", none.body);

        let mut conn = test.db.read().await.unwrap();
        let entry = desk::entry(&mut conn, &office.officer, &draft.entry_id).await.unwrap().unwrap();
        drop(conn);
        let kept = &entry.newest().unwrap().attachments;
        assert_eq!(kept.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["名单.txt", "second.txt"]);
        let removed = desk.post(&format!("{path}/{}/removal", kept[0].id), &[]).await;
        assert_eq!(removed.status, StatusCode::SEE_OTHER);
        let shown = desk.get(&page).await.body;
        assert!(shown.contains("second.txt") && !shown.contains("名单.txt"), "{shown}");
    }
}

#[tokio::test]
async fn an_entry_shows_who_signed_it_and_leaves_the_site_with_a_reason() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let (draft, review) = submitted(&test.db, &office, &complete_draft("医保缴费通知")).await;
        let app = app(&test);
        let desk = Desk::of(&app, &office.officer).await;
        let page = format!("/console/entries/{}", draft.entry_id);
        let waiting = desk.get(&page).await.body;
        assert!(waiting.contains("审查期间不能修改") && waiting.contains("撤回送审"), "{waiting}");
        let edit = desk.get(&format!("{page}/edit")).await;
        assert_eq!((edit.status, edit.to.as_str()), (StatusCode::SEE_OTHER, page.as_str()));

        signed_by_all(&test.db, &office, &review).await;
        let late = desk.post(&format!("{page}/taking-back"), &[("review", &review)]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", late.body);
        assert!(late.body.contains("已签发"), "{}", late.body);
        let out = desk.get(&page).await.body;
        for words in [
            "songxi/2026-00001",
            "与各环节签署的内容一致",
            &office.leader.name,
            "在门户查看",
            "涉及国家秘密：否",
        ] {
            assert!(out.contains(words), "{words}: {out}");
        }
        let silent = desk.post(&format!("{page}/withdrawal"), &[]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            silent.body.contains("请填写撤回说明") && silent.body.contains("选择撤回原因"),
            "{}",
            silent.body
        );
        let reason = [("withdrawal_class", "mistaken"), ("withdrawal_reason", "数字有误，另行发布。")];
        let done = desk.post(&format!("{page}/withdrawal"), &reason).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let gone = desk.get("/entries/songxi/2026-00001").await;
        assert_eq!(gone.status, StatusCode::GONE);
        assert!(gone.body.contains("数字有误，另行发布。"), "{}", gone.body);

        let revised = desk.post(&format!("{page}/revision"), &[]).await;
        assert_eq!(revised.to, format!("{page}/edit"));
        assert!(desk.get(&revised.to).await.body.contains("修订：第 2 版"));
        let catalogue = desk.get("/console/catalogue").await.body;
        assert!(
            catalogue.contains("尚未公开") && catalogue.contains("/console/entries/new?line="),
            "{catalogue}"
        );
    }
}

#[tokio::test]
async fn another_agency_finds_nothing() {
    for test in databases().await {
        let town = office(&test.db, "songxi", AgencyKind::Town).await;
        let other = office(&test.db, "bailu", AgencyKind::Town).await;
        let draft = drafted(&test.db, &town, &complete_draft("医保缴费通知")).await;
        let app = app(&test);
        let stranger = Desk::of(&app, &other.officer).await;
        let page = format!("/console/entries/{}", draft.entry_id);
        for path in [page.clone(), format!("{page}/edit"), "/console/entries?agency=songxi".into()] {
            assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let typed = [("edition", draft.edition_id.as_str()), ("version", "1"), ("title", "改")];
        let saved = stranger.post(&format!("{page}/edit"), &typed).await;
        assert_eq!(saved.status, StatusCode::FORBIDDEN, "{}", saved.body);
        let files: [(&str, &[u8]); 1] = [("a.txt", b"a")];
        let added = stranger.upload(&format!("{page}/files"), &stranger.csrf, &files).await;
        assert_eq!(added.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn several_are_decided_on_one_page_that_shows_every_one() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let one = drafted(&test.db, &office, &complete_draft("医保缴费通知")).await;
        let other = drafted(&test.db, &office, &complete_draft("停水通知")).await;
        let app = app(&test);
        let officer = Desk::of(&app, &office.officer).await;
        let list = officer.get("/console/entries?tab=drafting").await.body;
        assert!(list.contains("aria-label=\"选择 停水通知\""), "{list}");
        let path = format!("/console/entries/batch?item={}&item={}", one.entry_id, other.entry_id);
        let shown = officer.get(&path).await.body;
        for words in ["医保缴费通知", "停水通知", "送审以上 2 件", "集中缴费自11月1日开始"]
        {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let after = |body: &str, name: &str| {
            let from = body.find(name).unwrap_or_else(|| panic!("{name}: {body}")) + name.len();
            body[from..].chars().take(64).collect::<String>()
        };
        let shown_hash = |body: &str, id: &str| after(body, &format!("name=\"{id}-shown\" value=\""));
        let (a, b) = (shown_hash(&shown, &one.entry_id), shown_hash(&shown, &other.entry_id));
        let (field_a, field_b) = (format!("{}-shown", one.entry_id), format!("{}-shown", other.entry_id));
        let items = [("item", one.entry_id.as_str()), ("item", other.entry_id.as_str())];
        let wrong = [items[0], items[1], (&field_a, &a), (&field_b, &a)];
        let refused = officer.post("/console/entries/batch", &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("《停水通知》：页面显示以后内容又有改动"), "{}", refused.body);
        assert!(refused.body.contains("一件也没有送审"), "{}", refused.body);
        let right = [items[0], items[1], (&field_a, &a), (&field_b, &b)];
        let done = officer.post("/console/entries/batch", &right).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);

        let head = Desk::of(&app, &office.section_head).await;
        let list = head.get("/console/reviews").await.body;
        let ids: Vec<&str> = list
            .split("name=\"item\" value=\"")
            .skip(1)
            .map(|rest| &rest[..rest.find('"').unwrap()])
            .collect();
        assert_eq!(ids.len(), 2, "{list}");
        let shown = head.get(&format!("/console/reviews/batch?item={}&item={}", ids[0], ids[1])).await.body;
        assert!(shown.contains("签署以上 2 件") && shown.contains(&a) && shown.contains(&b), "{shown}");
        let (name_a, name_b) = (format!("{}-shown", ids[0]), format!("{}-shown", ids[1]));
        let items = [("item", ids[0]), ("item", ids[1])];
        // One that was not on the page is signed by nobody.
        let unseen = head.post("/console/reviews/batch", &[items[0], items[1], (&name_a, &a)]).await;
        assert_eq!(unseen.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unseen.body);
        let (a, b) = (shown_hash(&shown, ids[0]), shown_hash(&shown, ids[1]));
        let done =
            head.post("/console/reviews/batch", &[items[0], items[1], (&name_a, &a), (&name_b, &b)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        assert!(!head.get("/console/reviews").await.body.contains("停水通知"));
        // Not the officer's stage: shown, left out, and why.
        let secrets = Desk::of(&app, &office.confidentiality_officer).await;
        let path = format!("/console/reviews/batch?item={}", ids[0]);
        assert!(secrets.get(&path).await.body.contains(&format!("name=\"{}-state_secrets\"", ids[0])));
        assert!(head.get(&path).await.body.contains("不在本次办理之列"));

        // 审核表, as a file of the case.
        let form = secrets.get(&format!("/console/reviews/{}/form/docx", ids[0])).await;
        assert_eq!(form.status, StatusCode::OK);
        assert!(form.body.starts_with("PK"), "a Word document");
        assert_eq!(
            secrets.get(&format!("/console/reviews/{}/form/txt", ids[0])).await.status,
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn a_reviewer_sees_what_changed_since_it_was_sent_back() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let (draft, case) = submitted(&test.db, &office, &complete_draft("医保缴费通知")).await;
        let app = app(&test);
        let head = Desk::of(&app, &office.section_head).await;
        let path = format!("/console/reviews/{case}");
        let sent_back = head.post(&path, &[("verdict", "returned"), ("opinion", "概述不清")]).await;
        assert_eq!(sent_back.status, StatusCode::SEE_OTHER, "{}", sent_back.body);
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        let mut better = complete_draft("医保缴费通知");
        better.summary = "告知缴费的起止时间。".into();
        use gongkai_disclosure::publishing::actions::{save_draft, submit};
        save_draft(&mut tx, &office.officer, &draft.edition_id, 1, &better).await.unwrap();
        let again = submit(&mut tx, &office.officer, &draft.edition_id, 2).await.unwrap();
        tx.commit().await.unwrap();
        let shown = head.get(&format!("/console/reviews/{again}")).await.body;
        for words in
            ["退回的那次送审相比", "<del>告知缴费时间和地点。</del>", "<ins>告知缴费的起止时间。</ins>"]
        {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let old = head.get(&path).await.body;
        assert!(old.contains("告知缴费时间和地点。") && !old.contains("告知缴费的起止时间。"), "{old}");
    }
}

#[tokio::test]
async fn the_rule_for_index_numbers_is_tried_before_it_is_set_and_gaps_are_told() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let draft = drafted(&test.db, &office, &complete_draft("停水通知")).await;
        let app = app(&test);
        let desk = Desk::of(&app, &office.officer).await;
        let path = "/console/index-numbers";
        let tried = [("pattern", "113417/{年月}-{序号:4}"), ("since_on", "2026-11-02"), ("then", "preview")];
        let shown = desk.post(&format!("{path}/rules"), &tried).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
        assert!(shown.body.contains("<code>113417/202611-0128</code>"), "{}", shown.body);
        assert!(!desk.get(path).await.body.contains("113417/202611-0001"), "nothing was set");
        let wrong = [("pattern", "松溪-{序号:2}"), ("since_on", "2026-10-01")];
        let refused = desk.post(&format!("{path}/rules"), &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.body.contains("最早从今天起用") && refused.body.contains("松溪-{序号:2}"),
            "{}",
            refused.body
        );
        assert_eq!(desk.post(&format!("{path}/rules"), &tried[..2]).await.status, StatusCode::SEE_OTHER);
        assert!(desk.get(path).await.body.contains("113417/202611-0001"));

        let entry = format!("/console/entries/{}", draft.entry_id);
        let numbered = desk.post(&format!("{entry}/index-number"), &[]).await;
        assert_eq!(numbered.status, StatusCode::SEE_OTHER, "{}", numbered.body);
        assert!(desk.get(&entry).await.body.contains("113417/202611-0001"));
        let kept =
            desk.post(&format!("{path}/reservations"), &[("count", "1"), ("reason", "纸质文件补登")]).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
        let gaps = desk.get(path).await.body;
        for words in ["113417/202611-0002", "纸质文件补登", "预先编号", "停水通知"] {
            assert!(gaps.contains(words), "{words}: {gaps}");
        }
        let head = Desk::of(&app, &office.section_head).await;
        let forbidden = head.post(&format!("{path}/rules"), &tried[..2]).await;
        assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn the_class_of_a_document_is_signed_by_the_drafter_and_the_head() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let mut document = complete_draft("关于印发方案的通知");
        document.document_number = "松溪政〔2026〕8号".into();
        let draft = drafted(&test.db, &office, &document).await;
        let app = app(&test);
        let admin = Desk::of(&app, &office.administrator).await;
        let set = admin.post("/console/class-opinions/needed", &[("needed", "documents")]).await;
        assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.body);
        let officer = Desk::of(&app, &office.officer).await;
        let entry = format!("/console/entries/{}", draft.entry_id);
        let before = officer.get(&entry).await.body;
        assert!(before.contains("送审前须签署") && !before.contains("id=\"submission\""), "{before}");
        let edition = [("edition", draft.edition_id.as_str())];
        let done = officer.post(&format!("{entry}/class-opinion"), &edition).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);

        let head = Desk::of(&app, &office.section_head).await;
        let list = head.get("/console/class-opinions").await.body;
        assert!(list.contains("关于印发方案的通知") && list.contains("待负责人签署"), "{list}");
        let from = list.find("action=\"/console/class-opinions/").unwrap()
            + "action=\"/console/class-opinions/".len();
        let id = &list[from..from + list[from..].find('"').unwrap()];
        let path = format!("/console/class-opinions/{id}");
        let refused = head.post(&path, &[(&format!("{id}-verdict"), "declined")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert!(refused.body.contains("请填写不同意的原因"), "{}", refused.body);
        assert_eq!(officer.post(&path, &[("verdict", "agreed")]).await.status, StatusCode::FORBIDDEN);
        let signed = head.post(&path, &[(&format!("{id}-verdict"), "agreed")]).await;
        assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.body);
        let form = head.get(&format!("{path}/form/docx")).await;
        assert!(form.status == StatusCode::OK && form.body.starts_with("PK"));
        let after = officer.get(&entry).await.body;
        assert!(after.contains("已签署同意") && after.contains("id=\"submission\""), "{after}");
    }
}

#[tokio::test]
async fn an_emergency_is_read_by_everyone_before_any_stage_has_signed() {
    use gongkai_disclosure::publishing::emergency;
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let (_, review) = submitted(&test.db, &office, &complete_draft("寒潮预警")).await;
        let mut tx = test.db.begin(&office.officer.actor(), monday()).await.unwrap();
        emergency::ask(&mut tx, &office.officer, &review, "两小时内有强寒潮", "情况紧急，先行发布。")
            .await
            .unwrap();
        for staff in [&office.section_head, &office.leader] {
            tx.acting_as(&staff.actor(), monday());
            emergency::sign(&mut tx, staff, &review).await.unwrap();
        }
        tx.commit().await.unwrap();
        let app = app(&test);
        let citizen = Desk { app: app.clone(), cookie: String::new(), csrf: String::new() };
        let page = citizen.get("/entries/songxi/2026-00001").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(page.body.contains("情况紧急，先行发布。"), "{}", page.body);
    }
}

#[tokio::test]
async fn lines_of_a_field_are_chosen_one_by_one() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let desk = Desk::of(&app(&test), &office.officer).await;
        let path = "/console/catalogue/starting/field_17";
        let ticked = |body: &str| body.matches("\" checked>").count();
        let shown = desk.get(path).await.body;
        // A town begins with what is published at 乡级 and 村级: all but what only the county does.
        let field = catalogue::starting("field_17").unwrap();
        let own = field.lines.iter().filter(|line| line.is_of(Some(AgencyKind::Town))).count();
        assert!(own < field.lines.len() && ticked(&shown) == own, "{shown}");
        assert_eq!(ticked(&desk.get(&format!("{path}?choose=all")).await.body), field.lines.len());
        assert_eq!(ticked(&desk.get(&format!("{path}?choose=none")).await.body), 0);
        assert_eq!(desk.get("/console/catalogue/starting/field_99").await.status, StatusCode::NOT_FOUND);

        let nothing = desk.post(path, &[("agency", "songxi")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nothing.body.contains("请至少勾选一个要加入的事项") && ticked(&nothing.body) == 0);
        let two = [("agency", "songxi"), ("line", "L17-7"), ("line", "L17-8")];
        let done = desk.post(path, &two).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let again = desk.post(path, &two).await;
        assert!(again.body.contains("选中的事项都已经在目录里"), "{}", again.body);
        assert_eq!(again.body.matches("已有</span>").count(), 2, "{}", again.body);
        assert!(desk.get("/console/catalogue").await.body.contains("审核确认公示"));
    }
}
