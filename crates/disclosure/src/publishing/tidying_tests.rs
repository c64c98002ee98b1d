//! What Word, WPS and other pages put on the clipboard, and what is left of it.

use super::body::{cleaned, pictures, plain_text};
use super::tidying::tidied;

/// As Word for Windows copies it: a heading, a list, a table, a picture, with its usual wrapping.
const WORD: &str = r#"<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta name=ProgId content=Word.Document>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<style><!-- p.MsoNormal {font-family:"仿宋_GB2312"; mso-style-name:"正文"} --></style></head>
<body lang=ZH-CN><!--StartFragment-->
<p class=MsoTitle align=center style='text-align:center'><b><span lang=EN-US style='font-size:22pt'>2026</span></b><b>年
工作要点<o:p></o:p></b></p>
<h1><span style='font-family:黑体'>一、总体要求<span lang=EN-US><o:p></o:p></span></span></h1>
<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0'><span
style='font-size:16.0pt;font-family:仿宋_GB2312'>全年完成高标准农田建设<span lang=EN-US>1.2</span>万亩，
<b style='mso-bidi-font-weight:normal'>惠及<span lang=EN-US>3,400</span>户</b>。<span lang=EN-US><o:p></o:p></span></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph style='margin-left:21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Wingdings;mso-list:Ignore'>l<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>松溪镇<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>l<span>&nbsp; </span></span>云溪镇</p>
<p class=MsoNormal style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>（一）</span>加强组织领导。</p>
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse'><tr style='height:20pt'>
<td width=100 colspan=2 valign=top style='border:solid'><p class=MsoNormal align=center><b>镇名</b></p></td></tr>
<tr><td><p class=MsoNormal>松溪镇</p><p class=MsoNormal>（含两村）</p></td><td><p class=MsoNormal>10<sup>3</sup></p></td></tr></table>
<p class=MsoNormal><img width=553 src="file:///C:/Users/x/AppData/Local/Temp/msohtmlclip1/01/clip_image002.png"></p>
<p class=MsoNormal>见<a href="https://example.org/x" style='color:blue'>网站</a>。<del>删去的话</del></p>
<!--EndFragment--></body></html>"#;

/// As WPS copies it: everything in spans, bold by style, spaces by `mso-spacerun`.
const WPS: &str = r#"<html><body><p class="MsoNormal" align="center" style="margin:0pt;text-align:center;"><b><span
style="mso-spacerun:'yes';font-family:方正小标宋简体;font-weight:bold;font-size:22.0000pt;">关于做好防汛工作的通知</span></b><b><span><o:p></o:p></span></b></p>
<p class="MsoNormal" style="text-indent:32.0000pt;"><span style="mso-spacerun:'yes';font-family:仿宋;"><font face="仿宋">各村（居）：请于</font></span><span
style="font-weight:bold;">6月1日</span><span style="mso-spacerun:'yes';"><font face="仿宋">前报送</font>&nbsp;名单。</span></p>
<div class="Section0"><p class="MsoNormal"><span style="text-decoration:underline;">联系人：田小满</span></p></div></body></html>"#;

#[test]
fn word_leaves_its_structure_and_nothing_else() {
    let tidy = tidied(WORD);
    assert_eq!(tidy.lost_pictures, 1);
    assert_eq!(
        cleaned(WORD),
        "<h2>2026年工作要点</h2>\n<h2>一、总体要求</h2>\n\
         <p>全年完成高标准农田建设1.2万亩，<strong>惠及3,400户</strong>。</p>\n\
         <ul>\n<li>松溪镇</li>\n<li>云溪镇</li>\n</ul>\n<p>（一）加强组织领导。</p>\n\
         <table><tbody><tr><td colspan=\"2\"><strong>镇名</strong></td></tr>\n\
         <tr><td>松溪镇<br>（含两村）</td><td>10<sup>3</sup></td></tr></tbody></table>\n\
         <p>见<a href=\"https://example.org/x\" rel=\"noopener noreferrer\">网站</a>。</p>"
    );
}

#[test]
fn wps_leaves_its_structure_and_nothing_else() {
    assert_eq!(
        cleaned(WPS),
        "<p><strong>关于做好防汛工作的通知</strong></p>\n\
         <p>各村（居）：请于<strong>6月1日</strong>前报送 名单。</p>\n<p><u>联系人：田小满</u></p>"
    );
}

#[test]
fn boxes_lists_and_frames_of_other_pages_become_paragraphs() {
    for (pasted, stored) in [
        ("<div>甲</div><div>乙</div>", "<p>甲</p>\n<p>乙</p>"),
        ("<b style=\"font-weight:normal\" id=\"docs-internal-guid-1\"><p>甲</p></b>", "<p>甲</p>"),
        (
            "<ol start=\"3\" style=x><li>甲<ul><li>乙</li></ul></li><li><p>丙</p><p>丁</p></li></ol>",
            "<ol start=\"3\"><li>甲<ul><li>乙</li></ul></li>\n<li>丙<br>丁</li></ol>",
        ),
        (
            "<table class=x><tr><td><p>只有一格的边框</p><p>两段</p></td></tr></table>",
            "<p>只有一格的边框</p>\n<p>两段</p>",
        ),
        (
            "<h1>甲</h1><h2>乙</h2><h3>丙</h3><h6>丁</h6>",
            "<h2>甲</h2>\n<h3>乙</h3>\n<h4>丙</h4>\n<h4>丁</h4>",
        ),
        ("<span style=\"display:none\">暗</span><span>明</span>", "<p>明</p>"),
        ("<pre>甲\n乙</pre>", "<p>甲乙</p>"),
        ("<section><p style=x>  一 \n二  </p></section>", "<p>一二</p>"),
        ("<div>GB/T\n9704 第 3\n部分</div>", "<p>GB/T 9704 第 3 部分</p>"),
    ] {
        let once = cleaned(pasted);
        assert_eq!(once, stored, "{pasted}");
        assert_eq!(cleaned(&once), once);
    }
}

#[test]
fn only_pictures_of_this_program_are_shown() {
    let hash = "9b".repeat(32);
    let kept = format!("<p>图：<img src=\"/pictures/{hash}\" alt=\"现场\"></p>");
    assert_eq!(cleaned(&kept), kept);
    assert_eq!(pictures(&kept), std::slice::from_ref(&hash));
    assert_eq!(
        cleaned(&format!("<div><img src=\"/console/pictures/{hash}\" alt=\"现场\" onerror=x></div>")),
        format!("<p><img src=\"/pictures/{hash}\" alt=\"现场\"></p>")
    );
    for src in [
        "https://evil.example/x.png",
        "//evil.example/x",
        "data:image/svg+xml,<svg>",
        "/pictures/../sign-out",
        "/pictures/x",
        "/sign-out",
        "javascript:alert(1)",
        "file:///c:/x.png",
        "",
    ] {
        let html = cleaned(&format!("<p>前<img src=\"{src}\" alt=x>后</p>"));
        assert_eq!(html, "<p>前后</p>", "{src}");
    }
}

#[test]
fn a_paste_made_to_hurt_ends_soon_and_keeps_its_words() {
    let formatting: String = (0..6_000).map(|n| format!("<b a{n}=1>")).collect();
    let paragraphs = "<p>字".repeat(6_000);
    let deep = "<blockquote>".repeat(60_000);
    let attributes = format!("<p {}>词", (0..20_000).map(|n| format!("a{n}=1 ")).collect::<String>());
    for hostile in [
        format!("{formatting}{paragraphs}"),
        format!("{deep}词"),
        attributes,
        "<table>".repeat(50_000),
        "<a href=x>".repeat(20_000),
    ] {
        let begun = std::time::Instant::now();
        let html = cleaned(&hostile);
        assert!(begun.elapsed().as_secs() < 20, "{:?} for {} bytes", begun.elapsed(), hostile.len());
        assert!(html.len() <= hostile.len() * 4);
        let _ = plain_text(&html);
    }
}
