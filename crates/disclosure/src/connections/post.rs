//! Sending to an address outside: only to networks that are public, without following anyone elsewhere, signed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

use super::{ConnectionRefusal as Refusal, Delivery};

/// How long the whole of one try may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where may be sent to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// Also to addresses of inner networks, and without TLS: for an office whose systems stand in its own network.
    pub private_networks: bool,
}

/// `v1=…`: HMAC-SHA256 over the moment, a dot and the bytes sent. The moment is signed too, so that an old message
/// cannot be sent again as a new one.
pub fn signature(secret: &str, at: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of every length");
    mac.update(at.to_string().as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    format!("v1={}", hex::encode(mac.finalize().into_bytes()))
}

/// Whether an address belongs to the public internet: not this machine, not an inner network, nothing reserved.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    !(v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19)))
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let parts = v6.segments();
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    // Addresses that carry one of the old kind are judged by it.
    if let Some(v4) = v6.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    match parts {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => inner(high, low),
        [0x2001, 0xdb8, ..] | [0x2001, 0, ..] | [0x3fff, ..] => false,
        // What is given out to the public begins with 001.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

impl Outgoing {
    /// Reads an address that someone wants to be told at.
    pub fn check(self, url: &str) -> Result<Url, Refusal> {
        let url = Url::parse(url).map_err(|_| Refusal::UrlUnreadable)?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || url.as_str().len() > 500 {
            return Err(Refusal::UrlUnreadable);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::UrlWithPassword);
        }
        if self.private_networks {
            return Ok(url);
        }
        if url.scheme() != "https" {
            return Err(Refusal::UrlNotSecure);
        }
        let is_inner = match url.host() {
            Some(Host::Ipv4(v4)) => !is_public_v4(v4),
            Some(Host::Ipv6(v6)) => !is_public_v6(v6),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.').to_ascii_lowercase();
                name == "localhost"
                    || name.ends_with(".localhost")
                    || name.ends_with(".local")
                    || !name.contains('.')
            }
            None => true,
        };
        if is_inner { Err(Refusal::UrlPrivate) } else { Ok(url) }
    }

    /// Sends; an answer other than 2xx is a failure.
    pub(super) async fn post(
        self,
        url: &str,
        secret: &str,
        delivery: &Delivery,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let url = self.check(url).map_err(|refusal| anyhow::anyhow!("{refusal}"))?;
        let sending = self.send(&url, secret, delivery, now);
        let status = tokio::time::timeout(TIMEOUT, sending).await.context("对方 10 秒内没有答复")??;
        ensure!((200..300).contains(&status), "对方答复 {status}");
        Ok(())
    }

    async fn send(self, url: &Url, secret: &str, delivery: &Delivery, now: Timestamp) -> anyhow::Result<u16> {
        let host = url.host_str().context("地址里没有主机")?;
        let port = url.port_or_known_default().context("地址里没有端口")?;
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let at = now.as_second();
        let body = &delivery.payload;
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let request = format!(
            "POST {target} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\nUser-Agent: Gongkai-Webhook/1\r\n\
             X-Gongkai-Event: {}\r\nX-Gongkai-Delivery: {}\r\nX-Gongkai-Timestamp: {at}\r\n\
             X-Gongkai-Signature: {}\r\n\r\n{body}",
            body.len(),
            delivery.event,
            delivery.id,
            signature(secret, at, body),
        );
        let stream =
            TcpStream::connect(self.resolve(host, port).await?.as_slice()).await.context("连不上对方")?;
        if url.scheme() == "https" {
            let name =
                ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).context("主机名无法识别")?;
            let secured =
                TlsConnector::from(trusting()?).connect(name, stream).await.context("对方的证书不可信")?;
            exchange(secured, &request).await
        } else {
            exchange(stream, &request).await
        }
    }

    /// The addresses behind a name, looked up once: what is checked is what is connected to. One inner address among
    /// them and none is used.
    async fn resolve(self, host: &str, port: u16) -> anyhow::Result<Vec<SocketAddr>> {
        let host = host.trim_matches(['[', ']']);
        let found: Vec<SocketAddr> = lookup_host((host, port)).await.context("找不到对方主机")?.collect();
        ensure!(!found.is_empty(), "找不到对方主机");
        if !self.private_networks && !found.iter().all(|address| is_public(address.ip())) {
            bail!("{}", Refusal::UrlPrivate);
        }
        Ok(found)
    }
}

/// Sends a request and reads the status of the answer; the rest of it is nobody's business.
async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> anyhow::Result<u16> {
    stream.write_all(request.as_bytes()).await.context("没有发送完")?;
    stream.flush().await.context("没有发送完")?;
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < 256 && stream.read(&mut byte).await.context("对方中断了连接")? == 1 && byte[0] != b'\n'
    {
        line.push(byte[0]);
    }
    let line = String::from_utf8_lossy(&line);
    let status =
        line.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)).and_then(|code| code.parse().ok());
    status.context("对方的答复不是 HTTP")
}

/// The authorities this machine trusts, read once.
fn trusting() -> anyhow::Result<Arc<ClientConfig>> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(known) = CONFIG.get() {
        return Ok(known.clone());
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    ensure!(!roots.is_empty(), "这台机器上没有受信任的证书，请安装 ca-certificates");
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(CONFIG.get_or_init(|| Arc::new(config)).clone())
}
