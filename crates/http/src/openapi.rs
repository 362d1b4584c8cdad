//! The OpenAPI 3.1 document: what the handlers declare, completed with what holds for all of
//! them, so that no handler has to repeat it: the two ways to prove who one is, the form of every
//! error, and the headers that every call may carry.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, Schema, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{Components, ContentBuilder, InfoBuilder, OpenApi, Ref, RefOr, Required, ResponseBuilder, ServerBuilder};
use utoipa::{PartialSchema, ToSchema};

use utoipa_axum::router::OpenApiRouter;

use crate::ProblemBody;

/// A tag of the document with its description.
#[derive(Clone, Copy, Debug)]
pub struct Tag(pub &'static str, pub &'static str);

/// A router whose document says what its tags mean.
pub fn tagged<S: Clone + Send + Sync + 'static>(mut router: OpenApiRouter<S>, tags: &[Tag]) -> OpenApiRouter<S> {
    let texts = tags.iter().map(|t| TagBuilder::new().name(t.0).description(Some(t.1)).build());
    router.get_openapi_mut().tags.get_or_insert_default().extend(texts);
    router
}

/// Completes the document of a router.
pub fn document(mut api: OpenApi) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("Shuke")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some("Members, orders and programmes of a shop across platforms. Times are RFC 3339 in UTC, money is minor units with its currency, lists are paged by cursor, errors are application/problem+json."))
        .build();
    api.servers = Some(vec![ServerBuilder::new().url("/api/v1").build()]);
    let components = api.components.get_or_insert_with(Components::new);
    let mut needed = Vec::new();
    ProblemBody::schemas(&mut needed);
    components.schemas.extend(needed);
    components.schemas.insert("Problem".to_owned(), ProblemBody::schema());
    let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new().description("Refused, or failed").content("application/problem+json", problem).build();
    components.responses.insert("Problem".to_owned(), RefOr::T(response));
    components
        .security_schemes
        .insert("staff".to_owned(), RefOr::T(SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(crate::call::COOKIE)))));
    components
        .security_schemes
        .insert("key".to_owned(), RefOr::T(SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build())));
    for item in api.paths.paths.values_mut() {
        let safe = [&mut item.get, &mut item.head];
        for operation in safe.into_iter().flatten() {
            complete(operation, false);
        }
        let writing = [&mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in writing.into_iter().flatten() {
            complete(operation, true);
        }
    }
    api
}

fn complete(operation: &mut Operation, writes: bool) {
    operation.responses.responses.entry("default".to_owned()).or_insert_with(|| Ref::from_response_name("Problem").into());
    let secured = operation.security.as_ref().is_some_and(|s| !s.is_empty());
    let parameters = operation.parameters.get_or_insert_default();
    if secured {
        parameters.push(head("Shuke-Merchant", "The merchant that a signed-in person acts for (`mer_…`). Not needed with a key."));
        if writes {
            parameters.push(head("Shuke-Csrf", "`1`, on calls made with the session cookie."));
            parameters.push(head("Idempotency-Key", "Two requests with the same key are one request."));
        }
    }
}

fn head(name: &str, about: &str) -> RefOr<Parameter> {
    let header = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(Schema::Object(Object::with_type(Type::String))))
        .build();
    RefOr::T(header)
}
