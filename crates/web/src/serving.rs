//! Connections: taken in one by one, each with a limit on how long its head may take, ended in order.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

/// A head that has not come by then does not come; a connection that is kept open without asking is closed.
pub(crate) const HEAD_TIME: Duration = Duration::from_secs(20);

/// Serves until `shutdown` resolves; answers in progress are finished.
pub(crate) async fn serve(
    site: Router,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let mut builder = Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
    let connections = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of files, or gone before it was taken: others may still come.
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut shutdown => break,
        };
        let _ = stream.set_nodelay(true);
        let answering =
            connections.watch(builder.serve_connection(TokioIo::new(stream), for_peer(site.clone(), peer)));
        tokio::spawn(async move {
            if let Err(error) = answering.await {
                tracing::debug!(error = %error, "a connection ended early");
            }
        });
    }
    drop(listener);
    connections.shutdown().await;
    Ok(())
}

/// The site, told who asks.
fn for_peer(
    site: Router,
    peer: SocketAddr,
) -> TowerToHyperService<
    impl tower::Service<hyper::Request<Incoming>, Response = Response, Error = Infallible, Future: Send> + Clone,
> {
    let with_peer = move |mut request: hyper::Request<Incoming>| -> Request {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(Body::new)
    };
    TowerToHyperService::new(site.map_request(with_peer))
}
