//! The parts of the package that do not depend on the report. Sizes are in twentieths of a point (dxa), letters in
//! half points. GB/T 9704-2012: A4 with 37, 26, 35 and 28 mm of margin, 22 lines of 28 characters in 三号 仿宋.

/// Between the margins: 156 mm.
pub(super) const TEXT_WIDTH: u32 = 8844;
/// How many characters of the title's 二号 fit between the margins.
pub(super) const TITLE_WIDTH_EM: usize = 20;

macro_rules! xml {
    ($($part:expr),+ $(,)?) => {
        concat!("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n", $($part),+)
    };
}

macro_rules! word_namespaces {
    () => {
        "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
    };
}

pub(super) const CONTENT_TYPES: &str = xml!(
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">",
    "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>",
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>",
    "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>",
    "<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>",
    "<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>",
    "<Override PartName=\"/word/settings.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml\"/>",
    "<Override PartName=\"/word/fontTable.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml\"/>",
    "<Override PartName=\"/word/footer1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/>",
    "<Override PartName=\"/word/footer2.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/>",
    "</Types>",
);

pub(super) const PACKAGE_RELATIONS: &str = xml!(
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>",
    "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>",
    "</Relationships>",
);

pub(super) const DOCUMENT_RELATIONS: &str = xml!(
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/>",
    "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings\" Target=\"settings.xml\"/>",
    "<Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable\" Target=\"fontTable.xml\"/>",
    "<Relationship Id=\"rId4\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer\" Target=\"footer1.xml\"/>",
    "<Relationship Id=\"rId5\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer\" Target=\"footer2.xml\"/>",
    "</Relationships>",
);

pub(super) fn core_properties(title: &str) -> String {
    format!(
        xml!(
            "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" ",
            "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:language>zh-CN</dc:language>",
            "</cp:coreProperties>",
        ),
        title
    )
}

pub(super) const DOCUMENT_START: &str = xml!("<w:document ", word_namespaces!(), "><w:body>");

/// The page: odd and even ones have their number on the outside, 7 mm below the text.
pub(super) const DOCUMENT_END: &str = concat!(
    "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId4\"/><w:footerReference w:type=\"even\" r:id=\"rId5\"/>",
    "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>",
    "<w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1588\" w:header=\"851\" w:footer=\"1304\" w:gutter=\"0\"/>",
    "</w:sectPr></w:body></w:document>",
);

pub(super) const SETTINGS: &str = xml!(
    "<w:settings ",
    word_namespaces!(),
    "><w:evenAndOddHeaders/><w:characterSpacingControl w:val=\"compressPunctuation\"/>",
    "<w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>",
    "<w:themeFontLang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:settings>",
);

macro_rules! font {
    ($chinese:literal) => {
        concat!(
            "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:cs=\"Times New Roman\" w:eastAsia=\"",
            $chinese,
            "\" w:hint=\"eastAsia\"/>"
        )
    };
}

pub(super) const STYLES: &str = xml!(
    "<w:styles ",
    word_namespaces!(),
    "><w:docDefaults><w:rPrDefault><w:rPr>",
    font!("仿宋_GB2312"),
    "<w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/><w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/>",
    "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>",
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/>",
    "<w:pPr><w:widowControl w:val=\"0\"/><w:jc w:val=\"both\"/></w:pPr></w:style>",
    "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/>",
    "<w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/></w:tblPr></w:style>",
    // 二号 方正小标宋, centred.
    "<w:style w:type=\"paragraph\" w:styleId=\"Title\"><w:name w:val=\"Title\"/><w:basedOn w:val=\"Normal\"/>",
    "<w:pPr><w:spacing w:after=\"579\" w:line=\"700\" w:lineRule=\"exact\"/><w:jc w:val=\"center\"/></w:pPr>",
    "<w:rPr>",
    font!("方正小标宋简体"),
    "<w:sz w:val=\"44\"/><w:szCs w:val=\"44\"/></w:rPr></w:style>",
    // 三号 仿宋, two characters indented, 28.95 points a line: 22 lines a page. A quarter of a point less between
    // characters lets 28 of them stand on a line.
    "<w:style w:type=\"paragraph\" w:styleId=\"BodyText\"><w:name w:val=\"Body Text\"/><w:basedOn w:val=\"Normal\"/>",
    "<w:pPr><w:spacing w:line=\"579\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"200\" w:firstLine=\"630\"/></w:pPr>",
    "<w:rPr><w:spacing w:val=\"-5\"/></w:rPr></w:style>",
    // 一、 in 黑体.
    "<w:style w:type=\"paragraph\" w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/><w:basedOn w:val=\"BodyText\"/>",
    "<w:next w:val=\"BodyText\"/><w:pPr><w:keepNext/><w:outlineLvl w:val=\"0\"/></w:pPr><w:rPr>",
    font!("黑体"),
    "</w:rPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"Heading1AfterTable\"><w:name w:val=\"Heading 1 After Table\"/>",
    "<w:basedOn w:val=\"Heading1\"/><w:next w:val=\"BodyText\"/><w:pPr><w:spacing w:before=\"290\"/></w:pPr></w:style>",
    // （一） as a paragraph of its own, and what stands in the middle: both in 楷体.
    "<w:style w:type=\"paragraph\" w:styleId=\"Heading2\"><w:name w:val=\"heading 2\"/><w:basedOn w:val=\"BodyText\"/>",
    "<w:next w:val=\"BodyText\"/><w:pPr><w:keepNext/><w:outlineLvl w:val=\"1\"/></w:pPr><w:rPr>",
    font!("楷体_GB2312"),
    "</w:rPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"Centred\"><w:name w:val=\"Centred\"/><w:basedOn w:val=\"Normal\"/>",
    "<w:pPr><w:spacing w:after=\"290\" w:line=\"579\" w:lineRule=\"exact\"/><w:jc w:val=\"center\"/></w:pPr><w:rPr>",
    font!("楷体_GB2312"),
    "</w:rPr></w:style>",
    // 抬头, from the edge; 落款, four characters from the other.
    "<w:style w:type=\"paragraph\" w:styleId=\"Addressee\"><w:name w:val=\"Addressee\"/><w:basedOn w:val=\"Normal\"/>",
    "<w:pPr><w:spacing w:line=\"579\" w:lineRule=\"exact\"/></w:pPr><w:rPr><w:spacing w:val=\"-5\"/></w:rPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"Signature\"><w:name w:val=\"Signature\"/><w:basedOn w:val=\"Addressee\"/>",
    "<w:pPr><w:keepLines/><w:ind w:rightChars=\"400\" w:right=\"1280\"/><w:jc w:val=\"right\"/></w:pPr></w:style>",
    // （一） in 楷体.
    "<w:style w:type=\"character\" w:styleId=\"Subheading\"><w:name w:val=\"Subheading\"/><w:rPr>",
    font!("楷体_GB2312"),
    "</w:rPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"TableText\"><w:name w:val=\"Table Text\"/><w:basedOn w:val=\"Normal\"/>",
    "<w:pPr><w:snapToGrid w:val=\"0\"/><w:jc w:val=\"center\"/></w:pPr><w:rPr>",
    font!("宋体"),
    "<w:sz w:val=\"24\"/><w:szCs w:val=\"24\"/></w:rPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"TableTextSmall\"><w:name w:val=\"Table Text Small\"/>",
    "<w:basedOn w:val=\"TableText\"/><w:rPr><w:sz w:val=\"20\"/><w:szCs w:val=\"20\"/></w:rPr></w:style>",
    "<w:style w:type=\"paragraph\" w:styleId=\"Footer\"><w:name w:val=\"footer\"/><w:basedOn w:val=\"Normal\"/><w:rPr>",
    font!("宋体"),
    "<w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/></w:rPr></w:style>",
    "<w:style w:type=\"table\" w:styleId=\"ReportTable\"><w:name w:val=\"Report Table\"/><w:basedOn w:val=\"TableNormal\"/>",
    "<w:tblPr><w:tblBorders><w:top w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>",
    "<w:left w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>",
    "<w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>",
    "<w:right w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>",
    "<w:insideH w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>",
    "<w:insideV w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/></w:tblBorders>",
    "<w:tblCellMar><w:left w:w=\"40\" w:type=\"dxa\"/><w:right w:w=\"40\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>",
    "</w:styles>",
);

/// The typefaces of official documents, each with what stands in for it on a machine that lacks it.
const FONTS: [(&str, &str, &str); 6] = [
    ("方正小标宋简体", "方正小标宋_GBK", "auto"),
    ("仿宋_GB2312", "仿宋", "modern"),
    ("楷体_GB2312", "楷体", "modern"),
    ("黑体", "SimHei", "modern"),
    ("宋体", "SimSun", "auto"),
    ("Times New Roman", "Liberation Serif", "roman"),
];

pub(super) fn font_table() -> String {
    let mut out = String::from(xml!("<w:fonts ", word_namespaces!(), ">"));
    for (name, other, family) in FONTS {
        let charset = if name.is_ascii() { "00" } else { "86" };
        out.push_str(&format!(
            "<w:font w:name=\"{name}\"><w:altName w:val=\"{other}\"/><w:charset w:val=\"{charset}\"/>\
             <w:family w:val=\"{family}\"/></w:font>"
        ));
    }
    out.push_str("</w:fonts>");
    out
}

/// — 1 — in 四号 宋体, one character from the edge of the text.
pub(super) fn footer(side: &str) -> String {
    let mut out = String::from(xml!("<w:ftr ", word_namespaces!(), ">"));
    let field = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    out.push_str(&format!(
        "<w:p><w:pPr><w:pStyle w:val=\"Footer\"/><w:ind w:leftChars=\"100\" w:left=\"280\" w:rightChars=\"100\" w:right=\"280\"/>\
         <w:jc w:val=\"{side}\"/></w:pPr><w:r><w:t xml:space=\"preserve\">— </w:t></w:r>{}\
         <w:r><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>{}<w:r><w:t>1</w:t></w:r>{}\
         <w:r><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>",
        field("begin"),
        field("separate"),
        field("end"),
    ));
    out
}
