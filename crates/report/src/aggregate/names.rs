//! Whether two names mean the same agency: 白露镇, 青禾区白露镇 and 青禾区白露镇人民政府 do.

/// The name without blanks and without the 人民政府 or 办事处 that some write and some leave out.
pub fn key(name: &str) -> String {
    let plain: String = name.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect();
    let shortened = plain.strip_suffix("人民政府").or_else(|| plain.strip_suffix("办事处"));
    shortened.filter(|rest| rest.ends_with(['镇', '乡', '区', '县', '市', '道'])).unwrap_or(&plain).to_owned()
}

/// The same name, or one with the district before it and the other without.
pub(crate) fn is_same_agency(one: &str, other: &str) -> bool {
    let (one, other) = (key(one), key(other));
    let (longer, shorter) = if one.len() >= other.len() { (&one, &other) } else { (&other, &one) };
    if longer == shorter {
        return true;
    }
    let Some(before) = longer.strip_suffix(shorter.as_str()) else { return false };
    shorter.chars().count() >= 2 && before.ends_with(['省', '市', '区', '县', '州', '旗'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_and_without_its_district() {
        assert!(is_same_agency("青禾区白露镇", "白露镇人民政府"));
        assert!(is_same_agency("青禾区 白露镇人民政府", "青禾区白露镇"));
        assert!(is_same_agency("柳岸街道办事处", "青禾区柳岸街道"));
        assert!(is_same_agency("青禾区财政局", "财政局"));
        assert!(!is_same_agency("白露镇", "松溪镇"));
        assert!(!is_same_agency("南白露镇", "白露镇"), "another town");
        assert!(!is_same_agency("青禾区人民政府", "青禾区白露镇人民政府"));
        assert!(!is_same_agency("青禾区人民政府办公室", "青禾区人民政府"));
    }
}
