//! Connections: taken in one by one, each with a limit on how long its head may take, ended in order.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::at_hand;
use crate::state::App;

/// A head that has not come by then does not come; a connection that is kept open without asking is closed.
pub(crate) const HEAD_TIME: Duration = Duration::from_secs(20);

/// Serves until `shutdown` resolves; answers in progress are finished.
pub(crate) async fn serve(
    app: App,
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
            builder.serve_connection(TokioIo::new(stream), for_peer(app.clone(), site.clone(), peer));
        let answering = connections.watch(answering);
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

/// The site, told who asks; before it, what is at hand.
fn for_peer(
    app: App,
    site: Router,
    peer: SocketAddr,
) -> impl HttpService<Incoming, ResBody = Body, Error = Infallible, Future: Send> {
    service_fn(move |mut request: hyper::Request<Incoming>| {
        let asked = match at_hand::answer(&app, &request) {
            Some(answer) => Err(answer),
            None => {
                request.extensions_mut().insert(ConnectInfo(peer));
                Ok(site.clone().oneshot(request.map(Body::new)))
            }
        };
        async move {
            match asked {
                Ok(asked) => asked.await,
                Err(answer) => Ok(answer),
            }
        }
    })
}
