//! The connection to the organisation's mail server.

use std::time::Duration;

use anyhow::Context;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::Letter;

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Not at all: for a server on this machine or a trusted line.
    None,
    /// Starts open and must change to TLS, usually on port 587.
    StartTls,
    /// TLS from the start, usually on port 465.
    Tls,
}

/// Where and as whom to send.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Empty: the server asks for no name.
    pub username: String,
    pub password: String,
    /// `某某区政府信息公开 <gongkai@example.cn>`, or the address alone.
    pub from: String,
}

/// A mail server to hand letters to.
pub struct PostOffice {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    domain: String,
}

impl PostOffice {
    /// Reads the settings; does not connect yet.
    ///
    /// # Errors
    /// One sentence in Chinese that names the setting at fault.
    pub fn new(settings: &SmtpSettings) -> Result<PostOffice, String> {
        let from: Mailbox = settings.from.parse().map_err(|_| {
            format!("发件人地址“{}”无法识别，请写成“名称 <name@example.cn>”。", settings.from)
        })?;
        let tls = || {
            TlsParameters::new(settings.host.clone())
                .map_err(|_| format!("邮件服务器名称“{}”不能用于加密连接，请核对。", settings.host))
        };
        let security = match settings.security {
            Security::None => Tls::None,
            Security::StartTls => Tls::Required(tls()?),
            Security::Tls => Tls::Wrapper(tls()?),
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(security)
            .timeout(Some(Duration::from_secs(30)));
        if !settings.username.is_empty() {
            let credentials = Credentials::new(settings.username.clone(), settings.password.clone());
            transport = transport.credentials(credentials);
        }
        let domain = from.email.domain().to_owned();
        Ok(PostOffice { transport: transport.build(), from, domain })
    }

    /// Hands one letter over. Its message id is its own, so a mail program shows a second copy as the same.
    pub async fn deliver(&self, letter: &Letter) -> anyhow::Result<()> {
        let to: Mailbox =
            letter.recipient.parse().with_context(|| format!("收件人地址“{}”无法识别", letter.recipient))?;
        let mut message = Message::builder()
            .message_id(Some(format!("<{}@{}>", letter.id, self.domain)))
            .from(self.from.clone())
            .to(to)
            .subject(&letter.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body.clone())
            .context("邮件无法成文")?;
        if !letter.unsubscribe.is_empty() {
            let mut add = |name, value| {
                message
                    .headers_mut()
                    .insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str(name), value));
            };
            add("List-Unsubscribe", format!("<{}>", letter.unsubscribe));
            add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into());
        }
        self.transport.send(message).await.context("邮件服务器没有接收")?;
        Ok(())
    }

    /// Whether the server answers, for `gongkai doctor`.
    pub async fn answers(&self) -> anyhow::Result<bool> {
        Ok(self.transport.test_connection().await?)
    }
}
