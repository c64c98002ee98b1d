//! Settings: built-in values, then the file, then the environment, then the command line.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::error::Kind;
use figment::providers::{Format, Serialized, Toml};
use figment::value::Value;
use gongkai_disclosure::files::FileStore;
use gongkai_disclosure::mail::{Security, SmtpSettings};
use gongkai_disclosure::publishing::official_accounts::{Accounts, OfficialAccount, wechat, weibo};
use gongkai_web::palette::Palette;
use serde::{Deserialize, Serialize};

/// Every setting there is. `docs/operating/gongkai.toml` explains each; a test compares the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) listen: String,
    /// Empty: a SQLite file in the data folder.
    pub(crate) database: String,
    pub(crate) log: String,
    /// The portals of single agencies, beside the one of all.
    pub(crate) portals: Vec<Portal>,
    pub(crate) site: Site,
    pub(crate) uploads: Uploads,
    pub(crate) fonts: Fonts,
    pub(crate) cookies: Cookies,
    pub(crate) privacy: Privacy,
    pub(crate) mail: Mail,
    pub(crate) official_accounts: OfficialAccounts,
    pub(crate) webhooks: Webhooks,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Site {
    pub(crate) name: String,
    pub(crate) organisation: String,
    pub(crate) phone: String,
    pub(crate) address: String,
    pub(crate) office_hours: String,
    pub(crate) registrations: Vec<String>,
    pub(crate) domain: String,
    pub(crate) code: String,
    pub(crate) colour: Palette,
}

/// 一个机关自己的门户.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Portal {
    pub(crate) domain: String,
    /// Code of the agency; those below it belong to the portal, too.
    pub(crate) agency: String,
    pub(crate) name: String,
    pub(crate) organisation: String,
    pub(crate) colour: Palette,
    pub(crate) phone: String,
    pub(crate) address: String,
    pub(crate) office_hours: String,
    pub(crate) registrations: Vec<String>,
    pub(crate) code: String,
}

impl Config {
    /// The portals as they are set, when each is complete and can be told from the others.
    pub(crate) fn portals(&self) -> anyhow::Result<&[Portal]> {
        for (number, portal) in (1..).zip(&self.portals) {
            let Portal { domain, agency, name, organisation, .. } = portal;
            let wrong = |what: String| {
                let shown = if domain.is_empty() { String::new() } else { format!("（{domain}）") };
                anyhow::anyhow!("设置 portals 第 {number} 项{shown}{what}")
            };
            let needed =
                [("domain", domain), ("agency", agency), ("name", name), ("organisation", organisation)];
            if let Some((field, _)) = needed.iter().find(|(_, value)| value.trim().is_empty()) {
                return Err(wrong(format!("缺少 {field}，请补上。")));
            }
            let is_host = domain.chars().all(|c| c.is_ascii_alphanumeric() || ".:-".contains(c));
            if !is_host {
                return Err(wrong(
                    "的 domain 只写域名，例如 songxi.qinghe.gov.cn，不写 https:// 和后面的路径。".into(),
                ));
            }
            let before = self.portals.iter().take(number - 1).map(|portal| &portal.domain);
            if before.chain([&self.site.domain]).any(|other| other.eq_ignore_ascii_case(domain)) {
                return Err(wrong("的 domain 已经用于另一个门户，请换一个域名。".into()));
            }
        }
        Ok(&self.portals)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Uploads {
    pub(crate) limit_mb: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fonts {
    pub(crate) folders: Vec<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cookies {
    pub(crate) secure: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Privacy {
    /// Empty: `keys.toml` in the data folder.
    pub(crate) key_file: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mail {
    /// Empty: letters stay in the outbox.
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: MailSecurity,
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) from: String,
}

/// 政务新媒体.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfficialAccounts {
    /// How the portal is called from outside.
    pub(crate) portal: String,
    pub(crate) accounts: Vec<AccountSettings>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct AccountSettings {
    pub(crate) agency: String,
    pub(crate) channel: String,
    /// Empty: the official one.
    pub(crate) address: String,
    pub(crate) app_id: String,
    pub(crate) app_secret: String,
    pub(crate) cover_media_id: String,
    pub(crate) access_token: String,
}

impl AccountSettings {
    /// The account, by the code of its agency.
    fn account(&self) -> anyhow::Result<(String, Box<dyn OfficialAccount>)> {
        let lacks = |name: &str| {
            anyhow::anyhow!(
                "设置 official_accounts.accounts 中机关“{}”的账号缺少 {name}，请补上。",
                self.agency
            )
        };
        if self.agency.is_empty() {
            return Err(lacks("agency"));
        }
        let account: Box<dyn OfficialAccount> = match self.channel.as_str() {
            "wechat" => {
                if self.app_id.is_empty() || self.app_secret.is_empty() {
                    return Err(lacks("app_id 或者 app_secret"));
                }
                Box::new(wechat::WeChat::new(wechat::Settings {
                    address: self.address.clone(),
                    app_id: self.app_id.clone(),
                    app_secret: self.app_secret.clone(),
                    cover_media_id: self.cover_media_id.clone(),
                }))
            }
            "weibo" => {
                if self.access_token.is_empty() {
                    return Err(lacks("access_token"));
                }
                Box::new(weibo::Weibo::new(weibo::Settings {
                    address: self.address.clone(),
                    access_token: self.access_token.clone(),
                }))
            }
            other => anyhow::bail!(
                "设置 official_accounts.accounts 的 channel 不能是“{other}”，可以是 wechat、weibo。"
            ),
        };
        Ok((self.agency.clone(), account))
    }
}

impl OfficialAccounts {
    /// `None` when neither an account nor the address of the portal is set.
    pub(crate) fn open(&self, files: FileStore) -> anyhow::Result<Option<Accounts>> {
        if self.accounts.is_empty() && self.portal.is_empty() {
            return Ok(None);
        }
        let accounts =
            self.accounts.iter().map(AccountSettings::account).collect::<anyhow::Result<Vec<_>>>()?;
        Ok(Some(Accounts::new(accounts, files, &self.portal)))
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webhooks {
    pub(crate) private_networks: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MailSecurity {
    None,
    StartTls,
    Tls,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: "127.0.0.1:8080".into(),
            database: String::new(),
            log: "info".into(),
            portals: Vec::new(),
            site: Site {
                name: "政府信息公开".into(),
                organisation: String::new(),
                phone: String::new(),
                address: String::new(),
                office_hours: String::new(),
                registrations: Vec::new(),
                domain: String::new(),
                code: String::new(),
                colour: Palette::default(),
            },
            uploads: Uploads { limit_mb: 50 },
            fonts: Fonts { folders: Vec::new() },
            cookies: Cookies { secure: false },
            privacy: Privacy { key_file: String::new() },
            mail: Mail {
                host: String::new(),
                port: 587,
                security: MailSecurity::StartTls,
                username: String::new(),
                password: String::new(),
                from: String::new(),
            },
            official_accounts: OfficialAccounts { portal: String::new(), accounts: Vec::new() },
            webhooks: Webhooks { private_networks: false },
        }
    }
}

impl Mail {
    /// What the post office needs; `None` when no server is set.
    pub(crate) fn settings(&self) -> Option<SmtpSettings> {
        (!self.host.is_empty()).then(|| SmtpSettings {
            host: self.host.clone(),
            port: self.port,
            security: match self.security {
                MailSecurity::None => Security::None,
                MailSecurity::StartTls => Security::StartTls,
                MailSecurity::Tls => Security::Tls,
            },
            username: self.username.clone(),
            password: self.password.clone(),
            from: self.from.clone(),
        })
    }
}

const PREFIX: &str = "GONGKAI_";

/// Variables with the prefix that are no settings: they say where the settings are, or belong to tests.
const NO_SETTINGS: [&str; 3] = ["data", "config", "update"];

/// Settings that are not text; everything else is taken from the environment letter by letter, so that a
/// password of digits stays one.
const NOT_TEXT: [&str; 8] = [
    "portals",
    "mail.port",
    "uploads.limit_mb",
    "fonts.folders",
    "cookies.secure",
    "site.registrations",
    "official_accounts.accounts",
    "webhooks.private_networks",
];

/// Reads the settings: over the built-in ones `chosen`, a file that must be there, or `usual`, one that may
/// be; then the environment; then `flags`.
pub(crate) fn read(
    built_in: &Config,
    chosen: Option<&Path>,
    usual: &Path,
    environment: impl Iterator<Item = (String, String)>,
    flags: &[(&str, Option<&str>)],
) -> anyhow::Result<Config> {
    let file: PathBuf = chosen.unwrap_or(usual).into();
    if chosen.is_some() && !file.is_file() {
        anyhow::bail!("找不到配置文件 {}，请核对 --config 的路径。", file.display());
    }
    let mut settings = Figment::from(Serialized::defaults(built_in));
    if file.is_file() {
        settings = settings.merge(Toml::file_exact(&file));
    }
    for (key, value) in environment.filter_map(setting) {
        let value = if NOT_TEXT.contains(&key.as_str()) {
            value.parse().unwrap_or(Value::from(value))
        } else {
            Value::from(value)
        };
        settings = settings.merge(Serialized::global(&key, value));
    }
    for (key, value) in flags {
        if let Some(value) = value {
            settings = settings.merge(Serialized::global(key, *value));
        }
    }
    settings.extract().map_err(|error| complaint(&error, &file))
}

/// `GONGKAI_MAIL__HOST` is `mail.host`.
fn setting((name, value): (String, String)) -> Option<(String, String)> {
    let key = name.strip_prefix(PREFIX)?.to_ascii_lowercase().replace("__", ".");
    let is_setting = !NO_SETTINGS.contains(&key.as_str()) && !key.starts_with("test_");
    is_setting.then_some((key, value))
}

/// The first thing wrong with the settings, in one line that says where.
fn complaint(error: &figment::Error, file: &Path) -> anyhow::Error {
    let mut path = error.path.join(".");
    let file = file.display();
    let hint = "各项设置的写法见 docs/operating/gongkai.toml。";
    let what = match &error.kind {
        Kind::UnknownField(field, known) => {
            if path.is_empty() {
                path = field.clone();
            }
            format!("没有设置项“{path}”，可以是 {}", known.join("、"))
        }
        Kind::UnknownVariant(value, known) => {
            format!("设置“{path}”不能是“{value}”，可以是 {}", known.join("、"))
        }
        Kind::InvalidType(actual, _) | Kind::InvalidValue(actual, _) => {
            format!("设置“{path}”的内容 {actual} 类型不对")
        }
        Kind::Message(message) => {
            let line = message.lines().next().unwrap_or_default();
            return anyhow::anyhow!("配置文件 {file} 不是有效的 TOML（{line}），请修改。{hint}");
        }
        _ => format!("设置“{path}”有误"),
    };
    anyhow::anyhow!("{what}；请检查配置文件 {file} 和 GONGKAI_ 开头的环境变量。{hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPLAINED: &str = include_str!("../../../docs/operating/gongkai.toml");

    fn from(
        toml: &str,
        environment: &[(&str, &str)],
        flags: &[(&str, Option<&str>)],
    ) -> anyhow::Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gongkai.toml");
        std::fs::write(&file, toml).unwrap();
        let environment = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        read(&Config::default(), None, &file, environment, flags)
    }

    #[test]
    fn the_explained_file_holds_every_setting_with_its_built_in_value() {
        let mut told: toml::Table = EXPLAINED.parse().unwrap();
        let built_in = toml::Table::try_from(Config::default()).unwrap();
        assert_eq!(told, built_in, "settings in the file and in the program differ");
        told.remove("mail");
        assert_ne!(told, built_in);
    }

    #[test]
    fn every_setting_of_the_file_is_explained_by_a_comment_above_it() {
        let lines: Vec<&str> = EXPLAINED.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            if line.contains(" = ") && !line.starts_with('#') {
                assert!(at > 0 && lines[at - 1].starts_with('#'), "line {}: {line}", at + 1);
            }
        }
    }

    #[test]
    fn a_portal_is_complete_and_has_a_name_of_its_own() {
        let portal =
            "[[portals]]\ndomain = 'sx.example'\nagency = 'songxi'\nname = '松溪'\norganisation = '镇政府'\n";
        let config = from(&format!("{portal}colour = 'pine'"), &[], &[]).unwrap();
        assert_eq!(config.portals().unwrap()[0].colour, Palette::Pine);
        for (toml, told) in [
            (portal.replace("name = '松溪'", ""), "设置 portals 第 1 项（sx.example）缺少 name"),
            (portal.replace("sx.example", ""), "设置 portals 第 1 项缺少 domain"),
            (portal.replace("sx.example", "https://sx.example/"), "只写域名"),
            (portal.repeat(2), "设置 portals 第 2 项（sx.example）的 domain 已经用于另一个门户"),
            (format!("{portal}[site]\ndomain = 'SX.example'"), "第 1 项（sx.example）的 domain 已经用于"),
        ] {
            let error = from(&toml, &[], &[]).unwrap().portals().unwrap_err().to_string();
            assert!(error.contains(told), "{toml} → {error}");
        }
        let red = from(&format!("{portal}colour = 'red'"), &[], &[]).unwrap_err().to_string();
        assert!(red.contains("colour”不能是“red”，可以是 teal、pine"), "{red}");
        let red = from("[site]\ncolour = 'red'", &[], &[]).unwrap_err().to_string();
        assert!(red.contains("设置“site.colour”不能是“red”"), "{red}");
    }

    #[test]
    fn later_sources_win() {
        let file = "listen = '127.0.0.1:1'\n[site]\nname = '文件'\n";
        let config = from(file, &[], &[]).unwrap();
        assert_eq!((config.listen.as_str(), config.site.name.as_str()), ("127.0.0.1:1", "文件"));
        assert_eq!(config.site.organisation, "", "what the file leaves out keeps its built-in value");

        let environment = [("GONGKAI_LISTEN", "127.0.0.1:2"), ("GONGKAI_SITE__NAME", "环境"), ("HOME", "/x")];
        let config =
            from(file, &environment, &[("listen", Some("127.0.0.1:3")), ("database", None)]).unwrap();
        assert_eq!((config.listen.as_str(), config.site.name.as_str()), ("127.0.0.1:3", "环境"));
    }

    #[test]
    fn a_password_of_digits_stays_text_and_a_port_becomes_a_number() {
        let environment =
            [("GONGKAI_MAIL__PASSWORD", "007"), ("GONGKAI_MAIL__PORT", "25"), ("GONGKAI_TEST_POSTGRES", "x")];
        let config = from("", &environment, &[]).unwrap();
        assert_eq!((config.mail.password.as_str(), config.mail.port), ("007", 25));
    }

    #[test]
    fn mistakes_are_told_in_one_line_that_names_them() {
        for (toml, environment, expected) in [
            ("lisen = 'x'", None, "没有设置项“lisen”"),
            ("[mail]\nprot = 25", None, "没有设置项“mail.prot”"),
            ("[mail]\nport = 'x'", None, "设置“mail.port”的内容"),
            ("[mail]\nsecurity = 'ssl'", None, "设置“mail.security”不能是“ssl”，可以是 none、starttls、tls"),
            ("listen = ", None, "不是有效的 TOML"),
            ("", Some(("GONGKAI_COOKIES__SECURE", "perhaps")), "设置“cookies.secure”"),
        ] {
            let message = from(toml, environment.as_slice(), &[]).unwrap_err().to_string();
            assert!(message.contains(expected) && !message.contains('\n'), "{toml} → {message}");
        }
        let missing = read(
            &Config::default(),
            Some(Path::new("/没有/gongkai.toml")),
            Path::new(""),
            std::iter::empty(),
            &[],
        );
        assert!(missing.unwrap_err().to_string().contains("找不到配置文件 /没有/gongkai.toml"));
    }
}
