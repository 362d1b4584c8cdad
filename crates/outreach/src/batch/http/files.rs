//! Handing over: the sheet, written while it is sent, or the webhook.

use axum::Json;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use shuke_access::merchants;
use shuke_http::{App, Call, Path, Permission, Problem, Query, codes, streamed};
use shuke_kernel::Zone;
use shuke_sheets::Format;
use shuke_store::jobs::JobId;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::batch::model::Destination;
use crate::batch::{BatchId, NOT_THIS_WAY, UNKNOWN_WORD, hand, post, service, sheet};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(download_batch)).routes(routes!(hand_over_batch))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BatchFileQuery {
    /// `csv` (default) or `xlsx`.
    format: Option<String>,
    /// `zh` or `en`: the headings. Default: the language of the request.
    language: Option<String>,
    /// The merchant, instead of the header `Shuke-Merchant`: a link that a browser follows sends no header.
    #[serde(rename = "merchant")]
    #[param(rename = "merchant")]
    _merchant: Option<String>,
}

fn format(word: Option<&str>) -> Result<Format, Problem> {
    match word {
        None | Some("csv") => Ok(Format::Csv),
        Some("xlsx") => Ok(Format::Xlsx),
        Some(other) => Err(UNKNOWN_WORD.with("word", other).with("known", "csv, xlsx").at("format").into()),
    }
}

/// Hands a batch over as the sheet of its destination, addresses in clear, written while it is sent. Taking it is audited. Rows that were given out before say so in `repeat`, and so does the file's name; whoever withdrew since is not in it.
#[utoipa::path(get, path = "/batches/{id}/file", operation_id = "download_batch", tag = "batches", params(("id" = String, Path), BatchFileQuery),
    responses((status = 200, content((String = "text/csv"), (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))),
    security(("staff" = ["batches:export"]), ("key" = ["batches:export"])))]
async fn download_batch(call: Call, Path(id): Path<BatchId>, Query(q): Query<BatchFileQuery>, method: Method) -> Result<Response, Problem> {
    let cx = call.allow(Permission::BatchesExport)?;
    if method != Method::GET {
        // Whoever only looks must not stamp rows.
        return Err(Problem::with_status(codes::METHOD.refuse(), StatusCode::METHOD_NOT_ALLOWED));
    }
    let format = format(q.format.as_deref())?;
    let zh = match q.language.as_deref() {
        None => call.lang.is_zh(),
        Some("zh") => true,
        Some("en") => false,
        Some(other) => return Err(UNKNOWN_WORD.with("word", other).with("known", "zh, en").at("language").into()),
    };
    let base = super::base(&call.app);
    let inner = cx.clone();
    let (export, zone) = call
        .app
        .store
        .write(shuke_store::Lane::Interactive, move |tx| {
            let found = service::get(tx, inner.merchant, id)?;
            if found.destination == Destination::Webhook {
                return Err(NOT_THIS_WAY.with("destination", found.destination.word()).into());
            }
            let zone = merchants::get(tx, inner.merchant)?.zone;
            Ok((hand::begin(tx, &inner, id, format.word(), base.as_deref())?, zone))
        })
        .await?;
    let repeat = if export.number > 1 { format!("-repeat{}", export.number) } else { String::new() };
    let name = format!("attachment; filename=\"{id}-{}{repeat}.{}\"", export.batch.destination.word(), format.word());
    let (store, zone) = (call.app.store.clone(), Zone::named(&zone).unwrap_or_else(Zone::shanghai));
    let body = streamed(format!("batch {id}"), move |to| sheet::write(&store, &cx, &export, format, zh, zone, to).map(|(to, _)| to));
    let headers = [(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, body).into_response())
}

/// The task that sends it.
#[derive(Serialize, Deserialize, ToSchema)]
struct BatchHandOver {
    #[schema(value_type = String, example = "job_01kc…")]
    job: JobId,
}

/// Hands a batch for `webhook` over: a task writes an event `batch.member_handed_over` for each member, which the merchant's webhooks get signed, at least once.
#[utoipa::path(post, path = "/batches/{id}/hand-over", operation_id = "hand_over_batch", tag = "batches", params(("id" = String, Path)),
    responses((status = 202, body = BatchHandOver)), security(("staff" = ["batches:export"]), ("key" = ["batches:export"])))]
async fn hand_over_batch(call: Call, Path(id): Path<BatchId>) -> Result<(StatusCode, Json<BatchHandOver>), Problem> {
    let cx = call.allow(Permission::BatchesExport)?;
    let base = super::base(&call.app);
    let job = call.write(&cx, move |tx, cx| post::start(tx, cx, id, base.as_deref())).await?;
    Ok((StatusCode::ACCEPTED, Json(BatchHandOver { job })))
}
