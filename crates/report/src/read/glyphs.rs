//! Characters that look right and are not: radicals that PDF files give for the characters they are drawn like, the
//! traditional forms and the pinyin of mirror sites.

use std::borrow::Cow;
use std::sync::LazyLock;

/// The characters of U+2F00 to U+2FD5, in order.
const KANGXI: &str = "\
一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴\
廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿\
目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵\
邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";
/// Radicals of the supplement, each followed by its character.
const RADICALS: &str =
    "⺠民⻄西⻅见⻆角⻔门⻚页⻓长⻋车⻉贝⻛风⻜飞⻝食⻢马⻥鱼⻦鸟⻩黄⻬齐⻰龙⻳龟⺟母⻘青⻣骨⻤鬼";
/// Traditional forms of what stands in labels, headings, counted things and the names of agencies and places, each
/// followed by the simplified one. None is a character of simplified text.
const TRADITIONAL: &str = "\
開开報报區区總总體体況况應应處处給给書书會会與与關关時时實实發发數数據据項项類类結结轉转團团織织業业機机構构維维護护糾纠審审訴诉訟讼復复複复議议規规範范檔档許许罰罚強强費费務务對对購购採采額额單单萬万產产內内動动過过\
為为屬属於于國国祕秘獲获係系請请無无當当確确認认補补繼继續续辦办繳缴納纳現现製制穩稳執执詢询沒没舉举訪访經经別别計计條条廢废減减標标題题縣县鎮镇鄉乡廳厅鑒鉴責责圖图訓训級级\
問问進进網网絡络電电郵邮遞递個个見见統统聯联來来檢检監监測测設设備备領领導导簡简點点農农財财預预決决頻频視视號号眾众傳传資资質质該该這这還还從从戶户廣广場场優优積积極极種种義义習习貫贯徹彻圍围繞绕億亿筆笔徵征權权術术衛卫環环員员門门聞闻頁页隊队組组專专館馆園园節节鍵键試试驗验舊旧歷历雜杂誤误調调讀读識识話话說说讓让論论\
東东觀观臺台灣湾寧宁蘇苏陝陕肅肃貴贵雲云遼辽瀋沈龍龙慶庆濟济漢汉長长濱滨鄭郑蘭兰銀银烏乌魯鲁齊齐爾尔華华嶺岭陽阳陰阴\
島岛灘滩橋桥莊庄漁渔劃划勞劳黨党運运輸输賓宾稅税價价礦矿氣气鐵铁鋼钢車车醫医藥药療疗險险殘残婦妇僑侨顧顾階阶層层黃黄\
馬马鳳凤鶴鹤鴻鸿麗丽齡龄豐丰贛赣滬沪瓊琼瀘泸潁颍渦涡澤泽滄沧潤润溝沟淵渊灤滦瑤瑶畢毕盧卢盤盘禮礼穎颖紅红紹绍綏绥綿绵\
羅罗聖圣臨临興兴藍蓝蕪芜薊蓟藝艺葉叶蔣蒋蓮莲裝装諸诸謝谢譚谭貝贝賀贺賴赖趙赵輝辉輪轮邊边遙遥遠远適适遷迁鄧邓鄰邻釣钓\
鈴铃錦锦錫锡鎖锁鏡镜閔闵閣阁閩闽陳陈陸陆隨随難难雙双離离雞鸡靜静韓韩順顺頭头頤颐顏颜風风飛飞馮冯駐驻魚鱼鯉鲤鳥鸟鹽盐\
麥麦龔龚龜龟岡冈崗岗峽峡嶗崂嶽岳巖岩帶带庫库彌弥張张懷怀懸悬擴扩撫抚晉晋暉晖曉晓棗枣楊杨榮荣樂乐樓楼樹树橫横欒栾歐欧\
淺浅渾浑湯汤漣涟潔洁濃浓濕湿濰潍灃沣災灾獅狮獨独瑪玛禪禅稱称窪洼競竞筍笋糧粮紡纺紀纪約约絲丝綜综綠绿縱纵績绩聲声職职\
膠胶蒼苍蘆芦蘄蕲虛虚訂订記记誠诚語语課课講讲證证貨货貿贸賽赛躍跃軍军載载達达選选錄录間间閱阅際际靈灵須须養养鮮鲜鷹鹰\
劍剑劉刘勝胜協协壽寿奧奥孫孙學学寶宝將将廟庙戰战揚扬換换攝摄敗败汙污涼凉潛潜瀏浏灑洒熱热燈灯牽牵猶犹畫画癥症矯矫碼码\
礎础稜棱窩窝築筑粵粤紐纽緣缘緯纬縉缙繩绳纖纤聰聪腦脑蕭萧薩萨蘿萝覽览訊讯詔诏誌志誼谊諾诺豎竖貢贡賞赏趕赶軒轩輔辅鄒邹\
酈郦鈞钧鉛铅鋪铺鍾钟閃闪閘闸闕阙闡阐陘陉雋隽雖虽韻韵頂顶顯显餅饼駿骏騰腾鬱郁鯨鲸鳴鸣鵬鹏鸚鹦";

/// The text with every radical replaced by its character, one for one; and without pinyin, where it is all over.
pub(super) fn sound(text: &str) -> Cow<'_, str> {
    let is_radical = |c: char| ('\u{2e80}'..='\u{2fd5}').contains(&c);
    let mut text = Cow::Borrowed(text);
    // In UTF-8 they begin with E2 BA to E2 BF, as little else does.
    let may_be_one = |two: &[u8]| two[0] == 0xe2 && two[1] >= 0xba;
    if text.as_bytes().windows(2).any(may_be_one) && text.chars().any(is_radical) {
        text = Cow::Owned(text.chars().map(|c| if is_radical(c) { character(c) } else { c }).collect());
    }
    match pinyin(&text) {
        glosses if glosses.len() < 10 => text,
        glosses => {
            let mut kept = String::with_capacity(text.len());
            let mut from = 0;
            for (start, end) in glosses {
                kept.push_str(&text[from..start]);
                from = end;
            }
            kept.push_str(&text[from..]);
            Cow::Owned(kept)
        }
    }
}

fn character(radical: char) -> char {
    let index = (radical as usize).checked_sub(0x2f00);
    let listed = index.and_then(|index| KANGXI.chars().nth(index));
    listed.or_else(|| paired(RADICALS, radical)).unwrap_or(radical)
}

/// The simplified form of a character of the labels.
pub(crate) fn simplified(c: char) -> char {
    const FIRST: usize = 0x4e00;
    static FORMS: LazyLock<Vec<char>> = LazyLock::new(|| {
        let mut forms: Vec<char> = ('\u{4e00}'..='\u{9fff}').collect();
        let mut chars = TRADITIONAL.chars();
        while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
            forms[from as usize - FIRST] = to;
        }
        forms
    });
    (c as usize).checked_sub(FIRST).and_then(|index| FORMS.get(index)).copied().unwrap_or(c)
}

fn paired(pairs: &str, c: char) -> Option<char> {
    let mut chars = pairs.chars();
    while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
        if from == c {
            return Some(to);
        }
    }
    None
}

/// Where a character is followed by its sound in brackets: 文(wén)件(jiàn).
fn pinyin(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices('(') {
        let after_character = text[..start].ends_with(|c: char| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let Some(length) = text.as_bytes()[start..].iter().take(25).position(|byte| *byte == b')') else {
            continue;
        };
        if length < 2 {
            continue;
        }
        let inside = &text[start + 1..start + length];
        let sound =
            |c: char| c.is_ascii_lowercase() || ('\u{e0}'..='\u{1dc}').contains(&c) && c.is_alphabetic();
        if after_character && inside.trim_matches(['(', ')']).chars().all(|c| sound(c) || c == '(') {
            let end = start + length + 1;
            let end = if text[end..].starts_with(')') { end + 1 } else { end };
            if found.last().is_none_or(|(_, last)| *last <= start) {
                found.push((start, end));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radicals_become_characters() {
        assert_eq!(sound("⼀、总体情况，⽣⽤⻘⽲区"), "一、总体情况，生用青禾区");
        assert!(matches!(sound("一、总体情况"), Cow::Borrowed(_)));
    }

    #[test]
    fn pinyin_is_left_out_where_it_is_all_over() {
        let glossed = "公(gong)開(kāi)信(xìn)息(xi)".repeat(4);
        assert_eq!(sound(&glossed), "公開信息".repeat(4));
        assert_eq!(sound("联系(email)我们"), "联系(email)我们");
    }

    #[test]
    fn labels_in_traditional_characters() {
        let plain = |text: &str| text.chars().map(simplified).collect::<String>();
        assert_eq!(plain("總計"), "总计");
        assert_eq!(plain("龍巖縣衛生和計劃委員會醫療保障局"), "龙岩县卫生和计划委员会医疗保障局");
        assert_eq!(plain("興華區環境運輸觀測廳"), "兴华区环境运输观测厅");
        let forms: Vec<char> = TRADITIONAL.chars().collect();
        assert!(forms.chunks(2).all(|pair| pair[0] != pair[1] && simplified(pair[1]) == pair[1]));
    }
}
