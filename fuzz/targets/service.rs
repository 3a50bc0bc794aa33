//! Answers of a service, read through each built-in description: values, pages, error envelopes.

use std::fmt::Debug;
use std::sync::{Arc, LazyLock};

use brainmaps::domain::{Origin, Secret, TokenId};
use brainmaps::http::{Client, Request, Response, header};
use brainmaps::provider::{Catalog, Descriptor};
use brainmaps::service::{ApiTransport, NewToken, Service, ServiceError};
use jiff::Timestamp;

use super::wire::{Canned, SENT, client, confidential, printed, runtime};

/// Read once: it would take most of the time of an input.
static SERVICES: LazyLock<Vec<Descriptor>> = LazyLock::new(|| {
    let catalog = Catalog::new("/nonexistent".into());
    let found = |id: &String| catalog.find(&id.parse().unwrap()).unwrap();
    let ids = catalog.ids();
    ids.iter().map(|id| found(id).descriptor).collect()
});

struct Signed(Client);

impl ApiTransport for Signed {
    type Error = ServiceError;

    fn server_time(&self, _origin: &Origin) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    async fn send(&self, request: Request) -> Result<Response, ServiceError> {
        let origin = "https://api.example.com".parse().unwrap();
        let value = Secret::new(format!("Token {SENT}"));
        let request = request.authorize(&origin, header::AUTHORIZATION, &value)?;
        Ok(self.0.send(request).await?)
    }
}

/// Every call of every service. What a service says of what it refuses is quoted without the credential.
pub(crate) fn service(bytes: &[u8]) {
    let runtime = runtime();
    for descriptor in SERVICES.iter() {
        let all = async |canned: &Arc<Canned>| {
            let channel = Signed(client(canned, confidential));
            let service = Service {
                descriptor,
                base_url: "https://api.example.com".parse().unwrap(),
                transport: &channel,
            };
            reading(&service).await;
            writing(&service).await;
        };
        runtime.block_on(all(&Canned::of(bytes)));
    }
}

async fn reading(service: &Service<'_, Signed>) {
    judge(service.whoami().await);
    judge(service.get_token(&TokenId::new("1")).await);
    judge(
        service
            .find_token_by_key(&Secret::new("key-of-somebody-0123456789"))
            .await,
    );
    let Ok(mut pages) = service.token_pages(None) else {
        return;
    };
    for _ in 0..30 {
        match pages.next_page().await {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(error) => return judge::<()>(Err(error)),
        }
    }
}

async fn writing(service: &Service<'_, Signed>) {
    if let Ok(created) = service.create_token(&NewToken::default()).await {
        assert!(!created.secret.is_empty());
        assert!(
            !format!("{created:?}").contains(created.secret.expose())
                || created.secret.expose().len() < 12
        );
    }
    judge(service.update_token(&TokenId::new("1"), false).await);
    judge(service.revoke_token(&TokenId::new("1")).await);
    judge(service.revoke_many(None).await);
    judge(service.logout(Some("1")).await);
    judge(service.resend_verification().await);
    let secret = Secret::new(SENT);
    for session in [
        service.password_login("ada", &secret).await,
        service.refresh(&secret).await,
    ] {
        let is_sound = |secret: &Secret| secret.is_visible_ascii();
        assert!(session.as_ref().map_or(true, |it| is_sound(&it.secret)));
        judge(session);
    }
}

fn judge<T: Debug>(outcome: Result<T, ServiceError>) {
    if let Err(error) = outcome {
        confidential(&printed(&error));
    }
}
