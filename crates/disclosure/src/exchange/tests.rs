use super::archive::{Fonds, Handed, file_name, table};
use super::import::{COLUMNS, import, rehearse};
use super::{LEDGER, ledger_row, public_entries, trs};
use crate::accounts::AgencyKind;
use crate::db::testing::databases;
use crate::error::Failure;
use crate::sheets::{Sheet, csv, read, recognise};
use crate::testing::{catalogue_line, complete_draft, monday, office, signed_by_all, submitted};

#[tokio::test]
async fn entries_come_in_as_drafts_or_not_at_all() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let (staff, agency) = (&office.officer, &office.agency.id);
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        let line = catalogue_line(&mut tx, agency).await;
        tx.commit().await.unwrap();
        let heads = ["标题", "成文日期", "体裁", "内容", "公开属性", "目录事项"];
        let good = ["松溪镇防汛应急预案", "2026年6月1日", "应急管理", "一、总则", "主动公开", ""];
        let rows = |rows: &[[&str; 6]]| {
            let rows: Vec<Vec<String>> =
                rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
            recognise(&read(&csv(&heads, &rows)).unwrap(), &COLUMNS).unwrap()
        };
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        assert_eq!(import(&mut tx, staff, agency, &line, &rows(&[good])).await.unwrap(), 1);
        tx.commit().await.unwrap();

        let mixed = rows(&[
            good,
            ["松溪镇抗旱应急预案", "2026/6/2", "预案类", "正文", "公开", ""],
            ["", "2026-06-03", "通知公告", "正文", "主动公开", "没有的事项"],
            ["松溪镇森林防火预案", "2026-06-04", "应急管理", "<script>x</script>一、总则", "主动公开", ""],
        ]);
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        let told = rehearse(&mut tx, staff, agency, &line, &mixed).await.unwrap();
        assert_eq!((told.unchanged, told.added.len()), (1, 1), "{told:?}");
        let places: Vec<&str> = told.wrong.iter().map(|wrong| wrong.place.as_str()).collect();
        assert_eq!(
            places,
            ["第 3 行 C 列（体裁）", "第 3 行 E 列（公开属性）", "第 4 行 F 列（目录事项）"],
            "{told:?}"
        );
        drop(tx);
        let mut tx = test.db.begin(&staff.actor(), monday()).await.unwrap();
        assert!(matches!(import(&mut tx, staff, agency, &line, &mixed).await, Err(Failure::Refused(_))));
        drop(tx);
        let mut tx = test.db.begin(&office.leader.actor(), monday()).await.unwrap();
        assert!(import(&mut tx, &office.leader, agency, &line, &rows(&[good])).await.is_err());
        drop(tx);
        let mut conn = test.db.read().await.unwrap();
        assert!(
            public_entries(&mut conn, "", "", "", 9).await.unwrap().is_empty(),
            "nothing is public by import"
        );
    }
}

#[tokio::test]
async fn what_goes_out_comes_back_the_same() {
    for test in databases().await {
        let office = office(&test.db, "songxi", AgencyKind::Town).await;
        let mut draft = complete_draft("关于“]]>”与 <标签> 的通知");
        draft.document_number = "松溪政〔2026〕8号".into();
        draft.co_issuers = "青禾区民政局、青禾区财政局".into();
        draft.theme = "civil_affairs".into();
        draft.subtheme = "社会救助".into();
        draft.effective_on = "2026-12-01".into();
        draft.expires_on = "2031-11-30".into();
        draft.contact = "青禾区民政局，0990-0000003".into();
        let (_, review) = submitted(&test.db, &office, &draft).await;
        signed_by_all(&test.db, &office, &review).await;
        let mut conn = test.db.read().await.unwrap();
        let entries = public_entries(&mut conn, "songxi", "2026", "", 9).await.unwrap();
        assert_eq!(entries.len(), 1);
        assert!(public_entries(&mut conn, "songxi", "2025", "", 9).await.unwrap().is_empty());
        let xml =
            format!("{}{}{}", trs::BEGIN, trs::record(&entries[0], &[], "https://gk.example"), trs::END);
        assert!(trs::is_one(xml.as_bytes()));
        let sheet: Sheet = trs::read(xml.as_bytes()).unwrap();
        let found = recognise(&[sheet], &COLUMNS).unwrap();
        let row = &found.rows[0];
        assert_eq!(row.text("title"), draft.title);
        assert_eq!(row.text("document_number"), "松溪政〔2026〕8号");
        assert_eq!(row.text("made_on"), "2026-10-30");
        assert_eq!(row.text("summary"), draft.summary);
        assert_eq!((row.text("effective_on"), row.text("expires_on")), ("2026-12-01", "2031-11-30"));
        assert!(row.text("body").contains("集中缴费自11月1日开始"));
        assert_eq!(row.place(Some("title")), "工作表“TRS”第 1 行 A 列（标题）");
        for broken in [
            &xml[..xml.len() - 20],
            "<MetaViewDataS/>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><MetaViewDataS><MetaViewData/></MetaViewDataS>",
        ] {
            assert!(trs::read(broken.as_bytes()).is_err(), "{broken}");
        }
        let ledger = ledger_row(entries[0].clone());
        assert_eq!(ledger.len(), LEDGER.len());
        // The ledger is a table that can come in again, with everything that is in it.
        let heads: Vec<String> = LEDGER.iter().map(|(head, _)| (*head).to_owned()).collect();
        let sheet = Sheet { name: "台账".into(), rows: vec![(1, heads), (2, ledger)] };
        let found = recognise(&[sheet], &COLUMNS).unwrap();
        let back = super::import::draft_of(&found.rows[0]);
        assert_eq!(
            (&back.co_issuers, &back.theme, &back.subtheme, &back.contact),
            (&draft.co_issuers, &draft.theme, &draft.subtheme, &draft.contact)
        );
        assert_eq!((&back.effective_on, &back.expires_on), (&draft.effective_on, &draft.expires_on));
        let handed = Handed {
            file: file_name(&entries[0].index_number),
            sha256: "ab".repeat(32),
            entry: entries[0].clone(),
        };
        assert_eq!(handed.file, "songxi-2026-00001.pdf");
        let fonds = Fonds { number: "12".into(), retention: "永久".into() };
        let (bytes, cut) = table(&fonds, &[handed], jiff::civil::date(2027, 1, 5));
        assert_eq!(cut, 0);
        let (text, _, _) = encoding_rs::GB18030.decode(&bytes);
        assert!(text.contains("songxi-2026-00001.pdf") && text.contains("松溪政〔2026〕8号"), "{text}");
    }
}
